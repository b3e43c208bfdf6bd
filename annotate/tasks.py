"""Celery tasks: fetch, call one action."""

from celery import shared_task

from annotate import jobs, parking
from annotate.importing import run as importing
from annotate.models import ImportJob


@shared_task(name="annotate.tasks.run_import")
def run_import(pk: int) -> None:
    jobs.run(ImportJob, pk, importing.run_import)


@shared_task(name="annotate.tasks.sweep")
def sweep() -> None:
    jobs.sweep()
    parking.sweep()
