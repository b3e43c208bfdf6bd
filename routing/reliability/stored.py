"""The stored reliability reports: made, kept fresh, and read."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, Max, OuterRef, QuerySet
from django.utils import timezone

from annotate.models import Annotation
from routing.models import Judge, JudgeRun, Report, Verdict
from routing.reliability.report import full_report
from routing.reliability.summary import reliability

FORMAT = 1
"""Raise it when the report holds something new: older ones are then made again."""
SETTLED = timedelta(seconds=15)
PATIENCE = 20  # a report that takes a second is made every 20 s at most
QUICK_VERDICTS = 3000
QUICK_SECONDS = 2.0


def refresh(judge: Judge) -> Mapping[str, Any]:
    """Computes the report and stores it with the newest answer that it saw."""
    newest = newest_of(judge)
    data = {**full_report(judge), "format": FORMAT}
    Report.objects.update_or_create(
        campaign=judge.campaign,
        name=name_of(judge),
        defaults={"data": data, "seen_until": newest, "computed_at": timezone.now()},
    )
    return data


def refresh_stale() -> int:
    """Refreshes the report of every judge with answers, its own or people's, newer than it saw; returns how many."""
    judges = [judge for judge in judges_with_verdicts() if is_stale(judge, stored(judge))]
    for judge in judges:
        refresh(judge)
    return len(judges)


def report_of(judge: Judge) -> Mapping[str, Any]:
    """The report: the stored one, made anew first where it is stale and takes no time to speak of.

    Where none is stored and there is much to read, what the database counts at once; a worker makes the rest.
    """
    found = stored(judge)
    if not is_stale(judge, found):
        return found.data if found else full_report(judge)
    if found is not None:
        return refresh(judge) if found.data.get("took", 0) < QUICK_SECONDS else found.data
    if Verdict.objects.filter(judge=judge)[: QUICK_VERDICTS + 1].count() <= QUICK_VERDICTS:
        return refresh(judge)
    return {**reliability(judge), "judge_id": judge.pk, "computed_at": None}


def judges_with_verdicts() -> QuerySet[Judge]:
    has = Exists(Verdict.objects.filter(judge=OuterRef("pk")))
    return Judge.objects.filter(has).select_related("annotator", "campaign")


def stored(judge: Judge) -> Report | None:
    return Report.objects.filter(campaign=judge.campaign, name=name_of(judge)).first()


def name_of(judge: Judge) -> str:
    return f"reliability:{judge.pk}"


def newest_of(judge: Judge) -> datetime | None:
    """The moment of the newest annotation in the campaign, or of the end of the judge's newest run."""
    annotated = Annotation.objects.filter(campaign=judge.campaign).aggregate(newest=Max("changed_at"))["newest"]
    ended = JudgeRun.objects.filter(judge=judge).aggregate(newest=Max("ended_at"))["newest"]
    return max((moment for moment in (annotated, ended) if moment is not None), default=None)


def is_stale(judge: Judge, found: Report | None) -> bool:
    """Whether there is something newer than the report saw. A judge without verdicts has nothing to report.

    A report that takes long waits in proportion; one made within seconds of the newest answer is made once more
    when the dust has settled, as a transaction under way may have committed an older time.
    """
    newest = newest_of(judge)
    if found is None or found.data.get("format") != FORMAT:
        return Verdict.objects.filter(judge=judge).exists()
    now = timezone.now()
    if now - found.computed_at < PATIENCE * timedelta(seconds=found.data["took"]):
        return False
    in_the_dust = newest is not None and found.computed_at < newest + SETTLED <= now
    return found.seen_until != newest or in_the_dust
