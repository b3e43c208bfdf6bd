"""A judge in this process at work on a campaign: a tiny random model, through the real run."""

from pathlib import Path

import pytest

from annotate.models import User
from routing.models import JudgeCall, Verdict
from tests.factories import PAIRWISE_PAIR, RATING_EACH
from tests.routing.judged import judged_campaign, make_judge, run_now

pytestmark = [pytest.mark.slow, pytest.mark.django_db]
CHOICE = {"name": "tone", "kind": "choice", "shows": "all", "config": {"options": ["kind", "cold"], "multiple": True}}
NOTES = {"name": "why", "kind": "text", "shows": "all"}
MARKS = {"name": "marks", "kind": "span", "shows": "all", "config": {"labels": ["odd", "fine"]}}


def test_every_unit_ends_with_an_answer_or_a_reason(researcher: User, tiny_model: Path) -> None:
    campaign = judged_campaign(researcher, 2, RATING_EACH, PAIRWISE_PAIR, CHOICE, NOTES, MARKS)
    judge = make_judge(campaign, "local", model=str(tiny_model), device="cpu", threads=1, answer_tokens=40)
    run = run_now(judge)
    assert run.state == "done", run.error
    assert run.done + run.failed == run.total
    calls = JudgeCall.objects.filter(judge=judge)
    assert {call.status for call in calls} <= {"ok", "truncated", "parse_error"}
    assert all(call.raw.get("error") for call in calls if call.status != "ok")
    assert all(call.seconds > 0 for call in calls.filter(status="ok"))
    good = Verdict.objects.filter(judge=judge, question__in=["score", "better"])
    assert {verdict.status for verdict in good} == {"ok"}


def test_a_follow_up_judge_compares_by_likelihood(researcher: User, tiny_model: Path) -> None:
    from routing.creating import create_judge

    campaign = judged_campaign(researcher, 2, PAIRWISE_PAIR)
    config = {"model": str(tiny_model), "device": "cpu", "threads": 1}
    spec = {"name": "judy", "provider": "local", "config": config, "protocols": {"pairwise": {"name": "follow_up"}}}
    judge = create_judge(campaign, spec)
    assert run_now(judge).state == "done"
    verdicts = Verdict.objects.filter(judge=judge)
    assert {verdict.status for verdict in verdicts} == {"ok"}
    assert all(set(verdict.details["scores"]) == {"a", "b"} for verdict in verdicts)
