"""The items that annotators flagged, and what a researcher does about them."""

from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from annotate.access import campaign_run, flag_run
from annotate.campaigns import annotator_of
from annotate.flagging import reasons_of
from annotate.models import Campaign, Flag
from annotate.resolving import RESOLUTIONS, resolve
from annotate.texts import prompt_text
from annotate.views.request import SignedIn
from annotate.views.work_skip import DOES

PAGE = 30
LONGEST_START = 240


@dataclass(frozen=True, slots=True)
class Line:
    """A flag as the list shows it: its reason in words, what that did, and what was done about it."""

    flag: Flag
    prompt: str
    reason: str
    does: str
    resolution: str


@login_required
@require_GET
def flags(request: SignedIn, slug: str) -> HttpResponse:
    """The open ones, or with `?all=1` the resolved ones too; the newest first."""
    campaign, everything = campaign_run(request.user, slug), request.GET.get("all") == "1"
    before = request.GET.get("before", "")
    rows = campaign.flags.select_related("item", "unit__view", "annotator", "resolved_by").order_by("-pk")
    if not everything:
        rows = rows.filter(resolved_at=None)
    if before.isdecimal() and len(before) < 19:
        rows = rows.filter(pk__lt=int(before))
    found = list(rows[: PAGE + 1])
    context = {
        "campaign": campaign,
        "tab": "flags",
        "lines": [_line(flag, campaign.current.pk) for flag in found[:PAGE]],
        "everything": everything,
        "first": not before,
        "next": found[PAGE - 1].pk if len(found) > PAGE else None,
        "resolved": campaign.flags.filter(resolved_at__isnull=False).count(),
    }
    return render(request, "annotate/flags.html", context)


def _line(flag: Flag, version_id: int) -> Line:
    known = {**reasons_of("skip", version_id), **reasons_of("flag", version_id)}
    reason = known[flag.reason]["text"] if flag.reason in known else flag.reason
    prompt = " ".join(prompt_text(flag.item.prompt)[:LONGEST_START].split())
    return Line(flag, prompt, reason, DOES[flag.then], RESOLUTIONS.get(flag.resolution, ""))


@login_required
@require_POST
def flag_resolve(request: SignedIn, pk: int) -> HttpResponse:
    """Does what the button says; `answer` leads on to the item."""
    flag, resolution = flag_run(request.user, pk), request.POST.get("resolution")
    row = resolve(flag, annotator_of(request.user), resolution)
    slug = flag.campaign.slug
    if row is not None and flag.campaign.state == Campaign.State.RUNNING:
        return redirect(f"{reverse('annotate', args=[slug])}?take={row.pk}")
    what = RESOLUTIONS[str(resolution)].lower()
    later = " Annotate the campaign while it runs: the item comes first." if row is not None else ""
    messages.success(request, f"{flag.item.key}: {what}.{later}")
    return redirect("flags", slug)
