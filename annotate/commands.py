"""What the management commands share."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, OutputWrapper

from annotate.errors import AnnotateError, NotFound
from annotate.models import Campaign, Job


class ActionCommand(BaseCommand):
    """A command whose `act` calls an action; an `AnnotateError` ends it non-zero with its message."""

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self.act(options)
        except AnnotateError as error:
            raise CommandError(error.message) from error

    def act(self, options: dict[str, Any]) -> None:
        raise NotImplementedError


def campaign_named(slug: str, organisation: str | None = None) -> Campaign:
    """The campaign with this slug; where several organisations use it, `organisation` says which."""
    found = Campaign.objects.filter(slug=slug).select_related("organisation")
    found = found.filter(organisation__name=organisation) if organisation else found
    if not found:
        raise NotFound(f"there is no campaign {slug!r}")
    if len(found) > 1:
        names = ", ".join(c.organisation.name for c in found)
        raise NotFound(f"several organisations have a campaign {slug!r} ({names}): say --organisation")
    return found[0]


def follow(job: Job, out: OutputWrapper) -> None:
    """Waits for a job that another process may run, and reports how it ended. Raises `CommandError` unless done."""
    while not job.has_ended:
        time.sleep(0.5)
        job.refresh_from_db()
    if job.state != Job.State.DONE:
        raise CommandError(f"{job.state}: {job.error}" if job.error else job.state)
    out.write(f"done: {job.done}")
