"""Every kind of question in the report: hand-worked verdicts, imported, and people's answers beside them."""

from typing import Any

import pytest

from annotate.models import Campaign, User
from tests.factories import RATING_EACH, import_rows, make_campaign
from tests.routing.reliability.told import imported, question_of

pytestmark = pytest.mark.django_db

CHECKLIST = {"name": "list", "kind": "checklist", "shows": "all", "config": {"points": ["short", "true"]}}
CHOICE = {"name": "topic", "kind": "choice", "shows": "all", "config": {"options": ["law", "art", "sport"]}}
RANKING = {"name": "order", "kind": "ranking", "shows": "all"}
SPAN = {"name": "wrong", "kind": "span", "shows": "all", "config": {"labels": ["error"], "targets": ["completions"]}}
TEXT = {"name": "why", "kind": "text", "shows": "all"}


def asked(user: User, question: dict[str, Any], *answers: list[Any], completions: str = "ab") -> Campaign:
    """A campaign of one question; each row of `answers` is an item with what people said of it."""
    campaign = make_campaign(user, "kinds", [question], overlap=3)
    rows = [
        {
            "key": f"r{number}",
            "prompt": f"Prompt {number}",
            "completions": [{"key": key, "text": f"The text of {key} in {number}"} for key in completions],
            "annotations": [
                {"annotator": f"p{n}", "kind": "human", "answers": {question["name"]: answer}}
                for n, answer in enumerate(said)
            ],
        }
        for number, said in enumerate(answers)
    ]
    job = import_rows(campaign, rows)
    assert job.done == len(rows), list(job.errors.values())
    return campaign


def test_ratings_are_compared_as_labels_and_as_numbers(researcher: User) -> None:
    people = [[{"a": 5}, {"a": 5}], [{"a": 2}, {"a": 4}], [{"a": 1}, {"a": 1}], [{"a": 7}, {"a": 6}, {"a": 6}]]
    campaign = asked(researcher, RATING_EACH, *people)
    scores = [5, 4, 2, 6]
    rows = [{"item": f"r{n}", "question": "score", "keys": ["a"], "score": score} for n, score in enumerate(scores)]
    found = question_of(imported(campaign, *rows), "score")["against"]["people"]
    assert found["n"] == 3  # people who say 2 and 4 have no majority
    assert found["no_majority"] == 1
    assert found["agreement"]["percent"]["value"] == pytest.approx(2 / 3)
    assert found["numbers"]["n"] == 4
    means = [5, 3, 1, 19 / 3]
    apart = [abs(mean - score) for mean, score in zip(means, scores, strict=True)]
    assert found["numbers"]["distance"]["value"] == pytest.approx(sum(apart) / 4)
    assert found["numbers"]["spearman"]["value"] == pytest.approx(1)  # both order the four alike
    assert found["people"]["value"] == pytest.approx((1 + 0 + 1 + 1 / 3) / 4)
    assert found["confusions"]["labels"] == ["1", "2", "5", "6"]


def test_a_ranking_is_compared_pair_by_pair(researcher: User) -> None:
    campaign = asked(researcher, RANKING, [{"a": 1, "b": 2, "c": 3}], [{"a": 2, "b": 1, "c": 2}], completions="abc")
    rows = [
        {"item": "r0", "question": "order", "answer": {"a": 2, "b": 1, "c": 3}},
        {"item": "r1", "question": "order", "answer": {"a": 3, "b": 1, "c": 2}},
    ]
    found = question_of(imported(campaign, *rows), "order")["against"]["people"]
    assert (found["n"], found["clusters"]) == (6, 2)
    assert found["agreement"]["percent"]["value"] == pytest.approx(4 / 6)
    assert found["confusions"]["table"] == [[3, 0, 0], [0, 0, 0], [1, 1, 1]]
    assert found["accuracies"] is None


def test_a_checklist_is_compared_point_by_point(researcher: User) -> None:
    yes, no = {"short": "yes", "true": "yes"}, {"short": "no", "true": "yes"}
    campaign = asked(researcher, CHECKLIST, [{"a": yes, "b": no}, {"a": yes, "b": no}])
    judge = imported(campaign, {"item": "r0", "question": "list", "answer": {"a": no, "b": no}})
    found = question_of(judge, "list")["against"]["people"]
    assert found["n"] == 4
    assert found["agreement"]["percent"]["value"] == pytest.approx(3 / 4)
    assert found["confusions"] == {"labels": ["yes", "no"], "table": [[2, 0], [1, 1]]}


