"""How fast a judge run goes, and whether anybody works on it."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from annotate.jobs import SILENT_AFTER
from annotate.models import Assignment, Skip
from routing.models import Judge, JudgeRun, Verdict

WINDOW = timedelta(seconds=60)
LONG_QUEUED = timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class Pace:
    """`per_minute` counts units over the last minute; `seconds_left` follows from it, None where it is not known.

    `waiting`: no worker has taken the run for 10 s. `silent`: the worker that had it says nothing any more.
    """

    finished: int
    left: int
    per_minute: float | None
    seconds_left: float | None
    waiting: bool
    silent: bool


def pace(run: JudgeRun) -> Pace:
    now = timezone.now()
    queued, running = run.state == JudgeRun.State.QUEUED, run.state == JudgeRun.State.RUNNING
    finished = run.done + run.failed
    left = max(0, (run.total or 0) - finished)
    rate = _per_minute(run) if running else None
    return Pace(
        finished=finished,
        left=left,
        per_minute=rate,
        seconds_left=60 * left / rate if rate and run.total else None,
        waiting=queued and run.created_at < now - LONG_QUEUED,
        silent=running and (run.heartbeat is None or run.heartbeat < now - SILENT_AFTER),
    )


def _per_minute(run: JudgeRun) -> float | None:
    now = timezone.now()
    since = max(run.started_at or now, now - WINDOW)
    minutes = (now - since).total_seconds() / 60
    annotator = run.judge.annotator_id
    finished = Assignment.objects.filter(reserved_for=annotator, done_at__gte=since).count()
    finished += Skip.objects.filter(annotator=annotator, created_at__gte=since).count()
    return finished / minutes if minutes and finished else None


def texts_cut(judge: Judge) -> int:
    """In how many verdicts the judge did not see the whole texts, because they were too long for it."""
    return Verdict.objects.filter(judge=judge, details__has_key="left_out").count()
