"""The single door for answers."""

from typing import Any

import pytest

from annotate.assigning import claim
from annotate.campaigns import change_state, remove_member
from annotate.errors import Invalid, NotAllowed, NotRunning, RevisionConflict
from annotate.models import Annotation, Annotator, Assignment, Campaign, Preference, Revision, User
from annotate.submitting import Submitted, draft_of, save_draft, submit
from tests.factories import person, running_campaign

pytestmark = pytest.mark.django_db

A, B, TIE = ({"overall": {"preferred": preferred}} for preferred in ("a", "b", None))


@pytest.fixture
def me(annotator: User) -> Annotator:
    return person(annotator)


@pytest.fixture
def campaign(researcher: User, annotator: User) -> Campaign:
    return running_campaign(researcher, 3, [annotator], overlap=2)


@pytest.fixture
def held(campaign: Campaign, me: Annotator) -> Assignment:
    assignment = claim(campaign, me)
    assert assignment is not None
    return assignment


def signs() -> list[int]:
    return list(Preference.objects.order_by("pk").values_list("sign", flat=True))


def test_it_stores_the_answers_and_leases_the_next(held: Assignment, me: Annotator) -> None:
    done = submit(held, me, A, active_seconds=4)
    held.refresh_from_db()
    assert (done.outcome, done.annotation.answers, done.annotation.active_seconds) == ("created", A, 4.0)
    assert (held.state, held.done_at is not None) == ("done", True)
    assert done.next is not None
    assert (done.next.unit.item.key, done.next.state, done.next.annotator) == ("r1", "leased", me)
    assert signs() == [1]


def test_the_next_is_the_one_after_those_that_the_tab_holds(
    campaign: Campaign, held: Assignment, me: Annotator
) -> None:
    ahead = claim(campaign, me, [held.pk])
    assert ahead is not None
    done = submit(held, me, A, holding=[ahead.pk])
    assert done.next is not None
    assert done.next.unit.item.key == "r2"
    assert submit(ahead, me, A).next == done.next


def test_without_claim_next_nothing_more_is_leased(held: Assignment, me: Annotator) -> None:
    assert submit(held, me, A, claim_next=False).next is None
    assert not Assignment.objects.filter(state="leased").exists()


def test_a_repeat_writes_nothing(held: Assignment, me: Annotator) -> None:
    first = submit(held, me, A, active_seconds=4).annotation
    for revises in (None, 1, 7):
        again = submit(held, me, {"overall": {"preferred": "a", "strength": None}}, active_seconds=9, revises=revises)
        assert (again.outcome, again.next) == ("repeated", None)
    first.refresh_from_db()
    assert (first.revision, first.active_seconds, signs(), Revision.objects.count()) == (1, 4.0, [1], 0)
    assert Assignment.objects.filter(state="leased").count() == 1


@pytest.mark.parametrize("revises", [None, 0, 2, -1])
def test_other_answers_need_the_revision_one_has_seen(held: Assignment, me: Annotator, revises: int | None) -> None:
    submit(held, me, A)
    with pytest.raises(RevisionConflict, match="at revision 1") as refused:
        submit(held, me, B, revises=revises)
    assert refused.value.fields == {"revises": "1"}
    assert (Annotation.objects.get().answers, signs()) == (A, [1])


def test_a_revision_keeps_what_it_replaces(held: Assignment, me: Annotator) -> None:
    first = submit(held, me, A, active_seconds=4).annotation
    assert submit(held, me, B, revises=1, active_seconds=6).outcome == "revised"
    third: Submitted = submit(held, me, TIE, revises=2)
    kept = Revision.objects.order_by("number").values_list("number", "answers", "active_seconds")
    assert list(kept) == [(1, A, 4.0), (2, B, 6.0)]
    assert Revision.objects.order_by("number")[0].created_at == first.created_at
    annotation = Annotation.objects.get()
    assert (annotation.revision, annotation.answers, annotation.active_seconds) == (3, TIE, 6.0)
    assert annotation.created_at == first.created_at
    assert annotation.changed_at > first.changed_at
    assert third.next is None
    assert signs() == [0]


@pytest.mark.parametrize("answers", [{}, None, {"overall": {"preferred": "z"}}, {"overall": A, "other": 1}, "a"])
def test_invalid_answers_leave_the_lease_and_store_nothing(held: Assignment, me: Annotator, answers: Any) -> None:
    with pytest.raises(Invalid):
        submit(held, me, answers)
    held.refresh_from_db()
    assert (held.state, held.annotator) == ("leased", me)
    assert not Annotation.objects.exists()


@pytest.mark.parametrize("seconds", [-1, 86401, float("nan"), "3", True, [], 10**400])
def test_impossible_seconds_are_refused(held: Assignment, me: Annotator, seconds: Any) -> None:
    with pytest.raises(Invalid, match="0 to 86400"):
        submit(held, me, A, active_seconds=seconds)


def test_a_paused_campaign_takes_what_is_held_and_gives_nothing_new(
    campaign: Campaign, held: Assignment, me: Annotator
) -> None:
    change_state(campaign, "pause")
    done = submit(held, me, A)
    assert (done.outcome, done.next) == ("created", None)
    assert submit(held, me, A).outcome == "repeated"
    with pytest.raises(NotRunning, match="only while it is"):
        submit(held, me, B, revises=1)
    assert signs() == [1]


def test_who_has_left_the_campaign_cannot_submit(campaign: Campaign, held: Assignment, me: Annotator) -> None:
    remove_member(campaign, campaign.members.get(annotator=me).pk)
    with pytest.raises(NotAllowed):
        submit(held, me, A)


def test_a_draft_is_kept_until_it_is_submitted(held: Assignment, me: Annotator) -> None:
    save_draft(held, me, {"overall": {"preferred": "unfinished"}})
    save_draft(held, me, {"overall": 1})
    assert draft_of(held, me) == {"overall": 1}
    submit(held, me, A)
    assert draft_of(held, me) is None


@pytest.mark.parametrize("answers", [None, [], "x", {"overall": "a\0b"}, {"\ud800": 1}, {"x": float("inf")}])
def test_a_draft_that_cannot_be_stored_is_refused(held: Assignment, me: Annotator, answers: Any) -> None:
    with pytest.raises(Invalid) as refused:
        save_draft(held, me, answers)
    assert all(field.startswith("answers") for field in refused.value.fields)
