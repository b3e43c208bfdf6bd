"""Celery tasks: fetch, call one action."""

from celery import shared_task

from annotate import jobs
from exports import build
from exports.models import Export


@shared_task(name="exports.tasks.run_export")
def run_export(pk: int) -> None:
    jobs.run(Export, pk, build.run_export)
