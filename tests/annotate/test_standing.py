"""Pausing, excluding and weighing annotators, through the real doors."""

import threading
from typing import Any

import pytest
from django.db import connection, transaction

from annotate.assigning import claim
from annotate.campaigns import add_member
from annotate.errors import Invalid, PausedHere
from annotate.frames import Frames
from annotate.models import Assignment, Campaign, Draft, User
from annotate.parking import withdraw
from annotate.standing import exclude, include, pause, resume, standing_of, weigh
from annotate.submitting import submit
from tests.factories import make_user, person, running_campaign

pytestmark = pytest.mark.django_db
ANSWER = {"overall": {"preferred": "a"}}


@pytest.fixture
def boss() -> User:
    return make_user("boss", "researcher")


@pytest.fixture
def ann() -> User:
    return make_user("ann")


@pytest.fixture
def campaign(boss: User, ann: User) -> Campaign:
    return running_campaign(boss, 2, [ann])


def held_by(campaign: Campaign, user: User) -> Assignment:
    found = claim(campaign, person(user))
    assert found is not None
    return found


def base_rows(campaign: Campaign) -> list[tuple[str, int | None]]:
    rows = Assignment.objects.filter(campaign=campaign).exclude(slot=None).order_by("unit", "slot")
    return list(rows.values_list("state", "annotator"))


def test_a_paused_annotator_gets_nothing_and_what_he_held_goes_to_others(
    campaign: Campaign, boss: User, ann: User
) -> None:
    held = held_by(campaign, ann)
    pause(campaign, person(ann), person(boss), "too fast")
    held.refresh_from_db()
    assert (held.state, held.annotator) == ("open", None)
    with pytest.raises(PausedHere, match="researcher has paused you"):
        claim(campaign, person(ann))
    assert standing_of(campaign, person(ann)).note == "too fast"


def test_what_a_paused_annotator_sends_is_refused_and_kept_as_a_draft(
    campaign: Campaign, boss: User, ann: User
) -> None:
    held = held_by(campaign, ann)
    pause(campaign, person(ann), person(boss))
    with pytest.raises(PausedHere):
        submit(held, person(ann), ANSWER)
    assert Draft.objects.get(assignment=held, annotator=person(ann)).answers == ANSWER
    assert not campaign.annotations.exists()


def test_who_is_resumed_goes_on(campaign: Campaign, boss: User, ann: User) -> None:
    pause(campaign, person(ann), person(boss))
    resume(campaign, person(ann), person(boss))
    assert held_by(campaign, ann).annotator == person(ann)


def test_an_excluded_annotators_records_leave_the_frames_and_come_back(
    campaign: Campaign, boss: User, ann: User
) -> None:
    submit(held_by(campaign, ann), person(ann), ANSWER)
    exclude(campaign, person(ann), person(boss))
    assert len(Frames(campaign).preferences("overall")) == 0
    include(campaign, person(ann), person(boss))
    assert len(Frames(campaign).preferences("overall")) == 1


def test_others_are_asked_what_an_excluded_annotator_answered_once(campaign: Campaign, boss: User, ann: User) -> None:
    other = make_user("other")
    add_member(campaign, person(other))
    done = held_by(campaign, ann)
    submit(done, person(ann), ANSWER, claim_next=False)
    for _ in range(2):
        exclude(campaign, person(ann), person(boss), ask_others=True)
    done.refresh_from_db()
    assert (done.slot, done.reserved_for, done.state) == (None, person(ann), "done")
    assert base_rows(campaign) == [("open", None), ("open", None)]
    submit(held_by(campaign, other), person(other), ANSWER, claim_next=False)
    submit(held_by(campaign, other), person(other), ANSWER, claim_next=False)
    assert campaign.annotations.filter(unit=done.unit_id, annotator=person(other)).exists()


