"""A campaign's overview, and its changes of state."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from annotate.access import campaign_run, campaign_seen, campaigns_run_by
from annotate.campaigns import change_state
from annotate.models import Campaign
from annotate.overview import overview
from annotate.views.request import SignedIn

SAID = {
    "launch": "The campaign is running: its members can annotate.",
    "pause": "The campaign is paused: nobody gets new items until you resume it.",
    "close": "The campaign is closed.",
    "reopen": "The campaign is running again.",
}


@login_required
def campaign(request: SignedIn, slug: str) -> HttpResponse:
    found = campaign_seen(request.user, slug)
    if not campaigns_run_by(request.user).filter(pk=found.pk).exists():
        return redirect("annotate", slug)
    context = overview(found) | {"campaign": found, "tab": "overview", "live": found.state == Campaign.State.RUNNING}
    if request.htmx:
        return render(request, "annotate/_numbers.html", context)
    context |= {
        "questions": found.current.questions.select_related("view"),
        "others": found.members.filter(annotator__user__isnull=False).exclude(annotator__user=request.user).count(),
        "member": found.members.filter(annotator__user=request.user).exists(),
    }
    return render(request, "annotate/campaign.html", context)


@login_required
@require_POST
def campaign_state(request: SignedIn, slug: str) -> HttpResponse:
    change = request.POST.get("change", "")
    change_state(campaign_run(request.user, slug), change)
    if request.POST.get("then") == "annotate":
        return redirect("annotate", slug)
    messages.success(request, SAID[change])
    return redirect("campaign", slug)
