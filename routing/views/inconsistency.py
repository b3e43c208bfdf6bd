"""The inconsistency report as a page, and the fragment that keeps it fresh."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from annotate.access import campaign_run
from annotate.kinds import kinds_that_yield
from annotate.kinds.base import PreferenceRow, ScoreRow
from annotate.models import Campaign, Preference, Question, Score
from annotate.stats.intervals import FEW_CLUSTERS
from annotate.views.request import SignedIn
from routing.inconsistency import NOTHING
from routing.reports import report_of
from routing.views.charts import stacked, three_by_three

FEW_PAIRS = 10
SWITCH = ("question_rating", "question_ranking", "annotators", "basis")
ANNOTATORS = {"all": "People and judges", "human": "People", "judge": "Judges"}
BASES = {
    "same_annotator": ("Same annotator", "one annotator's ratings against the same annotator's ranking"),
    "consensus": ("Consensus", "the mean rating against the majority ranking, where several annotated"),
}


@login_required
@require_safe
def inconsistency(request: SignedIn, slug: str) -> HttpResponse:
    """The page. To htmx: the line that says how old the report is, with the report where it is a newer one."""
    campaign = campaign_run(request.user, slug)
    report = report_of(campaign, "inconsistency") or NOTHING
    groups = [_group(group) for group in report["groups"]]
    chosen = next((group for group in groups if _is_asked_for(group, request.GET)), None)
    seen = request.GET.get("seen")
    context = {
        "campaign": campaign,
        "tab": "inconsistency",
        "computed_at": datetime.fromisoformat(report["computed_at"]) if report["computed_at"] else None,
        "seen": report["computed_at"] or "",
        "groups": groups,
        "group": chosen or (groups[0] if groups else None),
        "changed": seen is not None and seen != (report["computed_at"] or ""),
        "missing": None if groups else missing(campaign),
    }
    page = "routing/_inconsistency_poll.html" if request.htmx else "routing/inconsistency.html"
    return render(request, page, context)


def _group(group: Mapping[str, Any]) -> dict[str, Any]:
    """A group of the report with what the template needs beside it."""
    low, high = group["interval"]
    basis, meaning = BASES[group["basis"]]
    return {
        **group,
        "query": urlencode({key: group[key] for key in SWITCH}),
        "annotators_title": ANNOTATORS[group["annotators"]],
        "basis_title": basis,
        "basis_meaning": meaning,
        "inconsistent": 1 - group["consistent"],
        "inconsistent_interval": [1 - high, 1 - low],
        "table": three_by_three(group["table"]),
        "segments": stacked(group["shares"]),
        "by_gap": [{**row, "width": round(100 * row["consistent"], 2)} for row in group["by_gap"]],
        "few_pairs": group["n"] < FEW_PAIRS,
        "few_clusters": group["clusters"] < FEW_CLUSTERS,
    }


def _is_asked_for(group: Mapping[str, Any], query: Mapping[str, str]) -> bool:
    return all(query.get(key) == group[key] for key in SWITCH)


def missing(campaign: Campaign) -> dict[str, Any]:
    """What a campaign without a report lacks: a question of either kind, or pairs that have both."""
    kinds = set(Question.objects.filter(version=campaign.current).values_list("kind", flat=True))
    return {
        "rating": kinds.isdisjoint(kinds_that_yield(ScoreRow)),
        "pairwise": kinds.isdisjoint(kinds_that_yield(PreferenceRow)),
        "rated": Score.objects.filter(campaign=campaign).values("completion").distinct().count(),
        "compared": Preference.objects.filter(campaign=campaign).values("a", "b").distinct().count(),
    }
