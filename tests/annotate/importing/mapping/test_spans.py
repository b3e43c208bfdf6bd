"""The mappings of published files with spans, on rows written here."""

from typing import Any

import pytest

from annotate.definition import parse_definition
from annotate.importing.mapping import mapping
from annotate.importing.problems import RowProblem

FINE: dict[str, Any] = {
    "question": "When?",
    "passages": [["Title", "First.", "Second."], ["Other", "Third."]],
    "gold": "Then.",
    "prediction 1": "On Monday. 🙂 On Monday.",
    "prediction 2": "Two",
    "prediction 3": "Three",
    "prediction 4": "Four",
    "feedback": {
        "errors": [
            {"error type": "Redundant", "explanation": "On Monday.", "start": 13, "end": 23},
            {
                "error type": "Wrong-Grounding",
                "explanation": '{"passage_id":2,"sentence_id":[0, 1]}',
                "start": 3,
                "end": 9,
            },
        ],
        "missing-info": [{"error type": "Missing-Answer", "passage_id": 1, "sentence_id": [2]}],
        "corrected-prediction": "On Tuesday.",
    },
    "preference": [1, 2, 0, 1, 1, 2],
}
HALU: dict[str, Any] = {
    "source_file": "k.txt",
    "annotator": "w",
    "question_text": "Why is it so?",
    "ans1_text": "Because it is. Like a cat.",
    "ans2_text": "No idea.",
    "ans1_label": "human_answer",
    "ans2_label": "model_answer",
    "ans_preference": "Answer 2",
    "ans_preference_reason": "Honest",
    "factuality_span": "['because it Is.', 'No idea.']",
    "factuality_reason": "['So?', '']",
    "factuality_label": "['answer1', 'answer2']",
    "reference_example_span": "['Like a cat.']",
    "reference_example_reason": '["It\'s nice"]',
    "reference_example_label": "['answer1']",
    "reference_example_helpful": "[True]",
    "incomplete_ans_span": "['ANSWER1:']",
    "incomplete_ans_reason": "['More']",
    "incomplete_ans_label": "['answer1']",
    "irrelevance_span": "",
    "irrelevance_reason": "",
    "irrelevance_label": "",
    "ques_misconception_span": "['it so?']",
    "ques_misconception_reason": "['It is not']",
    "ques_misconception_label": "['question2']",
    "factuality_human_score": "0.5",
    "category": "law",
}


def test_errors_are_marks_with_their_quotes_and_sentences() -> None:
    row = mapping("fine_grained").row(FINE, {})
    assert row["context"][1] == {"title": "Other", "sentences": ["Third."]}
    first = row["annotations"][0]
    assert first["shown"] == ["1"]
    assert first["answers"] == {
        "errors": {
            "1": [
                {"label": "Redundant", "start": 13, "end": 23, "quote": "On Monday.", "note": "On Monday."},
                {"label": "Wrong-Grounding", "start": 3, "end": 9, "quote": "Monday", "refs": ["2.0", "2.1"]},
                {"label": "Missing-Answer", "refs": ["1.2"]},
            ]
        },
        "correction": {"1": "On Tuesday."},
    }


def test_the_six_preferences_are_of_the_six_pairs() -> None:
    compared = mapping("fine_grained").row(FINE, {"preference": "better", "annotator": "w"})["annotations"][1:]
    assert [(one["shown"], one["answers"]["better"]["preferred"]) for one in compared] == [
        (["1", "2"], "1"),
        (["1", "3"], "3"),
        (["1", "4"], None),
        (["2", "3"], "2"),
        (["2", "4"], "2"),
        (["3", "4"], "4"),
    ]
    assert {one["annotator"] for one in compared} == {"w"}


