"""Runs that propose checklists: what is asked, what comes of it, what a second run does."""

import pytest

from annotate import jobs
from annotate.errors import Invalid, WrongState
from annotate.models import Assignment, Campaign, User
from routing import tasks
from routing.asking import model_of
from routing.calling.opening import open_exchange
from routing.models import Judge, JudgeCall, JudgeRun, Proposal
from routing.points import running
from routing.points.asking import ask
from routing.points.running import start_generation
from tests.routing.judged import counts, judged_campaign, make_judge
from tests.routing.points.proposing import proposal_of, propose_now, waiting_campaign, writer

pytestmark = pytest.mark.django_db


def test_a_run_proposes_a_checklist_for_every_item_and_asks_nothing_yet(campaign: Campaign, judge: Judge) -> None:
    assert counts(propose_now(judge)) == ("done", 3, 0, 3)
    proposal = proposal_of(judge)
    assert (proposal.state, proposal.question) == ("proposed", "checks")
    assert [point["text"] for point in proposal.points] == ["Does it answer the question?", "Is it a single sentence?"]
    assert proposal.item.points is None
    assert set(campaign.assignments.values_list("state", flat=True)) == {Assignment.State.PARKED}


def test_the_judge_sees_the_request_and_no_completion(judge: Judge) -> None:
    propose_now(judge)
    call = JudgeCall.objects.get(item__key="r0")
    assert call.assignment is None
    assert "Why is the sky blue?" in str(call.request)
    assert "SECRET" not in str(call.request)


def test_what_is_no_checklist_fails_with_its_reason_and_nothing_is_made_up(researcher: User) -> None:
    judge = writer(waiting_campaign(researcher, "FEW", "MANY", "EMPTY", "LONG", "PROSE", "DOWN", "Fine?"))
    assert counts(propose_now(judge)) == ("done", 1, 6, 7)
    found = Proposal.objects.filter(state="failed").order_by("item__key").values_list("reason", "points")
    reasons = [reason for reason, _ in found]
    assert reasons[0] == "1 points; a checklist has 2 to 8"
    assert reasons[5] == "provider_error: the server is away"
    assert all(points == [] for _, points in found)


def test_a_second_run_asks_only_about_what_failed(researcher: User) -> None:
    judge = writer(waiting_campaign(researcher, "DOWN", "Fine?"))
    propose_now(judge)
    judge.campaign.items.filter(key="r0").update(prompt="Up again?")
    assert counts(propose_now(judge)) == ("done", 2, 0, 2)
    assert JudgeCall.objects.filter(item__key="r1").count() == 1
    with pytest.raises(WrongState, match="has been asked about every item"):
        start_generation(judge, None, send=False)


def test_a_run_that_is_taken_over_does_the_rest_and_asks_nothing_twice(
    judge: Judge, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "BATCH", 1)
    run = start_generation(judge, None, send=False)

    def dies(job: JudgeRun, handle: jobs.Handle) -> None:
        with open_exchange(judge, job, handle, model_of(judge)) as exchange:
            running.propose(judge, "checks", [item], ask(exchange, "checks", [item]))
            ask(exchange, "checks", [other])
        raise jobs.Stopped

    item, other = judge.campaign.items.order_by("pk")[:2]
    jobs.run(JudgeRun, run.pk, dies)
    JudgeRun.objects.filter(pk=run.pk).update(heartbeat="2020-01-01T00:00Z")
    tasks.run_judge(run.pk)
    run.refresh_from_db()
    assert counts(run) == ("done", 3, 0, 3)
    assert JudgeCall.objects.filter(taken_from=None).count() == 3


def test_a_cancelled_run_keeps_what_it_proposed(researcher: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "BATCH", 1)
    run = propose_now(writer(waiting_campaign(researcher, "One?", "CANCEL now", "Three?")))
    assert (run.state, run.done, run.total) == ("cancelled", 1, 3)
    assert [proposal.item.key for proposal in Proposal.objects.select_related("item")] == ["r0"]


def test_who_cannot_write_points_is_refused_and_so_is_a_campaign_that_wants_none(
    campaign: Campaign, researcher: User
) -> None:
    with pytest.raises(Invalid, match="no checklist of this campaign"):
        start_generation(make_judge(judged_campaign(researcher, slug="other"), "writing"), None)
    imported = make_judge(campaign, "writing")
    Judge.objects.filter(pk=imported.pk).update(provider="imported")
    imported.refresh_from_db()
    with pytest.raises(Invalid, match="cannot write points"):
        start_generation(imported, None)


def test_a_suspended_judge_writes_nothing(judge: Judge) -> None:
    Judge.objects.filter(pk=judge.pk).update(suspended_at="2026-01-01T00:00Z", suspended_because="it drifted")
    judge.refresh_from_db()
    with pytest.raises(WrongState, match="wanda is suspended: it drifted"):
        start_generation(judge, None)


def test_one_run_at_a_time(judge: Judge) -> None:
    start_generation(judge, None, send=False)
    with pytest.raises(WrongState, match="going on already"):
        start_generation(judge, None, send=False)