def test_of_several_choices_each_option_is_one_label(researcher: User) -> None:
    several = {**CHOICE, "config": {**CHOICE["config"], "multiple": True}}  # type: ignore[dict-item]
    campaign = asked(researcher, several, [["law", "art"]], [["sport"]])
    rows = [{"item": f"r{n}", "question": "topic", "answer": said} for n, said in enumerate([["law"], ["sport"]])]
    found = question_of(imported(campaign, *rows), "topic")["against"]["people"]
    assert found["confusions"] == {"labels": ["yes", "no"], "table": [[2, 0], [1, 3]]}


def test_a_choice_without_a_majority_has_no_reference(researcher: User) -> None:
    campaign = asked(researcher, CHOICE, ["law", "art"], ["law", "law"])
    rows = [{"item": f"r{n}", "question": "topic", "answer": "law", "confidence": 0.9} for n in range(2)]
    found = question_of(imported(campaign, *rows), "topic")["against"]["people"]
    assert (found["n"], found["no_majority"]) == (1, 1)
    assert found["calibration"]["before"]["n"] == 1


def test_texts_and_marks_are_counted_and_not_compared(researcher: User) -> None:
    campaign = asked(researcher, TEXT, ["Because."])
    found = question_of(imported(campaign, {"item": "r0", "question": "why", "answer": "It is so."}), "why")
    assert found["against"] == {"people": None, "gold": None}
    assert (found["valid_rate"], found["characters"]["value"]) == (1.0, 9)


def test_marks_are_counted(researcher: User) -> None:
    campaign = asked(researcher, SPAN, [{"a": [], "b": []}])
    answer = {"a": [{"label": "error", "start": 0, "end": 3, "quote": "The"}], "b": []}
    found = question_of(imported(campaign, {"item": "r0", "question": "wrong", "answer": answer}), "wrong")
    assert (found["marks"], found["unanchored"]["value"]) == (1, 0.0)


def test_repeats_tell_how_far_a_judge_agrees_with_itself(researcher: User) -> None:
    campaign = asked(researcher, CHOICE, *[[said] for said in ("law", "law", "art", "art")])
    told = ["law law law", "law art law", "art art art", "law art law"]  # three answers each
    rows = [
        {"item": f"r{n}", "question": "topic", "answer": answer, "repeat": turn}
        for n, said in enumerate(told)
        for turn, answer in enumerate(said.split())
    ]
    question = question_of(imported(campaign, *rows), "topic")
    found = question["against"]["people"]["repeats"]
    same = (1 + 1 / 3 + 1 + 1 / 3) / 4  # of three pairs of answers, those that agree
    assert found["agreement"]["value"] == pytest.approx(same)
    assert found["flip_noise"]["value"] == pytest.approx((1 - (2 * same - 1) ** 0.5) / 2)
    assert found["accuracy"]["value"] == pytest.approx((1 + 2 / 3 + 1 + 1 / 3) / 4)
    assert found["majority"]["value"] == pytest.approx(3 / 4)
    assert question["against"]["people"]["n"] == 4  # agreement is of the first answers alone
    assert question["n"] == 12


def test_verdicts_of_one_order_are_in_no_flip_rate(researcher: User) -> None:
    pairwise = {"name": "better", "kind": "pairwise", "shows": "all"}
    campaign = asked(researcher, pairwise, [{"preferred": "a"}], [{"preferred": "b"}])
    both = [{"first": "a", "preferred": "a"}, {"first": "b", "preferred": "b"}]
    rows = [{"item": "r0", "orders": both[:1]}, {"item": "r1", "orders": both}]
    found = question_of(imported(campaign, *rows))
    assert (found["orders"]["n"], found["orders"]["flip"]["value"]) == (1, 1.0)
    assert found["orders"]["slot_bias"]["value"] is None  # hard labels have no log-odds
    assert found["against"]["people"]["n"] == 2
    assert found["against"]["people"]["accuracies"]["n"] == 1
    assert "calibration" not in found["against"]["people"]
