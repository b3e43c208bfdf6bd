"""A judge that a researcher has paused: its runs rest, and go on when that is taken back."""

import pytest

from annotate.campaigns import annotator_of
from annotate.errors import WrongState
from annotate.models import Annotation, User
from annotate.standing import pause, resume
from routing.judging import start_run
from tests.routing.judged import judged_campaign, leased, make_judge, work_on

pytestmark = pytest.mark.django_db


def test_a_paused_judge_does_not_start(researcher: User) -> None:
    judge = make_judge(judged_campaign(researcher))
    pause(judge.campaign, judge.annotator, annotator_of(researcher))
    with pytest.raises(WrongState, match="paused or excluded"):
        start_run(judge, None)


def test_a_run_of_a_judge_that_is_paused_rests_and_says_why(researcher: User) -> None:
    judge = make_judge(judged_campaign(researcher))
    run = start_run(judge, None, send=False)
    pause(judge.campaign, judge.annotator, annotator_of(researcher))
    work_on(run)
    run.refresh_from_db()
    assert run.state == "paused"
    assert "researcher has paused" in run.error
    assert (leased(judge), Annotation.objects.count()) == (0, 0)
    resume(judge.campaign, judge.annotator, annotator_of(researcher))
    assert not judge.campaign.standings.exclude(paused_at=None).exists()
