"""What helped an annotator is kept beside his answers."""

from typing import Any

import pytest

from annotate.aids import clean_aids, joined
from annotate.assigning import claim
from annotate.errors import Invalid
from annotate.models import Annotation, Assignment, User
from annotate.submitting import submit
from tests.factories import person, running_campaign

A, B = ({"overall": {"preferred": key}} for key in "ab")


@pytest.mark.parametrize(
    "aids",
    [
        {},
        {"differences": 2, "sync": True, "layout": "stacked"},
        {"rendering": {"source": 1, "folded": False}, "suggestions": {"used": ["overall"]}},
        {"suggestions": {}},
    ],
)
def test_counts_words_and_flags_are_taken(aids: dict[str, Any]) -> None:
    expected = aids | ({"suggestions": {"used": aids["suggestions"].get("used", [])}} if "suggestions" in aids else {})
    assert clean_aids(aids) == expected


@pytest.mark.parametrize(
    ("aids", "field"),
    [
        ([], "aids"),
        ("x", "aids"),
        ({"magic": 1}, "aids"),
        ({3: 1}, "aids"),
        ({"differences": -1}, "aids.differences"),
        ({"differences": 1_000_001}, "aids.differences"),
        ({"sync": None}, "aids.sync"),
        ({"layout": "x" * 41}, "aids.layout"),
        ({"rendering": {"deep": {"er": 1}}}, "aids.rendering.deep"),
        ({"rendering": [1]}, "aids.rendering"),
        ({"suggestions": {"used": "overall"}}, "aids.suggestions"),
        ({"suggestions": {"first": {}}}, "aids.suggestions"),
        ({"suggestions": [1]}, "aids.suggestions"),
        ({"layout": "a\0"}, "aids.layout"),
        ({"differences": float("nan")}, "aids.differences"),
        ({"differences": float("inf")}, "aids.differences"),
        ({"differences": 10**400}, "aids.differences"),
    ],
)
def test_junk_is_refused_by_name(aids: Any, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        clean_aids(aids)
    assert list(refused.value.fields) == [field]


@pytest.mark.parametrize(
    ("first", "final", "result"),
    [("a", "a", "agreed"), ("b", "a", "adopted"), ("b", "b", "kept"), ("b", "c", "changed"), ("a", "b", "changed")],
)
def test_what_became_of_a_suggestion(first: str, final: str, result: str) -> None:
    kept = {"suggestions": {"when": "after", "first": {"q": first}, "shown": {"q": {"answer": "a"}}}}
    together = joined(kept, {"suggestions": {"used": ["q", "other"]}}, {"q": final})
    assert together is not None
    assert together["suggestions"]["result"] == {"q": result}
    assert together["suggestions"]["used"] == ["q"]


@pytest.mark.parametrize(("final", "result"), [("a", "adopted"), ("b", "changed")])
def test_a_suggestion_that_was_seen_first_was_never_agreed_to_independently(final: str, result: str) -> None:
    kept = {"suggestions": {"when": "before", "first": None, "shown": {"q": {"answer": "a"}}}}
    together = joined(kept, {}, {"q": final})
    assert together is not None
    assert together["suggestions"]["result"] == {"q": result}


def test_nobody_reports_suggestions_that_were_not_shown() -> None:
    assert joined(None, {"suggestions": {"used": ["q"]}, "sync": True}, {"q": "a"}) == {"sync": True}
    assert joined(None, {}, {}) is None


@pytest.mark.django_db
def test_aids_are_stored_and_those_of_a_revision_are_added(researcher: User, annotator: User) -> None:
    campaign, me = running_campaign(researcher, 1, [annotator]), person(annotator)
    held = claim(campaign, me)
    assert isinstance(held, Assignment)
    submit(held, me, A, aids={"differences": 2, "sync": True})
    assert Annotation.objects.get().aids == {"differences": 2, "sync": True}
    submit(held, me, B, aids={"differences": 1}, revises=1)
    assert Annotation.objects.get().aids == {"differences": 3, "sync": True}
    submit(held, me, A, aids={"rendering": {"source": 1}, "sync": True}, revises=2)
    submit(held, me, B, aids={"rendering": {"source": 2}}, revises=3)
    assert Annotation.objects.get().aids == {"differences": 3, "sync": True, "rendering": {"source": 3}}
