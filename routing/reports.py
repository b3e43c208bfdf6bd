"""The stored reports about a campaign's labels: made by a worker, kept fresh, and read.

A report is a name and a function of the campaign's frames. All that are stale are made in one go, so that the records
are read once.
"""

import logging
import time
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Case, DateTimeField, F, Max, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Cast
from django.utils import timezone

from annotate.frames import Frames
from annotate.models import Annotation, Campaign
from routing import under_way
from routing.agreement import agreement
from routing.annotators import annotator_details, annotators
from routing.consensus import consensus
from routing.inconsistency import inconsistency, linked_with
from routing.leaderboard.report import leaderboard
from routing.models import Report
from routing.slices import slices

logger = logging.getLogger(__name__)
Compute = Callable[[Frames], Mapping[str, Any]]
REPORTS: dict[str, Compute] = {
    "inconsistency": inconsistency,
    "consensus": consensus,
    "leaderboard": leaderboard,
    "agreement": agreement,
    "slices": slices,
    "annotators": annotators,
    "annotator_details": annotator_details,
}
"""By name, in the order in which they are made."""
MARK = "labels"
"""Names the row that says when all reports of a campaign were last made, how long each took, and what they saw."""
FORMAT = 1
"""Raise it when a report holds something new: older ones are then made again."""
SETTLED = timedelta(seconds=15)
PATIENCE = 20  # what takes a second is made every 20 s at most
QUICK_SECONDS = 1.0
TOUCHED_PATIENCE = 2
LONG_SECONDS = 5.0
MANY = 50_000
"""Annotations from which a first refresh is taken for a long one."""
LONGEST_WHY = 300
NEVER = datetime.fromtimestamp(0, UTC)
"""What a mark has seen while the reports are being made: a worker that dies leaves them stale."""


def refresh(
    campaign: Campaign, names: Iterable[str] | None = None, token: str | None = None, frames: Frames | None = None
) -> Mapping[str, float]:
    """Makes the reports and stores each with the newest annotation that it saw; returns the seconds each took.

    One that cannot be computed keeps what was stored, says why in `failures_of`, and holds up no other. `token` is
    what `under_way.take` gave; raises TakenOver when it has passed to somebody else.
    """
    wanted = list(REPORTS if names is None else names)
    newest = Annotation.objects.filter(campaign=campaign).aggregate(newest=Max("changed_at"))["newest"]
    frames, took, failures = frames or Frames(campaign), dict[str, float](), dict[str, str]()
    if names is None:
        Report.objects.filter(campaign=campaign, name=MARK).update(seen_until=NEVER)
    for done, name in enumerate(wanted):
        if token is not None:
            under_way.tell(campaign, token, done, len(wanted), name)
        start = time.monotonic()
        if why := _make(frames, name, newest):
            failures[name] = why
        took[name] = round(time.monotonic() - start, 3)
    if names is None:
        _seal(campaign, {"took": took, "failures": failures, "format": FORMAT}, newest)
        _touch_linked(campaign, newest)
    return took


def _seal(campaign: Campaign, data: Mapping[str, Any], newest: Any) -> None:
    """Writes the mark; what was touched since the refresh began stays stale."""
    seen = Case(When(seen_until=None, then=None), default=Cast(Value(newest), DateTimeField()))
    mark = Report.objects.filter(campaign=campaign, name=MARK)
    if mark.update(data=data, computed_at=timezone.now(), seen_until=seen) == 0:
        _store(campaign, MARK, data, newest)


def _make(frames: Frames, name: str, newest: Any) -> str:
    """Makes and stores one report; returns why it could not be computed, or nothing."""
    try:
        with transaction.atomic():
            data = {**REPORTS[name](frames), "computed_at": timezone.now().isoformat()}
            _store(frames.campaign, name, data, newest)
    except (OperationalError, InterfaceError):  # the database is not there: nothing can be computed or stored
        raise
    except Exception as error:
        logger.exception("The report %s of campaign %s could not be computed", name, frames.campaign.pk)
        if (mark := _mark(frames.campaign)) is not None and mark.data.get("format") != FORMAT:
            Report.objects.filter(campaign=frames.campaign, name=name).delete()  # no page reads its shape any more
        return f"{type(error).__name__}: {error}"[:LONGEST_WHY]
    return ""


def _store(campaign: Campaign, name: str, data: Mapping[str, Any], newest: Any) -> None:
    defaults = {"data": data, "seen_until": newest, "computed_at": timezone.now()}
    Report.objects.update_or_create(campaign=campaign, name=name, defaults=defaults)


def refresh_once(pk: int, at_once: bool = False) -> None:
    """Refreshes one campaign's reports, unless another worker is at it; `at_once` though they are fresh or wait."""
    found = Campaign.objects.filter(pk=pk) if at_once else stale_campaigns().filter(pk=pk)
    if (campaign := found.first()) is None or (not at_once and _waits(campaign)):
        return
    if token := under_way.take(campaign, _silent(campaign)):
        try:
            refresh(campaign, token=token)
        except under_way.TakenOver:
            logger.warning("The refresh of campaign %s took so long that another worker began it anew", pk)
        finally:
            under_way.release(campaign, token)


def _silent(campaign: Campaign) -> timedelta:
    """How long a refresh may say nothing: in proportion to the last one, so that a dead worker is soon replaced."""
    if (mark := _mark(campaign)) is None:
        return under_way.SILENT
    return min(under_way.SILENT, SETTLED + 5 * timedelta(seconds=sum(mark.data["took"].values())))


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
    reports = Report.objects.filter(
        campaign=OuterRef("pk"), name=MARK, data__format=FORMAT, data__took__has_keys=list(REPORTS)
    )
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


def _mark(campaign: Campaign) -> Report | None:
    return Report.objects.filter(campaign=campaign, name=MARK).first()


def takes_long(pk: int) -> bool:
    """Whether a campaign's refresh is to go where others do not wait behind it."""
    mark = Report.objects.filter(campaign=pk, name=MARK).first()
    if mark is None:
        return Annotation.objects.filter(campaign=pk)[: MANY + 1].count() > MANY
    return bool(sum(mark.data["took"].values()) > LONG_SECONDS)


def _waits(campaign: Campaign) -> bool:
    if (mark := _mark(campaign)) is None:
        return False
    took, patience = sum(mark.data["took"].values()), TOUCHED_PATIENCE if mark.seen_until is None else PATIENCE
    return took > QUICK_SECONDS and timezone.now() - mark.computed_at < patience * timedelta(seconds=took)


def touch(campaign: Campaign) -> None:
    """Makes the reports stale, and those of linked campaigns: something beside annotations changed what they say."""
    Report.objects.filter(campaign__in=[campaign, *linked_with(campaign)], name=MARK).update(seen_until=None)


def _touch_linked(campaign: Campaign, newest: datetime | None) -> None:
    """Makes the reports of linked campaigns stale that may not have seen this campaign's newest annotation."""
    if newest is not None and (others := linked_with(campaign)):
        unseen = Report.objects.filter(campaign__in=others, name=MARK, computed_at__lt=newest + SETTLED)
        unseen.update(seen_until=None)


def failures_of(campaign: Campaign) -> Mapping[str, str]:
    """Why reports could not be computed when they were last due, by name; what is stored of them is older."""
    mark = _mark(campaign)
    return mark.data.get("failures", {}) if mark else {}


def report_of(campaign: Campaign, name: str) -> Mapping[str, Any] | None:
    """The stored report; None where none was computed yet."""
    return Report.objects.filter(campaign=campaign, name=name).values_list("data", flat=True).first()
