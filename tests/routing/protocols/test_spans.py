"""Marks by quotes: where they stand, and what becomes of those that stand nowhere."""

from dataclasses import replace
from typing import Any

import pytest

from annotate.answers import clean_answers
from annotate.kinds import Asked, kind
from annotate.kinds.source import Source
from routing.judges import Reply
from routing.judges.base import Structured
from routing.protocols import Judged, QuestionSpec, Verdict
from routing.protocols.common.anchoring import Place, find, to_words
from routing.protocols.spans import SpansProtocol

TEXT = "The sky is green. The sea is “green”  too."
PASSAGES: list[dict[str, Any]] = [{"title": "Sky", "sentences": ["It is blue.", "At night it is black."]}]
SOURCE = Source("Colours?", PASSAGES, None, lambda: [("a", TEXT)])
JUDGED = Judged("Colours?", {"a": TEXT}, "Sky\nIt is blue. At night it is black.", None, ("a",), source=SOURCE)
CONFIG = {"labels": ["wrong"], "snap": "none"}


def question(**config: Any) -> QuestionSpec:
    clean = kind("span").clean_config({**CONFIG, **config})
    return QuestionSpec("errors", "span", clean, "Mark what is wrong.", "each")


def mark(quote: str, occurrence: int = 1, note: str = "", label: str = "wrong", **more: Any) -> dict[str, Any]:
    return {"quote": quote, "occurrence": occurrence, "note": note, "label": label, **more}


def judge(asked: QuestionSpec, *marks: dict[str, Any], judged: Judged = JUDGED, **config: Any) -> Verdict:
    verdict = SpansProtocol(config).verdict(judged, asked, [Reply("ok", value={"marks": list(marks)})])
    if verdict.status == "ok":
        whole = Asked("errors", "span", asked.config, shows="each", keys=("a",), source=judged.source)
        clean_answers([whole], {"errors": verdict.answer})
    return verdict


@pytest.mark.parametrize(
    ("quote", "occurrence", "place"),
    [
        ("sky is green", 1, (4, 16)),
        ("sky is green", 7, (4, 16)),
        ("green", 1, (11, 16)),
        ("green", 2, (30, 35)),
        ("green", 3, None),
        ("green", 0, None),
        ("  sea is ", 1, (22, 28)),
        ('"green" too', 1, (29, 41)),
        ("The\nsky", 1, (0, 7)),
        ("Sky is green", 1, None),
        ("purple", 1, None),
        ("", 1, None),
        (".*", 1, None),
    ],
)
def test_a_quote_is_found_where_it_stands(quote: str, occurrence: int, place: tuple[int, int] | None) -> None:
    found = find([TEXT], quote, occurrence)
    assert (found and (found.start, found.end)) == place
    assert found is None or found.quote == TEXT[found.start : found.end]


def test_occurrences_are_counted_through_the_parts() -> None:
    assert find(["no, no", "no"], "no", 3) == Place(1, 0, 2, "no")


def test_a_place_is_widened_to_whole_words() -> None:
    assert to_words("unclear words", Place(0, 2, 9, "clear w")) == Place(0, 0, 13, "unclear words")
    assert to_words("so clear.", Place(0, 3, 8, "clear")) == Place(0, 3, 8, "clear")


def test_a_mark_stands_where_its_quote_does_and_is_what_stands_there() -> None:
    verdict = judge(question(), mark('"green" too'), mark("sky is green", note="It is blue."))
    assert verdict.answer == {
        "a": [
            {"start": 29, "end": 41, "quote": "“green”  too", "label": "wrong"},
            {"start": 4, "end": 16, "quote": "sky is green", "label": "wrong", "note": "It is blue."},
        ]
    }
    assert verdict.details["given"] == 2


def test_quotes_that_stand_nowhere_are_reported_and_left_out() -> None:
    verdict = judge(question(), mark("purple"), mark("sea"))
    assert [each["quote"] for each in verdict.answer["a"]] == ["sea"]
    assert verdict.details["unanchored"] == [{"target": "a", **mark("purple")}]
    assert verdict.details["given"] == 2


def test_they_are_kept_without_a_place_where_one_wants_them() -> None:
    verdict = judge(question(), mark("purple"), mark(""), unanchored="keep")
    assert verdict.answer == {"a": [{"quote": "purple", "label": "wrong", "attributes": {"anchor": "none"}}]}
    assert len(verdict.details["unanchored"]) == 2


def test_nothing_to_mark_is_an_answer() -> None:
    assert judge(question()).answer == {"a": []}


