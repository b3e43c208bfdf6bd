"""How each annotator answers, side by side: signals, flags, and what was decided."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from annotate.access import campaign_run
from annotate.models import Annotation, Campaign, Standing
from annotate.views.request import SignedIn
from routing.annotators.report import NOTHING
from routing.annotators.words import FEW, SIGNS, Sign, limits, written
from routing.views.ages import answer, report_and_age
from routing.views.annotators_charts import forest

Row = Mapping[str, Any]
A_PAGE = 50
GROUPS = (("people", "People"), ("judges", "Judges"))


@login_required
@require_safe
def annotators(request: SignedIn, slug: str) -> HttpResponse:
    """The page; `?who=judges`, `?by=` a signal (what the chart shows, and the order). To htmx: its age, with the rows
    where the report is a newer one."""
    campaign = campaign_run(request.user, slug)
    found, age = report_and_age(request, campaign, "annotators")
    rows = (found or NOTHING)["annotators"]
    who = _chosen_group(rows, request.GET.get("who"))
    group = [row for row in rows if row["is_judge"] == (who == "judges")]
    names = [name for name in SIGNS if any(name in row["signals"] for row in group)]
    by = request.GET.get("by", "")
    ordered = in_order(group, by if by in names else "")
    start = _start(request.GET.get("start"), len(ordered))
    shown = names[0] if names and by not in names else by
    context = {
        **age,
        "groups": _groups(rows, who, by),
        "columns": [_column(name, who, by) for name in names],
        "rows": _lines(campaign, ordered[start : start + A_PAGE], names),
        "flagged": [row for row in group if row["flags"] and not row["excluded"]],
        "chart": forest(campaign, shown, ordered) if names else None,
        "next": urlencode({"who": who, "by": by, "start": str(start + A_PAGE)}) if ordered[start + A_PAGE :] else "",
        "first": urlencode({"who": who, "by": by}) if start else "",
        "total": len(group),
        "report": found or NOTHING,
        "judges": who == "judges",
        "answered": bool(rows) or Annotation.objects.filter(campaign=campaign).exists(),
    }
    return answer(request, "routing/annotators/annotators.html", "routing/annotators/_body.html", context)


def in_order(rows: Sequence[Row], by: str) -> list[Row]:
    """By one signal: its flags, then its p-value; else those with most flags first. The excluded stand last."""

    def place(row: Row) -> tuple[Any, ...]:
        if by:
            found = row["signals"].get(by)
            p = found["p"] if found and found["p"] is not None else 2.0
            return row["excluded"], found is None, p, row["name"]
        return row["excluded"], -len(row["flags"]), row["name"]

    return sorted(rows, key=place)


def _chosen_group(rows: Sequence[Row], wanted: str | None) -> str:
    judges = any(row["is_judge"] for row in rows)
    people = any(not row["is_judge"] for row in rows)
    return "judges" if judges and (wanted == "judges" or not people) else "people"


def _groups(rows: Sequence[Row], who: str, by: str) -> list[dict[str, Any]]:
    counts = {name: sum(row["is_judge"] == (name == "judges") for row in rows) for name, _ in GROUPS}
    if not all(counts.values()):
        return []
    return [
        {"title": title, "query": urlencode({"who": name, "by": by}), "chosen": name == who, "n": counts[name]}
        for name, title in GROUPS
    ]


def _column(name: str, who: str, by: str) -> dict[str, Any]:
    sign = SIGNS[name]
    query = urlencode({"who": who, "by": name})
    return {"title": sign.title, "means": sign.means, "query": query, "chosen": name == by}


def _start(given: str | None, total: int) -> int:
    start = int(given) if given and given.isdecimal() and len(given) < 9 else 0
    return start if start < total else 0


def _lines(campaign: Campaign, rows: Sequence[Row], names: Sequence[str]) -> list[dict[str, Any]]:
    standings = {
        each.annotator_id: each
        for each in Standing.objects.filter(campaign=campaign, annotator__in=[row["id"] for row in rows])
    }
    return [
        {
            **row,
            "flag_titles": [(SIGNS[name].flag, SIGNS[name].means) for name in row["flags"]],
            "standing": standings.get(row["id"]),
            "cells": [_cell(SIGNS[name], row["signals"].get(name)) for name in names],
        }
        for row in rows
    ]


def _cell(sign: Sign, signal: Row | None) -> dict[str, Any]:
    if signal is None:
        return {"value": ""}
    return {
        "value": written(signal["value"], sign.unit),
        "interval": limits(signal, sign.unit),
        "n": signal["n"],
        "flagged": signal["flagged"],
        "few": signal["n"] < FEW,
    }
