"""Who is refreshing a campaign's reports, and how far he is: a lease with a sign of life, one row a campaign.

It is a row and not a lock of the session, since a pooler may give the next statement another session.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.db.models import Q
from django.utils import timezone

from annotate.models import Campaign
from routing.models import Report

NAME = "refreshing"
SILENT = timedelta(minutes=3)
"""Whoever gives no sign of life for so long is taken for dead: longer than any one report takes."""


class TakenOver(Exception):
    """Another worker took this one for dead and refreshes the reports now."""


@dataclass(frozen=True, slots=True)
class Progress:
    """A refresh that is under way: `done` of `total` reports are stored, `now` is being made."""

    started_at: datetime
    done: int
    total: int
    now: str


def take(campaign: Campaign, silent: timedelta = SILENT) -> str | None:
    """Takes the campaign's reports in hand; the token with which to go on, or None where somebody has them."""
    moment, token = timezone.now(), uuid4().hex
    Report.objects.get_or_create(
        campaign=campaign, name=NAME, defaults={"data": {"token": None}, "computed_at": moment}
    )
    free = Q(data__token=None) | Q(computed_at__lt=moment - silent)
    data = {"token": token, "started_at": moment.isoformat(), "done": 0, "total": 0, "now": ""}
    taken = Report.objects.filter(free, campaign=campaign, name=NAME).update(data=data, computed_at=moment)
    return token if taken else None


def tell(campaign: Campaign, token: str, done: int, total: int, now: str) -> None:
    """Gives a sign of life. Raises TakenOver."""
    held = Report.objects.filter(campaign=campaign, name=NAME, data__token=token)
    found = held.values_list("data", flat=True).first() or {}
    data = {**found, "done": done, "total": total, "now": now}
    if not held.update(data=data, computed_at=timezone.now()):
        raise TakenOver


def release(campaign: Campaign, token: str) -> None:
    Report.objects.filter(campaign=campaign, name=NAME, data__token=token).update(data={"token": None})


def progress_of(campaign: Campaign) -> Progress | None:
    """The refresh that is under way, if there is one and it gives signs of life."""
    alive = Report.objects.filter(campaign=campaign, name=NAME, computed_at__gte=timezone.now() - SILENT)
    data: Mapping[str, Any] = alive.values_list("data", flat=True).first() or {}
    if not data.get("token"):
        return None
    return Progress(datetime.fromisoformat(data["started_at"]), data["done"], data["total"], data["now"])