def test_including_gives_the_slot_back_where_nobody_has_taken_it(campaign: Campaign, boss: User, ann: User) -> None:
    done = held_by(campaign, ann)
    submit(done, person(ann), ANSWER, claim_next=False)
    exclude(campaign, person(ann), person(boss), ask_others=True)
    include(campaign, person(ann), person(boss))
    done.refresh_from_db()
    assert (done.slot, done.reserved_for) == (0, None)
    assert sorted(state for state, _ in base_rows(campaign)) == ["done", "open"]
    assert Frames(campaign).preferences("overall").base.tolist() == [True]


def test_including_leaves_a_slot_that_somebody_else_has_answered(campaign: Campaign, boss: User, ann: User) -> None:
    other = make_user("other")
    add_member(campaign, person(other))
    done = held_by(campaign, ann)
    submit(done, person(ann), ANSWER, claim_next=False)
    exclude(campaign, person(ann), person(boss), ask_others=True)
    for _ in range(2):
        submit(held_by(campaign, other), person(other), ANSWER, claim_next=False)
    include(campaign, person(ann), person(boss))
    done.refresh_from_db()
    assert done.slot is None
    assert base_rows(campaign) == [("done", person(other).pk)] * 2


def test_including_takes_no_slot_in_which_somebody_has_left_a_draft(campaign: Campaign, boss: User, ann: User) -> None:
    done = held_by(campaign, ann)
    submit(done, person(ann), ANSWER, claim_next=False)
    exclude(campaign, person(ann), person(boss), ask_others=True)
    fresh = Assignment.objects.exclude(pk=done.pk).get(unit=done.unit)
    Draft.objects.create(assignment=fresh, annotator=person(boss), answers=ANSWER)
    include(campaign, person(ann), person(boss))
    assert Draft.objects.get().assignment == fresh
    done.refresh_from_db()
    assert done.slot is None


@pytest.mark.django_db(transaction=True)
def test_including_takes_no_slot_that_is_being_claimed(campaign: Campaign, boss: User, ann: User) -> None:
    done = held_by(campaign, ann)
    submit(done, person(ann), ANSWER, claim_next=False)
    exclude(campaign, person(ann), person(boss), ask_others=True)

    failures: list[Exception] = []

    def include_him() -> None:
        try:
            include(campaign, person(ann), person(boss))
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=include_him)
    with transaction.atomic():
        for _ in range(2):
            held = held_by(campaign, boss)
            submit(held, person(boss), ANSWER, claim_next=False)
        thread.start()
        thread.join(1)
    thread.join()
    assert not failures
    done.refresh_from_db()
    assert (done.slot, campaign.annotations.filter(annotator=person(boss)).count()) == (None, 2)


def test_whom_an_item_was_taken_from_gets_no_open_row_for_others(campaign: Campaign, boss: User, ann: User) -> None:
    done = held_by(campaign, ann)
    submit(done, person(ann), ANSWER, claim_next=False)
    withdraw(done.unit.item)
    exclude(campaign, person(ann), person(boss), ask_others=True)
    assert sorted(Assignment.objects.filter(unit=done.unit).values_list("state", flat=True)) == ["done", "parked"]


@pytest.mark.parametrize("weight", [0, -1, 101, True, "2", None, float("nan")])
def test_a_weight_out_of_range_is_refused(campaign: Campaign, boss: User, ann: User, weight: Any) -> None:
    with pytest.raises(Invalid, match="weight"):
        weigh(campaign, person(ann), person(boss), weight)


def test_a_weight_is_what_the_frames_say(campaign: Campaign, boss: User, ann: User) -> None:
    weigh(campaign, person(ann), person(boss), 2)
    assert Frames(campaign).annotators[person(ann).pk].weight == 2


def test_a_note_that_is_no_text_is_refused(campaign: Campaign, boss: User, ann: User) -> None:
    with pytest.raises(Invalid, match="note"):
        pause(campaign, person(ann), person(boss), 3)
