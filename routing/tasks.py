"""Celery tasks: fetch, call one action."""

from celery import shared_task

from annotate import jobs
from routing import judging, reports
from routing.models import JudgeRun


@shared_task(name="routing.tasks.run_judge")
def run_judge(pk: int) -> None:
    jobs.run(JudgeRun, pk, judging.run_judge)


@shared_task(name="routing.tasks.refresh_reports")
def refresh_reports() -> None:
    reports.refresh_stale()
