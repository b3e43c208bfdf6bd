"""When a judge may run, and when it says why not."""

from typing import Any

import pytest
from django.utils import timezone

from annotate import jobs
from annotate.errors import Invalid, WrongState
from annotate.models import User
from routing.asking import Asker
from routing.judging import start_run
from routing.models import Judge
from tests.factories import PAIRWISE_PAIR
from tests.routing.judged import annotated, judged_campaign, leased, make_judge, run_now, work_on

pytestmark = pytest.mark.django_db


def test_a_suspended_judge_does_not_start(researcher: User) -> None:
    judge = make_judge(judged_campaign(researcher, 1))
    judge.suspended_at, judge.suspended_because = timezone.now(), "it drifted"
    with pytest.raises(WrongState, match="it drifted"):
        start_run(judge, None)


def test_a_judge_that_is_suspended_during_a_run_rests(researcher: User, monkeypatch: pytest.MonkeyPatch) -> None:
    judge = make_judge(judged_campaign(researcher, 40, PAIRWISE_PAIR))
    work = Asker.work

    def suspend_and_work(self: Asker) -> None:
        Judge.objects.update(suspended_at=timezone.now(), suspended_because="it drifted")
        work(self)

    monkeypatch.setattr(Asker, "work", suspend_and_work)
    run = run_now(judge)
    assert (run.state, "it drifted" in run.error) == ("paused", True)
    assert (len(annotated(judge)), leased(judge)) == (16, 0)


@pytest.mark.parametrize("change", [{"version": 999}, {"name": "gone"}])
def test_a_judge_whose_prompt_has_changed_is_refused(researcher: User, change: dict[str, Any]) -> None:
    judge = make_judge(judged_campaign(researcher, 1))
    judge.protocols["pairwise"] |= change
    judge.save()
    with pytest.raises(WrongState, match="add the judge anew"):
        start_run(judge, None)


def test_a_resting_run_is_to_be_resumed_or_cancelled_first(researcher: User) -> None:
    judge = make_judge(judged_campaign(researcher, 1))
    run = start_run(judge, None, send=False)
    jobs.pause(run)
    with pytest.raises(WrongState, match="resume or cancel"):
        start_run(judge, None)
    jobs.cancel(run)
    assert run_now(judge).state == "done"
    work_on(run)
    assert run.state == "cancelled"


def test_a_cap_is_no_debt(researcher: User) -> None:
    with pytest.raises(Invalid, match="negative"):
        start_run(make_judge(judged_campaign(researcher, 1)), None, cap=-1)
