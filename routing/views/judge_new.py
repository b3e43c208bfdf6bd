"""Adding a judge: the form, and trying its server before anything is saved."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from annotate.access import campaign_run
from annotate.errors import AnnotateError, Invalid
from annotate.models import Campaign
from annotate.views.request import SignedIn
from routing.calling.probing import remember
from routing.creating import create_judge
from routing.endpoints import test_endpoint, try_endpoint
from routing.models import Judge
from routing.training import start_training, wants_training
from routing.views.judge_form import judge_form, spec_of_form

PROBED = "probed"
"""Where a session keeps what the last test found, until the judge is added."""


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def judge_new(request: SignedIn, slug: str) -> HttpResponse:
    """The form; a POST without `save` shows the fields that go with what was chosen."""
    campaign = campaign_run(request.user, slug)
    if "save" not in request.POST:
        return _page(request, campaign)
    spec = spec_of_form(campaign, request.POST)
    try:
        if wants_training(spec):
            return _train(request, campaign, spec)
        judge = create_judge(campaign, spec)
    except AnnotateError as error:
        return _page(request, campaign, error)
    _remember(request, judge)
    messages.success(request, f"The judge {judge} is ready. See what a run costs, then run it.")
    return redirect(f"{reverse('judges', args=[slug])}#judge-{judge.pk}")


def _train(request: SignedIn, campaign: Campaign, spec: dict[str, Any]) -> HttpResponse:
    job = start_training(campaign, request.user, spec)
    messages.success(request, f"{job.name} is being trained; it is ready when it appears among the judges.")
    return redirect("judges", campaign.slug)


def _page(request: SignedIn, campaign: Campaign, error: AnnotateError | None = None) -> HttpResponse:
    form = judge_form(campaign, request.POST, error.fields if error else None)
    context = {"campaign": campaign, "tab": "judges", "form": form, "error": error}
    return render(request, "routing/judge_new.html", context, status=error.status if error else 200)


@login_required
@require_POST
def judge_test(request: SignedIn, slug: str) -> HttpResponse:
    """What the server can do that the form names or describes. Nothing of it is saved before the judge is."""
    campaign = campaign_run(request.user, slug)
    try:
        found = _tried(request, campaign)
    except AnnotateError as error:
        return render(request, "routing/_server_found.html", {"error": error}, status=error.status)
    return render(request, "routing/_server_found.html", {"found": found})


def _tried(request: SignedIn, campaign: Campaign) -> dict[str, Any]:
    spec = spec_of_form(campaign, request.POST)
    server, model = spec.get("endpoint"), str(spec["config"].get("model") or "")
    if not isinstance(server, dict):
        known = campaign.organisation.endpoints.filter(name=server or "").first()
        if known is None:
            raise Invalid("choose a server first", {"endpoint": "a server"})
        return test_endpoint(known, model)
    found = try_endpoint(campaign.organisation, {**server, "provider": spec["provider"]}, model)
    if capabilities := found.pop("capabilities", None):
        request.session[PROBED] = {"url": server["url"].rstrip("/"), "model": found["model"], "found": capabilities}
    return found


def _remember(request: SignedIn, judge: Judge) -> None:
    """What a test found of a server that was not saved then."""
    probed, endpoint = request.session.pop(PROBED, None), judge.endpoint
    if probed and endpoint and probed["url"] == endpoint.url and probed["model"] not in endpoint.capabilities:
        remember(endpoint, probed["model"], probed["found"])