def test_spans_are_marks_on_what_their_label_names() -> None:
    row = mapping("haluquestqa").row(HALU, {})
    assert (row["key"], row["metadata"]) == (
        "k",
        {"category": "law", "source_file": "k.txt", "factuality_human_score": 0.5},
    )
    assert [c["model"] for c in row["completions"]] == ["human_answer", "model_answer"]
    [one] = row["annotations"]
    assert (one["annotator"], one["answers"]["preference"], one["answers"]["reason"]) == (
        "w",
        {"preferred": "b"},
        "Honest",
    )
    marks = one["answers"]["errors"]
    assert marks["@prompt"] == [
        {"label": "ques_misconception", "start": 7, "end": 13, "quote": "it so?", "note": "It is not"}
    ]
    assert marks["b"] == [{"label": "factuality", "start": 0, "end": 8, "quote": "No idea."}]
    fuzzy = {"anchor": "fuzzy", "original": "because it Is.", "score": 100}
    assert marks["a"] == [
        {"label": "factuality", "start": 0, "end": 14, "quote": "Because it is.", "attributes": fuzzy, "note": "So?"},
        {"label": "incomplete_ans", "quote": "ANSWER1:", "attributes": {"anchor": "none"}, "note": "More"},
        {
            "label": "reference_example",
            "start": 15,
            "end": 26,
            "quote": "Like a cat.",
            "note": "It's nice",
            "attributes": {"helpful": True},
        },
    ]


def test_only_what_is_not_verbatim_is_remarked() -> None:
    found = mapping("haluquestqa")
    assert [remark.field for remark in found.remarks(found.row(HALU, {"spans": "marks"}))] == [
        "factuality_span",
        "incomplete_ans_span",
    ]


@pytest.mark.parametrize(
    ("name", "row", "change", "field"),
    [
        ("fine_grained", FINE, {"preference": [1, 2, 0]}, "preference"),
        ("fine_grained", FINE, {"preference": [1, 2, 0, 3, 1, 1]}, "preference"),
        ("fine_grained", FINE, {"passages": [["Only a title"]]}, "passages"),
        ("fine_grained", FINE, {"feedback": None}, "feedback"),
        ("fine_grained", FINE, {"feedback": {"errors": [{}], "missing-info": []}}, "feedback.errors[0].error type"),
        (
            "fine_grained",
            FINE,
            {"feedback": {"errors": [{"error type": "Redundant", "start": 5, "end": 99}], "missing-info": []}},
            "feedback.errors[0]",
        ),
        (
            "fine_grained",
            FINE,
            {"feedback": {"errors": [], "missing-info": [{"error type": "Missing-Answer"}]}},
            "feedback.missing-info[0]",
        ),
        (
            "fine_grained",
            FINE,
            {"feedback": {"errors": [{"error type": []}], "missing-info": []}},
            "feedback.errors[0].error type",
        ),
        ("fine_grained", FINE, {"prediction 3": None}, "prediction 3"),
        ("haluquestqa", HALU, {"ans_preference": "Answer 3"}, "ans_preference"),
        ("haluquestqa", HALU, {"ans_preference": []}, "ans_preference"),
        ("haluquestqa", HALU, {"factuality_span": "['open"}, "factuality_span"),
        ("haluquestqa", HALU, {"factuality_span": "[{[]: 1}]"}, "factuality_span"),
        ("haluquestqa", HALU, {"factuality_span": "{'a': 1}"}, "factuality_span"),
        ("haluquestqa", HALU, {"factuality_label": "['answer1']"}, "factuality_label"),
        ("haluquestqa", HALU, {"factuality_human_score": "good"}, "factuality_human_score"),
        ("haluquestqa", HALU, {"factuality_human_score": "nan"}, "factuality_human_score"),
        ("haluquestqa", HALU, {"factuality_model_score": "-inf"}, "factuality_model_score"),
        ("haluquestqa", HALU, {"factuality_model_score": 10**400}, "factuality_model_score"),
    ],
)
def test_what_cannot_be_read_is_a_problem_of_its_row(
    name: str, row: dict[str, Any], change: dict[str, Any], field: str
) -> None:
    with pytest.raises(RowProblem) as problem:
        mapping(name).row(row | change, {})
    assert problem.value.field == field


@pytest.mark.parametrize(
    ("name", "kinds"),
    [("fine_grained", ["span", "text", "pairwise"]), ("haluquestqa", ["span", "pairwise", "text"])],
)
def test_the_questions_proposed_can_be_asked(name: str, kinds: list[str]) -> None:
    questions = mapping(name).proposes({"spans": "marks"})
    assert questions is not None
    assert [question.kind for question in parse_definition({"questions": questions}).questions] == kinds
    assert questions[0]["name"] == "marks"


def test_a_mapping_without_answers_proposes_nothing() -> None:
    assert mapping("columns").proposes({}) is None
