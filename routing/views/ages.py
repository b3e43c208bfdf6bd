"""What all pages of stored reports share: the report, how old it is, and whether a page has seen it.

A page shows `routing/quality/_age.html`, which asks the page's own address every few seconds. To htmx the view answers
with `routing/quality/_poll.html`: the new age, and where the report is a newer one also `body`, a template whose
outermost element has an id and `{% if oob %} hx-swap-oob="true"{% endif %}`.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode

from annotate.models import Campaign
from annotate.views.request import SignedIn
from routing.reports import failures_of, report_of
from routing.under_way import progress_of

POLL = "routing/quality/_poll.html"


def report_and_age(request: SignedIn, campaign: Campaign, name: str) -> tuple[Mapping[str, Any] | None, dict[str, Any]]:
    """The stored report, None where none was computed yet, and what `_age.html` needs in the context."""
    report = report_of(campaign, name)
    return report, age(request, campaign, name, (report or {}).get("computed_at"))


def age(request: SignedIn, campaign: Campaign, part: str, computed: str | None) -> dict[str, Any]:
    """When it was computed, whether that is not what the page has seen, and how a refresh goes.

    The page's own query goes along with what asks again.
    """
    seen = request.GET.get("seen")
    return {
        "campaign": campaign,
        "tab": "quality",
        "part": part,
        "computed_at": datetime.fromisoformat(computed) if computed else None,
        "seen": computed or "",
        "changed": seen is not None and seen != (computed or ""),
        "age_query": urlencode([(k, v) for k, vs in request.GET.lists() if k != "seen" for v in vs]),
        "progress": progress_of(campaign),
        "failure": failures_of(campaign).get(part),
    }


def answer(request: SignedIn, page: str, body: str, context: Mapping[str, Any]) -> HttpResponse:
    """The page; to htmx its age, with `body` where the report is a newer one."""
    return render(request, POLL if request.htmx else page, {**context, "body": body})
