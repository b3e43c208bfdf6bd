"""Who gets which assignment."""

from datetime import timedelta

import pytest
from django.utils import timezone

from annotate.assigning import claim, release, renew
from annotate.campaigns import add_member, change_state, remove_member
from annotate.errors import NotAllowed, NotRunning, TooManyHeld
from annotate.flagging import skip
from annotate.models import Annotator, Assignment, Campaign, Unit, User
from annotate.submitting import submit
from tests.factories import make_user, person, running_campaign

pytestmark = pytest.mark.django_db


def expire(assignment: Assignment) -> None:
    Assignment.objects.filter(pk=assignment.pk).update(leased_until=timezone.now() - timedelta(seconds=1))


def got(campaign: Campaign, annotator: Annotator, *holding: Assignment) -> Assignment:
    assignment = claim(campaign, annotator, [a.pk for a in holding])
    assert assignment is not None
    return assignment


def reserve(campaign: Campaign, annotator: Annotator, item: str, **fields: object) -> Assignment:
    unit = Unit.objects.get(campaign=campaign, item__key=item)
    return Assignment.objects.create(
        campaign=campaign, version=campaign.current, unit=unit, shown=unit.keys, reserved_for=annotator, **fields
    )


def test_the_first_open_row_is_leased_for_as_long_as_the_campaign_says(researcher: User, annotator: User) -> None:
    campaign = running_campaign(researcher, 2, [annotator], lease_minutes=10)
    first = got(campaign, person(annotator))
    assert (first.unit.item.key, first.state, first.annotator) == ("r0", "leased", person(annotator))
    assert first.leased_until is not None
    assert abs(first.leased_until - timezone.now() - timedelta(minutes=10)) < timedelta(minutes=1)


def test_a_reload_returns_what_is_held_and_renews_it(researcher: User, annotator: User) -> None:
    campaign, me = running_campaign(researcher, 3, [annotator]), person(annotator)
    first = got(campaign, me)
    expire(first)
    again = got(campaign, me)
    assert again == first
    assert again.leased_until is not None
    assert again.leased_until > timezone.now()
    assert again.leased_at == first.leased_at


def test_the_oldest_held_comes_first_and_two_is_the_most(researcher: User, annotator: User) -> None:
    campaign, me = running_campaign(researcher, 3, [annotator]), person(annotator)
    first = got(campaign, me)
    second = got(campaign, me, first)
    assert second != first
    assert got(campaign, me) == first
    assert got(campaign, me, first) == second
    with pytest.raises(TooManyHeld):
        claim(campaign, me, [first.pk, second.pk])


def test_holding_what_one_does_not_hold_changes_nothing(researcher: User, annotator: User) -> None:
    campaign, me = running_campaign(researcher, 1, [annotator]), person(annotator)
    assert claim(campaign, me, [10**30, -1, 0]) == got(campaign, me)


def test_a_judge_holds_any_number_of_the_rows_reserved_for_it_and_no_others(researcher: User) -> None:
    campaign = running_campaign(researcher, 4)
    judge = Annotator.objects.create(organisation=campaign.organisation, campaign=campaign, kind="judge", name="j")
    add_member(campaign, judge)
    rows = [reserve(campaign, judge, f"r{i}") for i in range(3)]
    held: list[Assignment] = []
    while row := claim(campaign, judge, [a.pk for a in held]):
        held.append(row)
    assert held == rows


def test_what_is_reserved_comes_before_what_is_open_and_goes_to_nobody_else(researcher: User, annotator: User) -> None:
    other = make_user("bob")
    campaign = running_campaign(researcher, 2, [annotator, other])
    mine = reserve(campaign, person(annotator), "r1", round=1)
    assert got(campaign, person(other)).reserved_for is None
    assert got(campaign, person(annotator)) == mine


def test_open_rows_come_before_expired_ones(researcher: User, annotator: User) -> None:
    other = make_user("bob")
    campaign = running_campaign(researcher, 2, [annotator, other])
    expire(lost := got(campaign, person(annotator)))
    assert got(campaign, person(other)).unit.item.key == "r1"
    passed_on = got(campaign, person(other), *Assignment.objects.filter(annotator=person(other)))
    assert passed_on == lost
    assert claim(campaign, person(annotator)) is None


def test_the_longest_expired_passes_on_first(researcher: User, annotator: User) -> None:
    other = make_user("bob")
    campaign, me = running_campaign(researcher, 2, [annotator, other]), person(annotator)
    first = got(campaign, me)
    second = got(campaign, me, first)
    for minutes, row in ((1, first), (9, second)):
        Assignment.objects.filter(pk=row.pk).update(leased_until=timezone.now() - timedelta(minutes=minutes))
    assert got(campaign, person(other)) == second


def test_a_reserved_row_whose_lease_ran_out_stays_reserved(researcher: User, annotator: User) -> None:
    other = make_user("bob")
    campaign = running_campaign(researcher, 1, [annotator, other])
    mine = reserve(campaign, person(annotator), "r0", round=1)
    assert got(campaign, person(annotator)) == mine
    expire(mine)
    assert got(campaign, person(other)).reserved_for is None
    assert claim(campaign, person(other), [Assignment.objects.get(annotator=person(other)).pk]) is None


def test_nobody_gets_a_unit_twice_in_a_round(researcher: User, annotator: User) -> None:
    campaign, me = running_campaign(researcher, 3, [annotator], overlap=3), person(annotator)
    skip(got(campaign, me), me, "not my language")
    submit(done := got(campaign, me), me, {"overall": {"preferred": "a"}}, claim_next=False)
    third = got(campaign, me)
    assert [a.unit.item.key for a in (done, third)] == ["r1", "r2"]
    assert claim(campaign, me, [third.pk]) is None
    repeat = reserve(campaign, me, "r1", round=1)
    assert claim(campaign, me, [third.pk]) == repeat


def test_a_skipped_row_goes_to_somebody_else_behind_the_others(researcher: User, annotator: User) -> None:
    other = make_user("bob")
    campaign, me = running_campaign(researcher, 2, [annotator, other]), person(annotator)
    skip(got(campaign, me), me, "too long")
    first = got(campaign, person(other))
    assert [first.unit.item.key, got(campaign, person(other), first).unit.item.key] == ["r1", "r0"]


def test_a_released_row_is_open_again_even_for_its_holder(researcher: User, annotator: User) -> None:
    campaign, me = running_campaign(researcher, 1, [annotator]), person(annotator)
    held = got(campaign, me)
    assert release(held, me)
    assert not release(held, me)
    assert not renew(held, me)
    assert got(campaign, me) == held


def test_only_members_claim_and_only_while_it_runs(researcher: User, annotator: User) -> None:
    campaign = running_campaign(researcher, 1, [annotator])
    with pytest.raises(NotAllowed):
        claim(campaign, person(make_user("bob")))
    change_state(campaign, "pause")
    with pytest.raises(NotRunning):
        claim(campaign, person(annotator))
    change_state(campaign, "launch")
    remove_member(campaign, campaign.members.get(annotator=person(annotator)).pk)
    with pytest.raises(NotAllowed):
        claim(campaign, person(annotator))
