"""Judges side by side on one question."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from annotate.access import campaign_run
from annotate.views.request import SignedIn
from routing.reliability.comparing import Compared, compared, questions_of
from routing.reliability.stored import report_of
from routing.reliability.table import Reference
from routing.reliability.words import verdict
from routing.views.plots import whisker

NOTHING = {"value": None, "interval": None, "n": 0}


@login_required
@require_safe
def compare(request: SignedIn, slug: str) -> HttpResponse:
    """Judges side by side on one question."""
    campaign = campaign_run(request.user, slug)
    judges = list(campaign.judges.select_related("annotator", "campaign"))
    picked = [judge for judge in judges if str(judge.pk) in request.GET.getlist("judge")] or judges
    reports = [(judge, report_of(judge)) for judge in picked]
    names = questions_of(reports)
    question = request.GET.get("question") if request.GET.get("question") in names else next(iter(names), None)
    reference: Reference = "gold" if request.GET.get("against") == "gold" else "people"
    rows = [_beside(each) for each in compared(reports, question, reference)] if question else []
    context = {
        "campaign": campaign,
        "tab": "judges",
        "judges": [(judge, judge in picked) for judge in judges],
        "names": names,
        "question": question,
        "reference": reference,
        "rows": rows,
    }
    return render(request, "routing/reliability/compare.html", context)


def _beside(each: Compared) -> dict[str, Any]:
    held = each.held or {}
    agreement, accuracies = held.get("agreement") or {}, held.get("accuracies") or {}
    return {
        "judge": each.judge,
        "question": each.question,
        "n": held.get("n", 0),
        "said": verdict(each.question, each.reference),
        "percent": agreement.get("percent") or NOTHING,
        "kappa": agreement.get("kappa") or NOTHING,
        "averaged": accuracies.get("averaged") or NOTHING,
        "flip_rate": each.question.get("flip_rate"),
        "whisker": whisker(agreement.get("percent")),
    }
