"""The item that waits behind the one on the screen is leased for a short while only."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from annotate.assigning import claim, hold, renew
from annotate.models import Annotator, Assignment, Campaign, User
from annotate.submitting import save_draft, submit
from tests.factories import make_user, person, running_campaign

pytestmark = pytest.mark.django_db

A = {"overall": {"preferred": "a"}}
SHORT, FULL = timedelta(minutes=3), timedelta(minutes=30)


@pytest.fixture
def me(annotator: User) -> Annotator:
    return person(annotator)


@pytest.fixture
def campaign(researcher: User, annotator: User) -> Campaign:
    return running_campaign(researcher, 4, [annotator])


def left(assignment: Assignment | None) -> timedelta:
    """How long the lease lasts from now, by the database's own time stamp."""
    assert assignment is not None
    assignment.refresh_from_db(fields=["leased_until"])
    assert isinstance(assignment.leased_until, datetime)
    return assignment.leased_until - timezone.now()


def about(length: timedelta, wanted: timedelta) -> bool:
    return abs(length - wanted) < timedelta(seconds=20)


def test_the_first_is_leased_in_full_and_the_next_for_a_short_while(campaign: Campaign, me: Annotator) -> None:
    first = claim(campaign, me)
    assert first is not None
    assert about(left(first), FULL)
    assert about(left(claim(campaign, me, [first.pk])), SHORT)
    assert about(left(first), FULL)


def test_a_submit_leases_the_next_shortly_and_what_is_on_the_screen_in_full(campaign: Campaign, me: Annotator) -> None:
    first = claim(campaign, me)
    assert first is not None
    second = claim(campaign, me, [first.pk])
    assert second is not None
    done = submit(first, me, A, holding=[second.pk], showing=second.pk)
    assert about(left(done.next), SHORT)
    assert about(left(second), FULL)
    assert done.shown_until == second.leased_until


def test_without_holding_a_submit_leases_the_next_in_full(campaign: Campaign, me: Annotator) -> None:
    first = claim(campaign, me)
    assert first is not None
    assert about(left(submit(first, me, A).next), FULL)


def test_waiting_on_never_shortens_a_lease(campaign: Campaign, me: Annotator) -> None:
    """Another tab may have the item on the screen."""
    first = claim(campaign, me)
    assert first is not None
    second = claim(campaign, me, [first.pk])
    assert second is not None
    assert hold(campaign, second.pk, me) is not None
    assert renew(second, me, waits=True)
    assert claim(campaign, me, [first.pk]) == second
    assert about(left(second), FULL)


def test_a_draft_makes_the_lease_a_full_one(campaign: Campaign, me: Annotator) -> None:
    first = claim(campaign, me)
    assert first is not None
    second = claim(campaign, me, [first.pk])
    assert second is not None
    save_draft(second, me, {})
    assert about(left(second), FULL)


def test_a_campaigns_lease_that_is_shorter_holds(researcher: User, annotator: User, me: Annotator) -> None:
    campaign = running_campaign(researcher, 2, [annotator], slug="quick", lease_minutes=1)
    first = claim(campaign, me)
    assert first is not None
    assert about(left(claim(campaign, me, [first.pk])), timedelta(minutes=1))


def test_after_a_crash_the_waiting_item_passes_on_and_its_late_answer_is_kept(
    researcher: User, annotator: User, me: Annotator
) -> None:
    other = make_user("bob")
    campaign = running_campaign(researcher, 2, [annotator, other], slug="crash")
    first = claim(campaign, me)
    assert first is not None
    second = claim(campaign, me, [first.pk])
    assert second is not None
    assert claim(campaign, person(other)) is None
    Assignment.objects.filter(pk__in=[first.pk, second.pk]).update(leased_until=timezone.now() + FULL - SHORT)
    Assignment.objects.filter(pk=second.pk).update(leased_until=timezone.now() - timedelta(seconds=1))
    assert claim(campaign, person(other)) == second
    assert not renew(second, me, waits=True)
    assert hold(campaign, second.pk, me) is None


def test_a_judges_batch_is_leased_in_full(campaign: Campaign) -> None:
    judge = Annotator.objects.create(organisation=campaign.organisation, campaign=campaign, kind="judge", name="j")
    campaign.members.create(annotator=judge)
    for unit in campaign.units.all()[:2]:
        Assignment.objects.create(
            campaign=campaign, version=campaign.current, unit=unit, shown=unit.keys, reserved_for=judge
        )
    first = claim(campaign, judge)
    assert first is not None
    assert about(left(claim(campaign, judge, [first.pk])), FULL)
