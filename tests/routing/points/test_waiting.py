"""Items whose points are still to be made: nobody is asked, until points are accepted."""

import pytest

from annotate.assigning import claim
from annotate.campaigns import add_member, definition_of, revise_campaign
from annotate.errors import WrongState
from annotate.item_points import give_points, in_use
from annotate.kinds.points import read_points
from annotate.models import Annotation, Assignment, Campaign, Item, Unit, User
from annotate.submitting import submit
from tests.factories import import_rows, make_campaign, person
from tests.routing.judged import annotated, make_judge, run_now
from tests.routing.points.proposing import CHECKS, rows, slots, waiting_campaign

pytestmark = pytest.mark.django_db
SHORT = read_points([{"key": "short", "text": "Is it short?"}])
LONG = read_points([{"key": "long", "text": "Is it long?"}])


def item(campaign: Campaign, key: str = "r0") -> Item:
    return campaign.items.get(key=key)


def test_an_item_without_points_is_taken_and_nobody_gets_it(campaign: Campaign, annotator: User) -> None:
    add_member(campaign, person(annotator))
    assert slots(campaign) == {"r0": "parked", "r1": "parked", "r2": "parked"}
    assert claim(campaign, person(annotator)) is None


def test_an_item_that_brings_points_waits_for_nothing(researcher: User) -> None:
    campaign = make_campaign(researcher, questions=[CHECKS])
    first, second = rows("One?", "Two?")
    import_rows(campaign, [first | {"points": [{"key": "x", "text": "X?"}]}, second])
    assert slots(campaign) == {"r0": "open", "r1": "parked"}


def test_views_that_ask_no_checklist_are_open_meanwhile(researcher: User) -> None:
    score = {"name": "score", "kind": "rating", "shows": "all", "config": {"min": 1, "max": 3}}
    campaign = waiting_campaign(researcher, "One?", questions=[CHECKS, score])
    found = campaign.assignments.values_list("unit__view__name", "state")
    assert dict(found) == {"each": "parked", "all": "open"}


def test_points_open_the_item_for_people(campaign: Campaign, annotator: User) -> None:
    add_member(campaign, person(annotator))
    give_points(item(campaign).pk, SHORT)
    held = claim(campaign, person(annotator))
    assert held is not None
    assert held.unit.item.key == "r0"
    submit(held, person(annotator), {"checks": {"a": {"short": "yes"}}})
    assert claim(campaign, person(annotator)) is None


def test_a_judge_answers_only_what_has_points(campaign: Campaign) -> None:
    judge = make_judge(campaign, "writing")
    give_points(item(campaign, "r1").pk, SHORT)
    run_now(judge)
    assert [key for key, _, _ in annotated(judge)] == ["r1"]
    assert not Assignment.objects.filter(reserved_for=judge.annotator).exclude(unit__item__key="r1").exists()


def test_points_can_be_replaced_until_somebody_sees_them(campaign: Campaign, annotator: User) -> None:
    add_member(campaign, person(annotator))
    give_points(item(campaign).pk, SHORT)
    give_points(item(campaign).pk, LONG)
    assert [point["key"] for point in item(campaign).points or ()] == ["long"]
    held = claim(campaign, person(annotator))
    assert held is not None
    with pytest.raises(WrongState, match="somebody has the item open"):
        give_points(item(campaign).pk, SHORT)
    submit(held, person(annotator), {"checks": {"a": {"long": "no"}}})
    with pytest.raises(WrongState, match="have been answered"):
        give_points(item(campaign).pk, SHORT)
    assert item(campaign).points == [point.as_json() for point in LONG]


def test_the_same_points_again_change_nothing_even_when_they_are_answered(campaign: Campaign, annotator: User) -> None:
    add_member(campaign, person(annotator))
    give_points(item(campaign).pk, SHORT)
    held = claim(campaign, person(annotator))
    assert held is not None
    submit(held, person(annotator), {"checks": {"a": {"short": "no"}}})
    give_points(item(campaign).pk, SHORT)
    assert in_use(item(campaign))
    assert Annotation.objects.count() == 1


def test_a_withdrawn_item_gets_points_and_stays_out(campaign: Campaign) -> None:
    campaign.items.filter(key="r0").update(withdrawn_at="2026-01-01T00:00Z")
    give_points(item(campaign).pk, SHORT)
    assert slots(campaign)["r0"] == "parked"


def test_a_new_version_that_wants_points_made_keeps_the_items_back_and_another_lets_them_go(
    researcher: User,
) -> None:
    fixed = CHECKS | {"config": {"points": ["cites"]}}
    campaign = waiting_campaign(researcher, "One?", "Two?", questions=[fixed])
    assert set(slots(campaign).values()) == {"open"}
    revise_campaign(campaign, definition_of(campaign) | {"questions": [CHECKS]})
    assert set(slots(campaign).values()) == {"parked"}
    assert Unit.objects.filter(waits="points").count() == 2
    revise_campaign(campaign, definition_of(campaign) | {"questions": [fixed]})
    assert set(slots(campaign).values()) == {"open"}


def test_the_same_file_again_adds_nothing_once_points_are_accepted(campaign: Campaign) -> None:
    give_points(item(campaign).pk, SHORT)
    job = import_rows(campaign, rows("Why is the sky blue?", "Name a river.", "Translate “cat”."))
    assert (job.done, job.repeated, job.rejected) == (3, 3, 0)
    assert item(campaign).points == [point.as_json() for point in SHORT]
