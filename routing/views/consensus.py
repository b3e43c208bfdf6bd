"""Consensus as a page: how sure each question's is, and the units to look at first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods

from annotate.access import campaign_run
from annotate.asking_again import ask_again
from annotate.charts import Stack
from annotate.errors import AnnotateError
from annotate.models import Annotation, Campaign, Consensus
from annotate.texts import prompt_text
from annotate.views.request import SignedIn
from routing.consensus import NOTHING
from routing.views.ages import answer, report_and_age

PAGE = 25
LONGEST_START = 160
WHY = {
    "undecided": "No answer",
    "tied": "Tied votes",
    "single": "One annotator",
    "split": "Split votes",
}
PARTS = ("Clear", "Tied votes", "No answer")


@dataclass(frozen=True, slots=True)
class Line:
    """A unit of the list, with what its votes come to now."""

    unit: int
    item: str
    prompt: str
    question: str
    why: str
    said: str
    row: Consensus


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def consensus(request: SignedIn, slug: str) -> HttpResponse:
    """The page; to htmx how old it is, with the report where it is newer. A POST asks about the chosen units again."""
    campaign = campaign_run(request.user, slug)
    if request.method == "POST":
        return _ask_again(request, campaign)
    report, context = report_and_age(request, campaign, "consensus")
    report = report or NOTHING
    question, why = request.GET.get("question", ""), request.GET.get("why", "")
    wanted = [each for each in report["doubtful"] if question in ("", each["question"]) and why in ("", each["why"])]
    place = request.GET.get("from", "")
    start = min(int(place), len(wanted)) if place.isdecimal() and len(place) < 6 else 0
    context |= {
        "questions": [_question(each) for each in report["questions"]],
        "meanings": sorted({(each["rule_title"], each["confidence_means"]) for each in report["questions"]}),
        "chart": chart_of(report["questions"]),
        "lines": _lines(wanted[start : start + PAGE]),
        "wanted": len(wanted),
        "filters": _filters(report, question, why),
        "question": question,
        "why": why,
        "start": start,
        "next": _query(question, why, start + PAGE) if start + PAGE < len(wanted) else "",
        "answered": bool(report["questions"]) or Annotation.objects.filter(campaign=campaign).exists(),
    }
    return answer(request, "routing/consensus/consensus.html", "routing/consensus/_report.html", context)


def _ask_again(request: SignedIn, campaign: Campaign) -> HttpResponse:
    """Has one more person answer each of the chosen units."""
    units = [int(pk) for pk in request.POST.getlist("unit") if pk.isdecimal() and len(pk) < 19]
    try:
        asked = ask_again(campaign, units, by=request.user)
    except AnnotateError as error:
        messages.error(request, error.message if units else "Choose the units to ask about again.")
    else:
        left = f" {len(asked.left_out)} were left out: {next(iter(asked.left_out.values()))}." if asked.left_out else ""
        (messages.success if asked.made else messages.error)(
            request, f"{asked.made} unit{'' if asked.made == 1 else 's'} will be asked about again.{left}"
        )
    return redirect(reverse("consensus", args=[campaign.slug]) + request.POST.get("query", "")[:200])


def _question(each: Mapping[str, Any]) -> dict[str, Any]:
    clear = each["units"] - each["tied"] - each["undecided"]
    return {**each, "clear": clear, "few": each["units"] < 10}


def chart_of(questions: Sequence[Mapping[str, Any]]) -> Stack | None:
    """How many units of each question have a clear answer; None before anything is answered."""
    rows = [each for each in questions if each["units"]]
    if not rows:
        return None
    counts = [(each["units"] - each["tied"] - each["undecided"], each["tied"], each["undecided"]) for each in rows]
    return Stack(
        "consensus-clear",
        "Units with a clear answer",
        "Clear: more weight of votes for the answer than for any other. Tied votes and units without an answer are the "
        "ones to decide or to ask about again.",
        parts=PARTS,
        rows=[each["title"] for each in rows],
        shares=[[n / each["units"] for n in row] for row, each in zip(counts, rows, strict=True)],
        n=[each["units"] for each in rows],
    )


def _filters(report: Mapping[str, Any], question: str, why: str) -> dict[str, Any]:
    """Links that narrow the list, each with how many it would show."""
    units = report["doubtful"]
    by_question = [("", "All questions"), *((each["name"], each["title"]) for each in report["questions"])]
    return {
        "questions": [
            (title, _query(name, why), name == question, sum(name in ("", u["question"]) for u in units))
            for name, title in by_question
        ],
        "why": [
            (title, _query(question, name), name == why, n)
            for name, title in (("", "All reasons"), *WHY.items())
            if (n := sum(question in ("", u["question"]) and name in ("", u["why"]) for u in units)) or not name
        ],
    }


def _query(question: str, why: str, start: int = 0) -> str:
    given = {"question": question, "why": why, "from": start or ""}
    return "?" + urlencode({name: value for name, value in given.items() if value})


def _lines(wanted: Sequence[Mapping[str, Any]]) -> list[Line]:
    rows = Consensus.objects.filter(unit__in=[each["unit"] for each in wanted])
    found = {(row.unit_id, row.question): row for row in rows.select_related("unit__item", "adjudication__author")}
    lines = []
    for each in wanted:
        row = found.get((each["unit"], each["question"]))
        if row is not None:
            item = row.unit.item
            start = " ".join(prompt_text(item.prompt)[:LONGEST_START].split())
            lines.append(Line(row.unit_id, item.key, start, row.question, WHY[each["why"]], said(row.things), row))
    return lines


def said(things: Sequence[Mapping[str, Any]]) -> str:
    """The votes in a few words: of a unit with several things, of the least sure one."""
    if not things:
        return ""
    thing = min(things, key=lambda each: each.get("confidence", 0.0))
    votes = ", ".join(f"{label} × {weight:g}" for label, weight in thing["said"].items())
    about = ": ".join(part for part in thing["of"] if part) if len(things) > 1 else ""
    return f"{about}: {votes}" if about and votes else votes or f"{thing['n']} answers"
