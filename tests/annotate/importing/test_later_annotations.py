"""Annotations that come with rows whose item is there already."""

from typing import Any

import pytest

from annotate.assigning import claim
from annotate.campaigns import change_state
from annotate.models import Annotation, Assignment, Campaign, Draft, Preference, User
from annotate.submitting import submit
from tests.factories import import_rows, make_campaign, pair_rows, person, running_campaign

pytestmark = pytest.mark.django_db


def row(preferred: str | None, annotator: str = "ann", kind: str = "human", **more: Any) -> dict[str, Any]:
    answers = {"overall": {"preferred": preferred}}
    return {**pair_rows(1)[0], "annotations": [{"annotator": annotator, "kind": kind, "answers": answers, **more}]}


def slots(campaign: Campaign) -> list[tuple[int | None, str]]:
    return list(campaign.assignments.order_by("slot").values_list("slot", "state"))


def test_they_are_added_and_take_an_open_slot(researcher: User) -> None:
    campaign = make_campaign(researcher, overlap=3)
    import_rows(campaign, pair_rows(1))
    job = import_rows(campaign, [row("a"), row("b", "bob"), row("a", "gpt", "judge")])
    assert (job.done, job.repeated, job.rejected) == (3, 3, 0)
    assert slots(campaign) == [(0, "open"), (1, "done"), (2, "done"), (None, "done")]
    assert list(Preference.objects.order_by("annotator__name").values_list("annotator__name", "sign")) == [
        ("ann", 1),
        ("bob", -1),
        ("gpt", 1),
    ]


def test_equal_ones_add_nothing(researcher: User) -> None:
    campaign = make_campaign(researcher, overlap=2)
    for _ in range(3):
        assert import_rows(campaign, [row("a"), row("a")]).rejected == 0
    assert (Annotation.objects.count(), Preference.objects.count()) == (1, 1)
    assert slots(campaign) == [(0, "done"), (1, "open")]


def test_different_answers_by_the_same_annotator_are_an_error_of_the_row(researcher: User) -> None:
    campaign = make_campaign(researcher)
    import_rows(campaign, [row("a")])
    job = import_rows(campaign, [row("b"), row("b", round=1)])
    assert list(job.errors.values_list("row", "field", "message")) == [
        (1, "annotations", "ann has answered this already, and differently")
    ]
    assert (job.done, job.repeated, job.rejected) == (1, 1, 1)
    assert sorted(Preference.objects.values_list("round", "sign")) == [(0, 1), (1, -1)]


def test_a_namesake_who_signs_in_is_somebody_else(researcher: User, annotator: User) -> None:
    campaign = running_campaign(researcher, 1, [annotator], overlap=2)
    held = claim(campaign, person(annotator))
    assert held is not None
    submit(held, person(annotator), {"overall": {"preferred": "a"}})
    assert import_rows(campaign, [row("b", "anna")]).rejected == 0
    assert sorted(Preference.objects.values_list("sign", flat=True)) == [-1, 1]


def test_a_leased_row_stays_with_its_holder(researcher: User, annotator: User) -> None:
    campaign = running_campaign(researcher, 1, [annotator])
    held = claim(campaign, person(annotator))
    assert held is not None
    import_rows(campaign, [row("b")])
    assert slots(campaign) == [(0, "leased"), (1, "done")]
    assert submit(held, person(annotator), {"overall": {"preferred": "a"}}).outcome == "created"


def test_a_draft_on_an_open_row_survives(researcher: User, annotator: User) -> None:
    campaign = make_campaign(researcher)
    import_rows(campaign, pair_rows(1))
    Draft.objects.create(assignment=Assignment.objects.get(), annotator=person(annotator), answers={"overall": 1})
    import_rows(campaign, [row("b", shown=["b", "a"])])
    finished = Assignment.objects.get()
    assert (finished.state, finished.slot, finished.shown) == ("done", 0, ["b", "a"])
    assert Draft.objects.get().assignment == finished
    assert finished.annotation.answers == {"overall": {"preferred": "b"}}


def test_they_come_in_whatever_state_the_campaign_is_in(researcher: User) -> None:
    campaign = running_campaign(researcher, 1)
    change_state(campaign, "close")
    assert import_rows(campaign, [row("a")]).done == 1
    assert Annotation.objects.get().annotator.name == "ann"
