"""The training of a judge: watched on the Judges page until the judge is there."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from annotate import jobs
from annotate.errors import AnnotateError
from annotate.views.request import SignedIn
from routing.access import training_seen


@login_required
@require_safe
def training(request: SignedIn, pk: int) -> HttpResponse:
    """To htmx its state, and the whole page anew once it has ended; else the page of the judges."""
    found = training_seen(request.user, pk)
    if not request.htmx:
        return redirect("judges", found.campaign.slug)
    answer = render(request, "routing/_training.html", {"training": found})
    if found.has_ended:
        answer["HX-Refresh"] = "true"
    return answer


@login_required
@require_POST
def training_cancel(request: SignedIn, pk: int) -> HttpResponse:
    found = training_seen(request.user, pk)
    try:
        jobs.cancel(found)
    except AnnotateError as error:
        messages.error(request, error.message)
    return redirect("judges", found.campaign.slug)
