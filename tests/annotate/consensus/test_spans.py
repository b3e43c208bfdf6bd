"""Marks by majority, character by character."""

from typing import Any

import numpy as np
import pytest

from annotate.adjudicating import adjudicate, withdraw_adjudication
from annotate.consensus.storing import store
from annotate.models import Annotator, Consensus, Standing, Unit, User
from tests.annotate.consensus.voting import by_item, outcome_of, said, said_item
from tests.factories import person

pytestmark = pytest.mark.django_db
TEXT = "one two three four five"
SPAN: dict[str, Any] = {
    "kind": "span",
    "config": {
        "labels": [{"key": "bad", "text": "Bad"}, {"key": "missing", "text": "Missing", "whole": "optional"}],
        "severities": ["minor", "major"],
        "snap": "none",
    },
}


def mark(quote: str, label: str = "bad", severity: str = "minor") -> dict[str, Any]:
    return {"label": label, "quote": quote, "severity": severity}


def marked(key: str, *by: tuple[str, list[dict[str, Any]]]) -> dict[str, Any]:
    item = said_item(key, *((name, {"a": marks}) for name, marks in by), keys="a")
    item["completions"] = [{"key": "a", "text": TEXT}]
    return item


def test_what_most_annotators_cover_is_kept(researcher: User) -> None:
    item = marked(
        "r1",
        ("ann", [mark("two three", severity="major")]),
        ("bob", [mark("three four"), mark("one", "missing")]),
        ("cleo", [mark("two three four")]),
    )
    row = by_item(outcome_of(said(researcher, SPAN, [item])))["r1"]
    assert [(m["label"], m["quote"], m["severity"]) for m in row.answer["a"]] == [("bad", "two three four", "minor")]
    assert row.n == 3
    stretches = {tuple(thing["of"][1:]): thing["said"] for thing in row.things}
    assert stretches == {
        (): {"yes": 3},
        ("bad", 0, 4, 8): {"yes": 2, "no": 1},
        ("bad", 0, 8, 13): {"yes": 3},
        ("bad", 0, 13, 18): {"yes": 2, "no": 1},
        ("missing", 0, 0, 3): {"yes": 1, "no": 2},
    }


def test_half_is_not_most_and_an_annotator_counts_once(researcher: User) -> None:
    item = marked("r1", ("ann", [mark("two three"), mark("two")]), ("bob", [mark("four")]))
    found = outcome_of(said(researcher, SPAN, [item]))
    assert by_item(found)["r1"].answer == {"a": []}
    assert found.tied.tolist() == [True]


def test_no_marks_are_an_answer_too(researcher: User) -> None:
    items = [marked("none", ("ann", []), ("bob", [])), marked("some", ("ann", [mark("one")])), marked("open")]
    found = by_item(outcome_of(said(researcher, SPAN, items)))
    assert found.keys() == {"none", "some"}
    assert (found["none"].answer, found["none"].share, found["none"].n) == ({"a": []}, 1, 2)
    assert [m["quote"] for m in found["some"].answer["a"]] == ["one"]


def test_without_marks_the_answer_names_the_texts_of_its_own_unit(researcher: User) -> None:
    question = {**SPAN, "config": {**SPAN["config"], "targets": ["completions", "@context"]}}
    items = [
        said_item("with", ("ann", {"a": [], "@context": []}), keys="a", context="What is known."),
        said_item("without", ("ann", {"a": []}), keys="a"),
        said_item("two", ("ann", {"a": [], "b": []}), keys="ab"),
    ]
    found = outcome_of(said(researcher, question, items))
    assert {key: row.answer for key, row in by_item(found).items()} == {
        "with": {"a": [], "@context": []},
        "without": {"a": []},
        "two": {"a": [], "b": []},
    }


def test_how_severe_is_said_by_those_who_count(researcher: User) -> None:
    item = marked(
        "r1",
        ("bob", [mark("one two three")]),
        ("judge1", [mark("one two three")]),
        ("ann", [mark("two three", severity="major")]),
        ("cleo", [mark("two three", severity="major")]),
    )
    campaign = said(researcher, SPAN, [item])
    Standing.objects.create(
        campaign=campaign, annotator=Annotator.objects.get(name="bob"), excluded_at="2026-01-01T00:00Z"
    )
    [kept] = by_item(outcome_of(campaign))["r1"].answer["a"]
    assert (kept["quote"], kept["severity"]) == ("two three", "major")


def test_marks_about_the_whole_are_kept_alike(researcher: User) -> None:
    whole = {"label": "missing", "severity": "major"}
    item = marked("r1", ("ann", [whole]), ("bob", [whole, mark("one")]), ("cleo", []))
    row = by_item(outcome_of(said(researcher, SPAN, [item])))["r1"]
    assert row.answer == {"a": [whole]}


def test_a_decision_about_marks_can_be_taken_back(researcher: User) -> None:
    campaign = said(researcher, SPAN, [marked("r1", ("ann", [mark("one")]), ("bob", [mark("one")]))])
    store(campaign, outcome_of(campaign))
    before: Any = Consensus.objects.get().answer
    assert [m["quote"] for m in before["a"]] == ["one"]
    adjudicate(Unit.objects.get(), "q", {"a": []}, person(researcher))
    assert Consensus.objects.get().answer == {"a": []}
    withdraw_adjudication(Unit.objects.get(), "q", person(researcher))
    assert Consensus.objects.get().answer == before


@pytest.mark.parametrize("seed", range(5))
def test_it_is_what_counting_every_character_gives(researcher: User, seed: int) -> None:
    rng = np.random.default_rng(seed)
    covers = np.zeros((3, len(TEXT)), bool)
    by = []
    for n, name in enumerate(("ann", "bob", "cleo")):
        marks = []
        for start in rng.choice(len(TEXT) - 5, 3, replace=False).tolist():
            end = start + int(rng.integers(1, 6))
            covers[n, start:end] = True
            marks.append({"label": "bad", "start": start, "end": end, "severity": "minor"})
        by.append((name, marks))
    row = by_item(outcome_of(said(researcher, SPAN, [marked("r1", *by)])))["r1"]
    kept = np.zeros(len(TEXT), bool)
    for each in row.answer["a"]:
        kept[each["start"] : each["end"]] = True
    assert kept.tolist() == (covers.sum(axis=0) >= 2).tolist()
