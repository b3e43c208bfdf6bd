"""The reliability report of a judge as a page."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from annotate.views.request import SignedIn
from routing.access import judge_run_by
from routing.reliability.labels import is_compared
from routing.reliability.stored import refresh, report_of
from routing.reliability.table import REFERENCES, Reference
from routing.reliability.words import verdict
from routing.views.report_lines import (
    accuracy_lines,
    agreement_lines,
    calibration_lines,
    order_lines,
    repeat_lines,
    summary_of,
    validity_lines,
)
from routing.views.report_plots import calibration_plot, coverage_plot, slots_plot

FAILURES = {
    "abstain": "undecided",
    "parse_error": "could not be read",
    "refusal": "refused",
    "truncated": "did not fit the model or were cut off",
    "provider_error": "failed on the way",
}
SIDES = ("first", "neither", "second")


@login_required
@require_safe
def judge_report(request: SignedIn, pk: int) -> HttpResponse:
    """The page. To htmx: the line that says how old the report is, with the report where it is a newer one."""
    judge = judge_run_by(request.user, pk)
    report = report_of(judge)
    questions = [each for each in report["questions"] if "against" in each]
    asked_for = next((each for each in questions if each["question"] == request.GET.get("question")), None)
    question = asked_for or (questions[0] if questions else None)
    reference = reference_of(request.GET.get("against"), question)
    computed, seen = report.get("computed_at"), request.GET.get("seen")
    context = {
        "campaign": judge.campaign,
        "tab": "judges",
        "judge": judge,
        "computed_at": datetime.fromisoformat(computed) if computed else None,
        "seen": computed or "",
        "report": report,
        "questions": [(each, verdict(each, reference_of(None, each))) for each in questions],
        "reference": reference,
        **(shown(question, reference) if question else {"question": None}),
        "others": judge.campaign.judges.exclude(pk=judge.pk).exists(),
        "changed": seen is not None and seen != (computed or ""),
        "run": judge.runs.first(),
    }
    page = "routing/reliability/_poll.html" if request.htmx else "routing/reliability/report.html"
    return render(request, page, context)


def reference_of(wanted: str | None, question: Mapping[str, Any] | None) -> Reference:
    """The reference asked for; else people, or gold where only gold is there."""
    found = (question or {}).get("against") or {}
    if wanted == "gold" or (wanted != "people" and not found.get("people") and found.get("gold")):
        return "gold"
    return "people"


def shown(question: Mapping[str, Any], reference: Reference) -> dict[str, Any]:
    """A question of the report with the lines and charts that the template needs beside it."""
    held, orders = question["against"][reference] or {}, question["orders"]
    again = held.get("repeats") or question["repeats"]
    return {
        "question": {**question, "said": verdict(question, reference), "compared": is_compared(question["kind"])},
        "references": [(name, bool(question["against"][name])) for name in REFERENCES],
        "validity_lines": validity_lines(question),
        "failures": [(FAILURES.get(name, name), n) for name, n in question["statuses"].items() if name != "ok"],
        "again": again,
        "repeat_lines": repeat_lines(again),
        **(_orders(orders) if orders else {}),
        **(_held(held, reference, question) if held.get("n") else {"held": held}),
    }


def _orders(orders: Mapping[str, Any]) -> dict[str, Any]:
    rows = zip(SIDES, orders["sides"], strict=True)
    sides = [(title, [(n, title == other) for other, n in zip(SIDES, row, strict=True)]) for title, row in rows]
    return {"slots_plot": slots_plot(orders["points"]), "order_lines": order_lines(orders), "sides": sides}


def _held(held: Mapping[str, Any], reference: Reference, question: Mapping[str, Any]) -> dict[str, Any]:
    known = held.get("calibration")
    return {
        "held": held,
        "summary": summary_of(question, held),
        "agreement_lines": agreement_lines(held, reference),
        "accuracy_lines": accuracy_lines(held),
        "calibration_lines": calibration_lines(known),
        "calibration_plot": calibration_plot(known) if known else None,
        "coverage_plot": coverage_plot(held.get("curve") or ()),
        "confusions": _rows(held.get("confusions")),
    }


def _rows(found: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """The table of confusions with its margins, and what lies on its diagonal."""
    if not found:
        return None
    rows = [
        (label, [(count, i == j) for j, count in enumerate(row)], sum(row))
        for i, (label, row) in enumerate(zip(found["labels"], found["table"], strict=True))
    ]
    totals = [sum(column) for column in zip(*found["table"], strict=True)]
    return {"labels": found["labels"], "rows": rows, "totals": totals, "n": sum(totals)}


@login_required
@require_POST
def judge_report_refresh(request: SignedIn, pk: int) -> HttpResponse:
    """Computes the report anew, whatever is stored."""
    refresh(judge_run_by(request.user, pk))
    return redirect("judge_report", pk)
