"""Celery tasks: fetch, call one action."""

from celery import shared_task

from annotate import jobs
from routing import judging, reports, training
from routing.models import HeadTraining, JudgeRun
from routing.points import running as generation
from routing.reliability import stored as reliability
from routing.trust import cascading

REFRESH_EXPIRES = 30  # the next round asks again


@shared_task(name="routing.tasks.run_judge")
def run_judge(pk: int) -> None:
    jobs.run(JudgeRun, pk, _work)


def _work(run: JudgeRun, handle: jobs.Handle) -> None:
    points = run.purpose == JudgeRun.Purpose.POINTS
    (generation.run_generation if points else judging.run_judge)(run, handle)


@shared_task(name="routing.tasks.train_head")
def train_head(pk: int) -> None:
    jobs.run(HeadTraining, pk, training.run_training)


@shared_task(name="routing.tasks.advance_cascades")
def advance_cascades() -> None:
    cascading.advance_all()


@shared_task(name="routing.tasks.refresh_reports")
def refresh_reports() -> None:
    for campaign in reports.due():
        refresh_campaign.apply_async((campaign,), expires=REFRESH_EXPIRES)
    reliability.refresh_stale()


@shared_task(name="routing.tasks.refresh_campaign")
def refresh_campaign(pk: int) -> None:
    reports.refresh_once(pk)
