"""The stored reports about a campaign's labels: made by a worker, kept fresh, and read.

A report is a name and a function of the campaign's frames. All that are stale are made in one go, so that the records
are read once.
"""

import time
from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import F, Max, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from annotate.frames import Frames
from annotate.models import Annotation, Campaign
from routing.inconsistency import inconsistency
from routing.models import Report

Compute = Callable[[Frames], Mapping[str, Any]]
REPORTS: dict[str, Compute] = {"inconsistency": inconsistency}
"""By name, in the order in which they are made."""
MARK = "labels"
"""Names the row that says when all reports of a campaign were last made, how long each took, and what they saw."""
FORMAT = 1
"""Raise it when a report holds something new: older ones are then made again."""
REFRESHING = 5_310_447  # names the lock
SETTLED = timedelta(seconds=15)
PATIENCE = 20  # what takes a second is made every 20 s at most
QUICK_SECONDS = 1.0


def refresh(campaign: Campaign, names: Iterable[str] = REPORTS) -> Mapping[str, float]:
    """Makes the reports and stores them with the newest annotation that they saw; returns the seconds each took."""
    names = list(names)
    newest = Annotation.objects.filter(campaign=campaign).aggregate(newest=Max("changed_at"))["newest"]
    frames, took = Frames(campaign), {}
    for name in names:
        start = time.monotonic()
        data = {**REPORTS[name](frames), "computed_at": timezone.now().isoformat()}
        _store(campaign, name, data, newest)
        took[name] = round(time.monotonic() - start, 3)
    _store(campaign, MARK, {"took": took, "format": FORMAT}, newest)
    return took


def _store(campaign: Campaign, name: str, data: Mapping[str, Any], newest: Any) -> None:
    defaults = {"data": data, "seen_until": newest, "computed_at": timezone.now()}
    Report.objects.update_or_create(campaign=campaign, name=name, defaults=defaults)


def refresh_once(pk: int) -> None:
    """Refreshes one campaign's reports, unless another worker is at it."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [REFRESHING, pk])
            (free,) = cursor.fetchone()
        if free and (campaign := stale_campaigns().filter(pk=pk).first()) is not None and not _waits(campaign):
            refresh(campaign)


def refresh_stale() -> int:
    """Refreshes every campaign's reports that have become stale; returns how many campaigns."""
    found = list(stale_campaigns())
    for campaign in found:
        refresh(campaign)
    return len(found)


def due() -> list[int]:
    """The campaigns whose reports are stale and may be made again: those that take long wait in proportion."""
    return [campaign.pk for campaign in stale_campaigns() if not _waits(campaign)]


def stale_campaigns() -> QuerySet[Campaign, Any]:
    """Campaigns with annotations, questions or decisions newer than their reports saw.

    A report made within seconds of the newest annotation is made once more when the dust has settled: a
    transaction that was under way may have committed an older time.
    """
    changed = Annotation.objects.filter(campaign=OuterRef("pk")).order_by("-changed_at").values("changed_at")[:1]
    reports = Report.objects.filter(campaign=OuterRef("pk"), name=MARK, data__format=FORMAT)
    return (
        Campaign.objects.annotate(
            newest=Subquery(changed),
            seen=Subquery(reports.values("seen_until")),
            computed=Subquery(reports.values("computed_at")),
        )
        .filter(newest__isnull=False)
        .filter(
            Q(seen=None)
            | ~Q(seen=F("newest"))
            | Q(computed__lt=F("newest") + SETTLED, newest__lt=timezone.now() - SETTLED)
            | Q(computed__lt=F("version__created_at"))
        )
    )


def _waits(campaign: Campaign) -> bool:
    mark = Report.objects.filter(campaign=campaign, name=MARK).first()
    if mark is None:
        return False
    took = sum(mark.data["took"].values())
    return took > QUICK_SECONDS and timezone.now() - mark.computed_at < PATIENCE * timedelta(seconds=took)


def touch(campaign: Campaign) -> None:
    """Makes the reports stale: something beside annotations has changed what they say."""
    Report.objects.filter(campaign=campaign, name=MARK).update(seen_until=None)


def report_of(campaign: Campaign, name: str) -> Mapping[str, Any] | None:
    """The stored report; None where none was computed yet."""
    return Report.objects.filter(campaign=campaign, name=name).values_list("data", flat=True).first()
