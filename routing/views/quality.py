"""How trustworthy a campaign's labels are, in one screen: what the stored report of each part says first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_POST, require_safe

from annotate.access import campaign_run
from annotate.models import Annotation, Campaign
from annotate.views.request import SignedIn, came_from
from routing.models import Report
from routing.tasks import send_refresh
from routing.views.ages import age, answer

LEVELS = {"good": "Sound", "mind": "Take care", "bad": "A problem", "unknown": "Not known yet"}
WORST = ("bad", "mind", "unknown", "good")
MOST = 3
"""Lines of a part that are shown; its page has the others."""


@dataclass(frozen=True, slots=True)
class Part:
    """A page about the labels: the name of its address and its report, the question that it answers."""

    name: str
    title: str
    question: str


PARTS = (
    Part("inconsistency", "Inconsistency", "Do ratings and rankings of the same pairs say the same?"),
    Part("agreement", "Agreement", "Do several annotators say the same of the same thing?"),
    Part("consensus", "Consensus", "How sure is the one answer made of several?"),
    Part("annotators", "Annotators", "Does somebody answer unlike the rest, or without looking?"),
    Part("leaderboard", "Models", "Which model is better, and is that more than length and chance?"),
    Part("slices", "Slices", "Where are the labels worse than elsewhere?"),
)


@login_required
@require_safe
def quality(request: SignedIn, slug: str) -> HttpResponse:
    """The page. To htmx: how old it is, with the parts where a newer report is there."""
    campaign = campaign_run(request.user, slug)
    parts, computed = parts_of(campaign)
    context = {
        **age(request, campaign, "quality", computed),
        "parts": parts,
        "worst": worst(parts),
        "answered": Annotation.objects.filter(campaign=campaign).exists(),
    }
    return answer(request, "routing/quality/quality.html", "routing/quality/_parts.html", context)


@login_required
@require_POST
def quality_refresh(request: SignedIn, slug: str) -> HttpResponse:
    """Has a worker make all reports of the campaign now."""
    campaign = campaign_run(request.user, slug)
    transaction.on_commit(lambda: send_refresh(campaign.pk, at_once=True))
    messages.info(request, "The reports are being computed; this page shows them when they are done.")
    return redirect(came_from(request) or reverse("quality", args=[campaign.slug]))


def parts_of(campaign: Campaign) -> tuple[list[dict[str, Any]], str]:
    """Each part with what its report says first, and when the newest of the reports was computed.

    Only what is shown is read of the reports, which may be long.
    """
    names = [part.name for part in PARTS]
    found = Report.objects.filter(campaign=campaign, name__in=names).values_list(
        "name", "data__headline", "data__computed_at"
    )
    stored = {name: (headline or [], computed) for name, headline, computed in found}
    parts = [_part(part, campaign, *stored.get(part.name, ([], None))) for part in PARTS]
    return parts, max((computed for _, computed in stored.values() if computed), default="")


def _part(
    part: Part, campaign: Campaign, headline: Sequence[Mapping[str, Any]], computed: str | None
) -> dict[str, Any]:
    ordered = sorted(headline, key=lambda line: WORST.index(line["level"]))
    lines = [{**line, "word": LEVELS[line["level"]]} for line in ordered]
    return {
        "name": part.name,
        "title": part.title,
        "question": part.question,
        "url": _address(part.name, campaign),
        "computed": computed is not None,
        "lines": lines[:MOST],
        "more": len(lines[MOST:]),
    }


def _address(name: str, campaign: Campaign) -> str | None:
    try:
        return reverse(name, args=[campaign.slug])
    except NoReverseMatch:
        return None


def worst(parts: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What needs a look first: the lines that are bad, else those to mind, each with its part's address."""
    lines = [{**line, "url": part["url"], "part": part["title"]} for part in parts for line in part["lines"]]
    for level in WORST[:2]:
        if found := [line for line in lines if line["level"] == level]:
            return found
    return []
