"""A run that dies anywhere goes on without asking again and without doubling anything."""

from pathlib import Path

import pytest

from annotate import jobs
from annotate.jobs import Handle, Stopped
from annotate.models import Annotation, User
from routing.asking import Asker
from routing.judging import run_judge, start_run
from routing.models import JudgeCall, JudgeRun
from tests.factories import PAIRWISE_PAIR, import_rows, pair_rows
from tests.routing.judged import annotated, counts, judged_campaign, leased, make_judge, run_now, work_on

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("failing")]


def test_replies_stored_before_a_crash_are_not_asked_for_again(
    researcher: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = tmp_path / "log"
    judge = make_judge(judged_campaign(researcher, 3, PAIRWISE_PAIR), "failing", log=str(log))
    run = start_run(judge, None, send=False)

    def die(self: Asker, tasks: object) -> None:
        raise Stopped  # the calls are stored, and nothing is submitted

    with monkeypatch.context() as patched:
        patched.setattr(Asker, "_submit", die)
        work_on(run)
    assert log.read_text().count("\n") == 6
    assert not Annotation.objects.exists()
    JudgeRun.objects.update(state="queued")
    work_on(run)
    assert counts(run) == ("done", 3, 0, 3)
    assert log.read_text().count("\n") == 6 == JudgeCall.objects.count()
    assert Annotation.objects.count() == Annotation.objects.values("unit").distinct().count() == 3


def test_what_failed_for_good_is_not_asked_again_by_the_same_run(
    researcher: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = tmp_path / "log"
    judge = make_judge(judged_campaign(researcher, [("DOWN", "fine")], PAIRWISE_PAIR), "failing", log=str(log))
    run = start_run(judge, None, send=False)

    def die(self: Asker, tasks: object) -> None:
        raise Stopped

    with monkeypatch.context() as patched:
        patched.setattr(Asker, "_submit", die)
        work_on(run)
    JudgeRun.objects.update(state="queued")
    work_on(run)
    assert counts(run) == ("done", 0, 1, 1)
    assert log.read_text().count("\n") == 2


def test_a_run_that_fails_in_the_middle_is_completed_by_the_next(researcher: User, tmp_path: Path) -> None:
    log = tmp_path / "log"
    campaign = judged_campaign(researcher, 20, PAIRWISE_PAIR)
    judge = make_judge(campaign, "failing", log=str(log), dies_after=32)
    run = run_now(judge)
    assert (run.state, run.error) == ("failed", "OSError: the machine went away")
    assert (run.done, leased(judge)) == (16, 0)
    log.unlink()
    assert counts(run_now(judge)) == ("done", 20, 0, 20)
    assert log.read_text().count("\n") == 8  # the four that were left
    assert len(annotated(judge)) == 20


def test_a_cancelled_run_keeps_what_it_answered_and_stops(researcher: User) -> None:
    judge = make_judge(judged_campaign(researcher, 40, PAIRWISE_PAIR))
    run = start_run(judge, None, send=False)

    class Cancelling(Handle):
        def progress(self, **counts: object) -> None:
            super().progress(**counts)
            if counts.get("done") == 16:
                jobs.cancel(JudgeRun.objects.get(pk=run.pk))

    JudgeRun.objects.filter(pk=run.pk).update(state="running", token="t")
    with pytest.raises(jobs.Stopped):
        run_judge(JudgeRun.objects.get(pk=run.pk), Cancelling(run, "t"))
    run.refresh_from_db()
    assert run.state == "cancelled"
    assert (len(annotated(judge)), leased(judge)) == (16, 0)
    assert counts(run_now(judge)) == ("done", 40, 0, 40)


def test_a_job_that_is_delivered_twice_is_done_once(researcher: User) -> None:
    judge = make_judge(judged_campaign(researcher, 2, PAIRWISE_PAIR))
    run = run_now(judge)
    work_on(run)
    assert counts(run) == ("done", 2, 0, 2)
    assert JudgeCall.objects.count() == 4


def test_items_that_come_during_a_run_are_answered_by_it(researcher: User, monkeypatch: pytest.MonkeyPatch) -> None:
    campaign = judged_campaign(researcher, 1, PAIRWISE_PAIR)
    judge = make_judge(campaign)
    asked = Asker.work
    imported: list[bool] = []

    def import_and_work(self: Asker) -> None:
        if not imported:
            imported.append(import_rows(campaign, pair_rows(3)).state == "done")
        asked(self)

    monkeypatch.setattr(Asker, "work", import_and_work)
    assert counts(run_now(judge)) == ("done", 3, 0, 3)
