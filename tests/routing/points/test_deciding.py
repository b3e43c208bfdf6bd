"""Accepting and turning down proposals, alone and beside others."""

import pytest

from annotate.assigning import claim
from annotate.campaigns import add_member
from annotate.errors import WrongState
from annotate.kinds.points import read_points
from annotate.models import Campaign, User
from routing.models import Judge, JudgeRun, Proposal
from routing.points.deciding import DecidedMeanwhile, accept, accept_all, keep_typed, mark_of, reject
from routing.points.editing import rows_of
from tests.factories import make_user, person
from tests.routing.judged import make_judge
from tests.routing.points.proposing import TYPED, proposal_of, propose_now, slots, writer

pytestmark = pytest.mark.django_db


@pytest.fixture
def proposal(judge: Judge) -> Proposal:
    propose_now(judge)
    return proposal_of(judge)


def test_accepted_points_become_the_items_and_open_it(campaign: Campaign, proposal: Proposal, researcher: User) -> None:
    accepted = accept(proposal, researcher, read_points(TYPED))
    assert (accepted.state, accepted.decided_by) == ("accepted", researcher)
    assert campaign.items.get(key="r0").points == TYPED
    assert accepted.points != TYPED
    assert slots(campaign) == {"r0": "open", "r1": "parked", "r2": "parked"}


def test_a_proposal_that_is_turned_down_asks_nothing(campaign: Campaign, proposal: Proposal, researcher: User) -> None:
    assert reject(proposal, researcher, "too vague").reason == "too vague"
    assert set(slots(campaign).values()) == {"parked"}
    assert accept(proposal_of(proposal.judge), researcher, read_points(TYPED)).state == "accepted"


def test_what_is_accepted_can_be_changed_but_not_turned_down(proposal: Proposal, researcher: User) -> None:
    accept(proposal, researcher, read_points(proposal.points))
    accept(proposal_of(proposal.judge), researcher, read_points(TYPED))
    assert proposal_of(proposal.judge).item.points == TYPED
    with pytest.raises(WrongState, match="change them instead"):
        reject(proposal, researcher)


def test_who_comes_second_is_told_what_was_decided(proposal: Proposal, researcher: User) -> None:
    seen, other = mark_of(proposal), make_user("rolf", "researcher")
    accept(proposal, other, read_points(proposal.points), seen)
    with pytest.raises(DecidedMeanwhile, match="rolf has accepted these points meanwhile"):
        accept(proposal, researcher, read_points(TYPED), seen)
    with pytest.raises(DecidedMeanwhile):
        reject(proposal, researcher, "", seen)
    assert proposal_of(proposal.judge).item.points == proposal.points


def test_points_that_somebody_sees_stay(
    campaign: Campaign, proposal: Proposal, researcher: User, annotator: User
) -> None:
    accept(proposal, researcher, read_points(proposal.points))
    add_member(campaign, person(annotator))
    assert claim(campaign, person(annotator)) is not None
    with pytest.raises(WrongState, match="somebody has the item open"):
        accept(proposal_of(proposal.judge), researcher, read_points(TYPED))
    assert proposal_of(proposal.judge).accepted == proposal.points


def test_an_item_has_one_checklist(campaign: Campaign, proposal: Proposal, researcher: User) -> None:
    second = writer(campaign, "wilma")
    propose_now(second)
    accept(proposal_of(second), researcher, read_points(TYPED))
    turned_down = proposal_of(proposal.judge)
    assert (turned_down.state, turned_down.reason) == ("rejected", "other points were accepted for this item")


def test_all_are_accepted_but_those_that_somebody_has_begun_to_change(
    campaign: Campaign, proposal: Proposal, researcher: User
) -> None:
    assert keep_typed(proposal, rows_of(TYPED), mark_of(proposal))
    assert accept_all(campaign, researcher) == 2
    assert slots(campaign) == {"r0": "parked", "r1": "open", "r2": "open"}
    held = proposal_of(proposal.judge)
    assert (held.state, held.accepted) == ("proposed", rows_of(TYPED))
    assert accept_all(campaign, researcher) == 0


def test_of_two_judges_proposals_the_first_is_accepted(
    campaign: Campaign, proposal: Proposal, researcher: User
) -> None:
    second = writer(campaign, "wilma")
    propose_now(second)
    assert accept_all(campaign, researcher) == 3
    assert set(Proposal.objects.filter(judge=second).values_list("state", flat=True)) == {"rejected"}


def test_what_is_typed_back_to_what_was_proposed_is_unchanged(proposal: Proposal) -> None:
    typed = keep_typed(proposal, rows_of(TYPED), mark_of(proposal))
    assert keep_typed(proposal, rows_of(proposal.points), typed) == mark_of(proposal)
    assert proposal_of(proposal.judge).accepted is None


def test_what_another_typed_meanwhile_is_neither_overwritten_nor_passed_over(
    proposal: Proposal, researcher: User
) -> None:
    seen = mark_of(proposal)
    theirs = keep_typed(proposal, rows_of(TYPED), seen)
    assert theirs == mark_of(proposal_of(proposal.judge))
    assert keep_typed(proposal, rows_of(proposal.points), seen) is None
    with pytest.raises(DecidedMeanwhile, match="has changed these points"):
        accept(proposal, researcher, read_points(TYPED), seen)
    with pytest.raises(DecidedMeanwhile, match="has changed these points"):
        reject(proposal, researcher, "", seen)
    assert proposal_of(proposal.judge).accepted == rows_of(TYPED)
    assert accept(proposal, researcher, read_points(TYPED), theirs).accepted == TYPED


def test_what_is_typed_late_does_not_touch_what_is_accepted(proposal: Proposal, researcher: User) -> None:
    seen = mark_of(proposal)
    accept(proposal, researcher, read_points(proposal.points))
    assert not keep_typed(proposal, rows_of(TYPED), seen)
    assert proposal_of(proposal.judge).accepted == proposal.points


def test_accepted_points_start_the_judges_that_answer_for_the_campaign(
    campaign: Campaign, proposal: Proposal, researcher: User
) -> None:
    answering = make_judge(campaign, "writing", "judy")
    Judge.objects.filter(pk=answering.pk).update(runs_at_launch=True)
    accept(proposal, researcher, read_points(TYPED))
    assert JudgeRun.objects.get(judge=answering).purpose == "answers"
