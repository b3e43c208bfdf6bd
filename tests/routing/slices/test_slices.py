"""The report on slices, of real campaigns."""

from collections.abc import Mapping
from typing import Any

import pytest

from annotate.frames import Frames
from annotate.models import Assignment, Campaign, Item, Unit, User
from routing.models import Route
from routing.reports import refresh, report_of
from routing.slices import slices
from tests.factories import PAIRWISE_PAIR, make_campaign
from tests.routing.slices.sliced import sliced

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign(researcher: User) -> Campaign:
    return sliced(researcher)


def cell(report: Mapping[str, Any], question: str, measure: str, key: str) -> Mapping[str, Any]:
    found = next(each for each in report["questions"] if each["name"] == question)
    number = next(n for n, each in enumerate(found["slices"]) if each["key"] == key)
    cells = next(each for each in found["measures"] if each["name"] == measure)["slices"]
    return next(each for each in cells if each["slice"] == number)


def test_the_odd_topic_is_found_and_worked_by_hand(campaign: Campaign) -> None:
    """Of a split item two of three agree with each other, so 1/3 of all pairs do: 14 of 15 are split in law."""
    report = slices(Frames(campaign))
    law = cell(report, "better", "agreement", "topic: law")
    inside = (14 / 3 + 1) / 15
    assert law["inside"]["value"] == pytest.approx(inside, rel=1e-4)
    assert law["difference"]["value"] == pytest.approx(inside - (28 + 2 / 3) / 30, rel=1e-4)
    assert (law["inside"]["n"], law["inside"]["clusters"]) == (45, 15)
    assert law["different"]
    assert law["adjusted"] <= 0.05


def test_inconsistency_ties_ratings_and_time_are_measured_too(campaign: Campaign) -> None:
    report = slices(Frames(campaign))
    found = cell(report, "better", "inconsistency:score", "topic: law")
    # Of a split item the two who say a contradict their ratings; of the others nobody does.
    assert found["inside"]["value"] == pytest.approx(14 * 2 / 45, rel=1e-4)
    assert found["different"]
    rated = cell(report, "score", "rating", "topic: law")
    assert rated["inside"]["value"] == pytest.approx((14 * 21 + 18 + 3 + 2 + 3) / 90, rel=1e-4)
    assert cell(report, "better", "seconds", "topic: law")["inside"]["value"] == 43
    better = next(each for each in report["questions"] if each["name"] == "better")
    assert "ties" not in {measure["name"] for measure in better["measures"]}


def test_tests_are_counted_over_all_slices_and_measures(campaign: Campaign) -> None:
    report = slices(Frames(campaign))
    better = next(each for each in report["questions"] if each["name"] == "better")
    cells = [each for measure in better["measures"] for each in measure["slices"]]
    assert better["tests"] == sum(each["p"] is not None for each in cells) >= 9
    assert better["discoveries"] == sum(each["different"] for each in cells)
    assert all(each["adjusted"] >= each["p"] for each in cells if each["p"] is not None)
    assert all(each["different"] == (each["adjusted"] <= 0.05) for each in cells if each["p"] is not None)


def test_the_report_says_first_where_people_agree_least(campaign: Campaign) -> None:
    (first,) = slices(Frames(campaign))["headline"]
    assert first["level"] == "mind"
    assert "“topic: law”" in first["sentence"]
    assert "points" in first["sentence"]


def test_metadata_that_makes_no_slices_is_named(campaign: Campaign) -> None:
    assert slices(Frames(campaign))["left_out"] == [{"key": "row", "why": "it has 45 different values, more than 20"}]


def test_a_slice_of_fewer_than_ten_units_is_not_reported(researcher: User) -> None:
    campaign = sliced(researcher)
    Item.objects.filter(campaign=campaign, key__in=[f"r{n}" for n in range(6)]).update(metadata={"topic": "tax"})
    report = slices(Frames(campaign))
    better = next(each for each in report["questions"] if each["name"] == "better")
    assert {each["key"] for each in better["slices"] if each["by"] == "metadata.topic"} == {"topic: math", "topic: art"}
    assert better["too_small"] >= 2


def test_only_the_base_design_counts(campaign: Campaign) -> None:
    """Judges, what was asked again, and units that people got because of a route are left out."""
    better = slices(Frames(campaign))["questions"][0]
    assert (better["rows"], better["units"]) == (135, 45)
    again = Assignment.objects.filter(unit__view__shows="pair", slot__isnull=False).order_by("pk").first()
    assert again is not None
    Assignment.objects.filter(pk=again.pk).update(purpose=Assignment.Purpose.AGAIN)
    assert slices(Frames(campaign))["questions"][0]["rows"] == 134
    unit = Unit.objects.filter(view__shows="pair").exclude(pk=again.unit_id).order_by("pk").first()
    assert unit is not None
    Route.objects.create(
        campaign=campaign, item=unit.item, unit=unit, to=Route.To.PEOPLE, policy="disagreement", reason="hard"
    )
    assert slices(Frames(campaign))["questions"][0]["rows"] == 131


def test_without_differences_it_says_so(researcher: User) -> None:
    (first,) = slices(Frames(sliced(researcher, odd="")))["headline"]
    assert (first["level"], first["figure"]) == ("good", None)


def test_a_campaign_without_answers_has_nothing_to_slice(researcher: User) -> None:
    report = slices(Frames(make_campaign(researcher, "none", [PAIRWISE_PAIR])))
    assert report["questions"] == []
    assert report["headline"][0]["level"] == "unknown"


def test_it_is_stored_with_the_others(campaign: Campaign) -> None:
    refresh(campaign)
    stored = report_of(campaign, "slices")
    assert stored is not None
    assert cell(stored, "better", "agreement", "topic: law")["different"]
