"""A campaign's items, a page at a time, and its imports."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.db.models import Count, Exists, OuterRef, Q
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from annotate.access import campaign_run, item_run
from annotate.models import Assignment, Campaign, Completion, Item
from annotate.models.work import BASE_DESIGN
from annotate.texts import prompt_text
from annotate.views.request import SignedIn

PAGE = 50
MOST_IMPORTS = 10
LONGEST_START = 300


@dataclass(frozen=True, slots=True)
class Line:
    """An item as the list shows it."""

    pk: int
    key: str
    prompt: str
    completions: int
    done: int
    wanted: int


@login_required
def items(request: SignedIn, slug: str) -> HttpResponse:
    campaign = campaign_run(request.user, slug)
    after, named = request.GET.get("after", "0"), bool(request.GET.get("names_model"))
    wanted = campaign.items.all()
    if named:
        wanted = wanted.filter(Exists(Completion.objects.filter(item=OuterRef("pk"), names_model=True)))
    found = list(
        wanted.filter(pk__gt=int(after) if after.isdecimal() and len(after) < 19 else 0)
        .annotate(completion_count=Count("completions"))
        .order_by("pk")[: PAGE + 1]
    )
    context = {
        "campaign": campaign,
        "tab": "items",
        "lines": _lines(campaign, found[:PAGE]),
        "next": found[PAGE - 1].pk if len(found) > PAGE else None,
        "first": after == "0",
        "total": wanted.count(),
        "named": named,
        "imports": campaign.importjobs.select_related("created_by")[:MOST_IMPORTS],
    }
    return render(request, "annotate/items.html", context)


@login_required
@require_safe
def item(request: SignedIn, slug: str, pk: int) -> HttpResponse:
    """One item as annotators see it, with what they do not see."""
    found = item_run(request.user, slug, pk)
    context = {"campaign": found.campaign, "tab": "items", "item": found, "completions": found.completions.all()}
    return render(request, "annotate/item.html", context)


def _lines(campaign: Campaign, found: Sequence[Item]) -> list[Line]:
    rows = Assignment.objects.filter(BASE_DESIGN, campaign=campaign, unit__item__in=[item.pk for item in found])
    rows = rows.exclude(state=Assignment.State.PARKED)
    counts = {
        item: (done, wanted)
        for item, done, wanted in rows.values_list("unit__item")
        .annotate(done=Count("pk", filter=Q(state=Assignment.State.DONE)), wanted=Count("pk"))
        .values_list("unit__item", "done", "wanted")
    }
    return [
        Line(
            item.pk,
            item.key,
            prompt_text(item.prompt)[:LONGEST_START],
            getattr(item, "completion_count", 0),
            *counts.get(item.pk, (0, 0)),
        )
        for item in found
    ]
