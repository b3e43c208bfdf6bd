"""The stored inconsistency reports: made, kept fresh, and read."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from django.db.models import F, Max, OuterRef, Q, Subquery
from django.utils import timezone

from annotate.models import Annotation, Campaign
from routing.inconsistency import inconsistency
from routing.models import Report

NAME = "inconsistency"
SETTLED = timedelta(seconds=15)


def refresh(campaign: Campaign) -> Report:
    """Computes the report and stores it with the newest annotation that it saw."""
    newest = Annotation.objects.filter(campaign=campaign).aggregate(newest=Max("changed_at"))["newest"]
    data = inconsistency(campaign)
    report, _ = Report.objects.update_or_create(
        campaign=campaign,
        name=NAME,
        defaults={"data": data, "seen_until": newest, "computed_at": timezone.now()},
    )
    return report


def refresh_stale() -> int:
    """Refreshes every report with annotations or questions newer than it saw; returns how many.

    A report made within seconds of the newest annotation is made once more when the dust has settled: a
    transaction that was under way may have committed an older time.
    """
    changed = Annotation.objects.filter(campaign=OuterRef("pk")).order_by("-changed_at").values("changed_at")[:1]
    reports = Report.objects.filter(campaign=OuterRef("pk"), name=NAME)
    campaigns: Iterable[Campaign] = (
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
    count = 0
    for campaign in campaigns:
        refresh(campaign)
        count += 1
    return count


def report_of(campaign: Campaign) -> Mapping[str, Any]:
    """The stored report; an empty one where none was computed yet."""
    data = Report.objects.filter(campaign=campaign, name=NAME).values_list("data", flat=True).first()
    return data or {"computed_at": None, "groups": []}
