"""How far annotators agree, as a page: every question's alpha, and one question in full."""

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from annotate.access import campaign_run
from annotate.chart_tables import interval, written
from annotate.charts import Unit, estimate
from annotate.views.request import SignedIn
from routing.agreement import NOTHING
from routing.agreement.words import FEW, VERDICTS, WHO, distance, level, meaning, paradox
from routing.views.ages import answer, report_and_age
from routing.views.agreement_charts import arms, by_label, by_question, matrices, over_time

Figures = Mapping[str, Any]
COEFFICIENTS: dict[str, tuple[str, Unit, str]] = {
    "alpha": (
        "Krippendorff’s alpha",
        "number",
        "1 where all say the same, 0 where answers differ as much as if drawn at random, below 0 where more",
    ),
    "percent": (
        "Same answer",
        "percent",
        "how often two annotators of one thing say exactly the same, by chance or not",
    ),
    "cohen": (
        "Cohen’s kappa",
        "number",
        "two annotators at a time, each with habits of their own; the mean of all pairs",
    ),
    "fleiss": ("Fleiss’ kappa", "number", "all annotators at once; every answer that differs is as wrong as any other"),
    "gwet": ("Gwet’s AC1", "number", "chance is taken to be small where nearly all things have one answer"),
    "place": ("Alpha of the places", "number", "whether a character is marked at all, whatever the label"),
    "exact": (
        "F1 of whole spans",
        "percent",
        "spans with the same start, end and label, of all spans of two annotators",
    ),
    "overlap": ("F1 of characters", "percent", "characters with the same label, of all that two annotators marked"),
}
WEIGHED = {
    "cohen": (
        "Cohen’s weighted kappa",
        "two annotators at a time; a near answer agrees in part; the mean of all pairs",
    ),
    "gwet": ("Gwet’s AC2", "as AC1; a near answer agrees in part"),
}


@login_required
@require_safe
def agreement(request: SignedIn, slug: str) -> HttpResponse:
    """The page. To htmx: how old the report is, with the report where it is a newer one."""
    campaign = campaign_run(request.user, slug)
    found, age = report_and_age(request, campaign, "agreement")
    report = found or NOTHING
    answered = [each for each in report["questions"] if each["groups"]]
    chosen = next(
        (q for q in answered if q["question"] == request.GET.get("question")), answered[0] if answered else None
    )
    context = {
        **age,
        "report": report,
        "chart": by_question(answered) if answered else None,
        "questions": [_link(each, chosen) for each in answered],
        "question": _full(chosen) if chosen else None,
        "unanswered": [each["title"] for each in report["questions"] if not each["groups"]] if answered else [],
        "labelled": bool(report["questions"]),
    }
    return answer(request, "routing/agreement/agreement.html", "routing/agreement/_body.html", context)


def _link(each: Figures, chosen: Figures | None) -> dict[str, Any]:
    return {"title": each["title"], "query": urlencode({"question": each["question"]}), "chosen": each is chosen}


def _full(question: Figures) -> dict[str, Any]:
    """A question with all that the template shows of it."""
    people = next((group for group in question["groups"] if group["annotators"] == "human"), None)
    return {
        **question,
        "said": [_said(group) for group in question["groups"]],
        "distance": distance(question),
        "table": table(question),
        "paradox": paradox(people) if people else None,
        "matrices": matrices(question),
        "arms_chart": arms(question),
        "time_chart": over_time(question),
        "labels_chart": by_label(people) if people and "by_label" in people else None,
        "apart": _said(question["routed"]) if question["routed"] else None,
        "few": FEW,
    }


def _said(group: Figures) -> dict[str, Any]:
    return {
        **group,
        "who": WHO.get(group.get("annotators", ""), ""),
        "meaning": meaning(group["alpha"]),
        "level": (found := level(group["alpha"])),
        "verdict": VERDICTS[found],
    }


def table(question: Figures) -> list[dict[str, Any]]:
    """A row per coefficient that the question has: its name, what it means, and a cell per group of annotators."""
    groups = question["groups"]
    rows = []
    for name, (title, unit, means) in COEFFICIENTS.items():
        if name in groups[0]:
            named = WEIGHED.get(name, (title, means)) if question.get("weighed") else (title, means)
            cells = [_cell(group[name], unit) for group in groups]
            rows.append({"title": named[0], "means": named[1], "cells": cells})
    return rows


def _cell(figure: Figures, unit: Unit) -> dict[str, Any]:
    found = estimate(figure)
    return {
        "value": written(found.value, unit),
        "interval": interval(found, unit) if found.interval else "",
        "n": found.n,
        "why": found.why,
        "few": found.value is not None and found.n < FEW,
    }
