"""Whose labels a judge is held against: people of the base design, and nobody it was fitted on or routed by."""

import pytest

from annotate.assigning import claim
from annotate.campaigns import add_member, annotator_of
from annotate.models import Annotation, Annotator, Assignment, Unit, User
from annotate.standing import exclude
from annotate.submitting import submit
from routing.models import Calibration, Judge, Route
from tests.factories import make_user
from tests.routing.reliability.told import preferred, question_of, told_judge

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("told")]

TABLE = [("0.9 0.2", "a"), ("0.9 0.2", "b"), ("0.2 0.9", "b")]


@pytest.fixture
def judge(researcher: User) -> Judge:
    return told_judge(researcher, TABLE)


def unit_of(judge: Judge, key: str) -> Unit:
    return Unit.objects.get(campaign=judge.campaign, item__key=key)


def held(judge: Judge) -> tuple[int, float]:
    """How many pairs are held against people, and the share that agrees, to three places."""
    found = question_of(judge)["against"]["people"]
    return found["n"], round(found["agreement"]["percent"]["value"], 3)


def test_an_adjudication_is_not_people_of_the_base_design(judge: Judge) -> None:
    assert held(judge) == (3, 0.667)
    unit, expert = unit_of(judge, "r1"), annotator_of(make_user("expert"))
    add_member(judge.campaign, expert)
    Assignment.objects.create(
        campaign=judge.campaign, version=judge.campaign.current, unit=unit, shown=unit.keys, reserved_for=expert
    )
    reserved = claim(judge.campaign, expert)
    assert reserved is not None
    submit(reserved, expert, {"better": preferred("a")}, claim_next=False)
    assert Annotation.objects.filter(annotator=expert).exists()
    assert held(judge) == (3, 0.667)


def test_units_that_a_judge_had_first_are_left_out_and_counted(judge: Judge) -> None:
    unit = unit_of(judge, "r1")
    common = {"campaign": judge.campaign, "item": unit.item, "unit": unit, "policy": "cascade"}
    Route.objects.create(**common, to="judge", judge=judge, in_force=False, reason="first judge of the cascade")
    Route.objects.create(**common, to="people", reason="not sure enough")
    assert held(judge) == (2, 1.0)
    assert question_of(judge)["left_out"] == {"routed": 1, "fitted": 0}


def test_units_that_a_draw_gave_to_people_stay_in(judge: Judge) -> None:
    unit = unit_of(judge, "r1")
    common = {"campaign": judge.campaign, "item": unit.item, "unit": unit, "propensity": 0.1}
    Route.objects.create(**common, to="people", policy="cascade", reason="random audit share")
    assert held(judge)[0] == 3


def test_an_item_that_a_rule_gave_to_people_is_left_out(judge: Judge) -> None:
    item = unit_of(judge, "r1").item
    Route.objects.create(campaign=judge.campaign, item=item, to="people", policy="top-k", reason="gain 0.3")
    assert held(judge) == (2, 1.0)


def test_what_its_calibration_was_fitted_on_is_left_out_and_counted(judge: Judge) -> None:
    group = unit_of(judge, "r1").prompt_group_id
    fitted = Calibration.objects.create(
        judge=judge, question="better", temperature=2, offset=0, n=1, clusters=1, groups=[group]
    )
    assert held(judge)[0] == 3  # the judge that was calibrated is as it was
    judge.protocols["pairwise"]["calibration"] = fitted.pk
    judge.save()
    assert held(judge) == (2, 1.0)
    assert question_of(judge)["left_out"] == {"routed": 0, "fitted": 1}
    assert question_of(judge)["orders"]["n"] == 3  # against itself everything counts


def test_what_it_was_trained_on_is_left_out(judge: Judge) -> None:
    judge.config = {"trained_on": [unit_of(judge, key).prompt_group_id for key in ("r0", "r1", "r2")]}
    assert question_of(judge)["against"]["people"] is None


def test_people_of_another_campaign_are_not_asked(judge: Judge, researcher: User) -> None:
    other = told_judge(researcher, [("0.9 0.2", "b")], slug="other")
    assert held(judge)[0] == 3
    assert held(other) == (1, 0.0)


def test_people_who_were_excluded_do_not_count(researcher: User) -> None:
    judge = told_judge(researcher, [("0.9 0.2", "ab")])
    assert held(judge) == (1, 0.0)
    other = Annotator.objects.get(campaign=judge.campaign, name="p1")
    exclude(judge.campaign, other, annotator_of(researcher))
    assert held(judge) == (1, 1.0)