def test_marks_that_overlap_are_left_out_where_they_may_not() -> None:
    verdict = judge(question(overlap=False), mark("sky is"), mark("is green", 1), mark("sea"))
    assert [each["quote"] for each in verdict.answer["a"]] == ["sky is", "sea"]
    assert [each["quote"] for each in verdict.details["overlapping"]] == ["is green"]


def test_a_mark_that_lacks_what_its_label_needs_is_reported_and_left_out() -> None:
    labels = [{"key": "wrong", "note": True, "refs": "required"}]
    fine = mark("sky", note="No.", refs=["1.1"])
    verdict = judge(question(labels=labels), fine, mark("sea", note=" ", refs=["1.1"]), mark("sea", note="x", refs=[]))
    assert verdict.answer == {
        "a": [{"start": 4, "end": 7, "quote": "sky", "label": "wrong", "note": "No.", "refs": ["1.1"]}]
    }
    assert [each["why"] for each in verdict.details["incomplete"]] == ["it needs a note", "it needs references"]


def test_severities_are_kept_for_the_labels_that_have_them() -> None:
    labels = [{"key": "wrong"}, {"key": "odd", "severities": False}]
    asked = question(labels=labels, severities=["minor", "major"])
    verdict = judge(asked, mark("sky", severity="major"), mark("sea", label="odd", severity="major"))
    assert [each.get("severity") for each in verdict.answer["a"]] == ["major", None]


@pytest.mark.parametrize(
    ("whole", "quote", "kept"), [("optional", "", {}), ("required", "sky", {}), ("none", "", None)]
)
def test_a_mark_about_the_whole_text_has_no_place(whole: str, quote: str, kept: dict[str, Any] | None) -> None:
    verdict = judge(question(labels=[{"key": "wrong", "whole": whole}]), mark(quote))
    assert verdict.answer == {"a": [] if kept is None else [{"label": "wrong"}]}


def test_every_target_is_a_call_with_its_own_text_marked_out() -> None:
    asked = question(targets=["completions", "@prompt", "@context"])
    calls = SpansProtocol().calls(JUDGED, asked)
    prompts = [call.request.messages[0]["content"] for call in calls]
    assert ["Response, to be marked:" in p for p in prompts] == [True, False, False]
    assert ["Request, to be marked:" in p for p in prompts] == [False, True, False]
    assert ["Context, to be marked:" in p for p in prompts] == [False, False, True]
    assert TEXT not in prompts[1]
    assert calls[2].request.texts == ("It is blue. At night it is black.",)


def test_sentences_are_numbered_where_references_are_asked_for() -> None:
    asked = question(labels=[{"key": "wrong", "refs": "optional"}])
    [call] = SpansProtocol().calls(JUDGED, asked)
    assert "[1.2] At night it is black." in call.request.messages[0]["content"]
    assert isinstance(call.request.want, Structured)
    fields = call.request.want.schema["properties"]["marks"]["items"]["properties"]
    assert fields["refs"]["items"] == {"enum": ["1.0", "1.1", "1.2"]}


def test_a_text_in_parts_is_shown_part_by_part_and_marked_in_the_right_one() -> None:
    turns = [{"role": "user", "content": "Hi there"}, {"role": "user", "content": "Hi again"}]
    judged = replace(JUDGED, source=Source(turns, None, None, lambda: [("a", "x")]))
    asked = question(targets=["@prompt"])
    [call] = SpansProtocol().calls(judged, asked)
    assert "Request, part 2, to be marked:\nHi again" in call.request.messages[0]["content"]
    verdict = SpansProtocol().verdict(judged, asked, [Reply("ok", value={"marks": [mark("Hi", 2)]})])
    assert verdict.answer == {"@prompt": [{"part": 1, "start": 0, "end": 2, "quote": "Hi", "label": "wrong"}]}


def test_an_item_without_the_text_to_mark_cannot_be_asked() -> None:
    bare = Judged("p", {"a": "x"}, shown=("a",))
    with pytest.raises(ValueError, match="marks @context, and the item has no such text"):
        SpansProtocol().calls(bare, question(targets=["@context"]))


@pytest.mark.parametrize(
    "raw", [mark("sky", 0), mark("sky", label="other"), {"quote": "sky"}, mark("sky", severity="major"), "sky"]
)
def test_marks_off_the_schema_are_a_parse_error(raw: Any) -> None:
    verdict = judge(question(), raw)
    assert (verdict.status, verdict.answer) == ("parse_error", None)
