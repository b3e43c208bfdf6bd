"""Leases that ran out, passed on, or were given back."""

import pytest

from annotate.assigning import claim, release
from annotate.errors import Invalid, LeaseLost
from annotate.flagging import skip
from annotate.models import Annotation, Annotator, Assignment, Campaign, Draft, Skip, User
from annotate.submitting import draft_of, save_draft, submit
from tests.factories import make_user, person, running_campaign

pytestmark = pytest.mark.django_db

A, B = ({"overall": {"preferred": preferred}} for preferred in "ab")


@pytest.fixture
def other() -> User:
    return make_user("bob")


@pytest.fixture
def campaign(researcher: User, annotator: User, other: User) -> Campaign:
    return running_campaign(researcher, 1, [annotator, other])


@pytest.fixture
def held(campaign: Campaign, annotator: User) -> Assignment:
    assignment = claim(campaign, person(annotator))
    assert assignment is not None
    Assignment.objects.update(leased_until="2020-01-01T00:00:00Z")
    return assignment


def test_an_expired_lease_that_nobody_took_is_still_its_holders(held: Assignment, annotator: User) -> None:
    save_draft(held, person(annotator), A)
    assert submit(held, person(annotator), A).outcome == "created"


def test_a_lost_lease_keeps_the_answers_as_a_draft_and_says_so(
    campaign: Campaign, held: Assignment, annotator: User, other: User
) -> None:
    assert claim(campaign, person(other)) == held
    with pytest.raises(LeaseLost, match="kept as a draft"):
        submit(held, person(annotator), A)
    with pytest.raises(LeaseLost):
        save_draft(held, person(annotator), B)
    assert draft_of(held, person(annotator)) == B
    assert draft_of(held, person(other)) is None
    assert submit(held, person(other), A).outcome == "created"
    with pytest.raises(LeaseLost):
        submit(held, person(annotator), A)
    assert Annotation.objects.get().annotator == person(other)


def test_a_draft_is_there_when_the_row_comes_back(campaign: Campaign, held: Assignment, annotator: User) -> None:
    save_draft(held, person(annotator), A)
    release(held, person(annotator))
    with pytest.raises(LeaseLost):
        submit(held, person(annotator), B)
    assert claim(campaign, person(annotator)) == held
    assert draft_of(held, person(annotator)) == B


def test_a_skip_is_noted_once_and_leaves_the_draft(campaign: Campaign, held: Assignment, annotator: User) -> None:
    save_draft(held, person(annotator), A)
    for _ in range(2):
        skip(held, person(annotator), "  too long ")
    assert list(Skip.objects.values_list("unit", "annotator", "reason")) == [
        (held.unit_id, person(annotator).pk, "too long")
    ]
    assert Draft.objects.get().answers == A
    held.refresh_from_db()
    assert (held.state, held.annotator) == ("open", None)


def test_only_the_holder_skips(held: Assignment, other: User) -> None:
    with pytest.raises(LeaseLost):
        skip(held, person(other), "not mine")
    assert not Skip.objects.exists()


@pytest.mark.parametrize("reason", [None, "", "   ", "x" * 501, 3, ["x"], "a\0b", "\ud800"])
def test_a_skip_says_why(held: Assignment, annotator: User, reason: object) -> None:
    with pytest.raises(Invalid) as refused:
        skip(held, person(annotator), reason)
    assert list(refused.value.fields) == ["reason"]


def test_what_a_judge_holds_is_not_a_persons_to_answer(campaign: Campaign, held: Assignment, annotator: User) -> None:
    judge = Annotator.objects.create(organisation=campaign.organisation, campaign=campaign, kind="judge", name="j")
    row = Assignment.objects.create(
        campaign=campaign, version=campaign.current, unit=held.unit, shown=held.shown, reserved_for=judge
    )
    with pytest.raises(LeaseLost):
        submit(row, person(annotator), A)
    row.refresh_from_db()
    assert (row.state, row.annotator) == ("open", None)
