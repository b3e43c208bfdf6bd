"""Exports as pages: asking for one, watching it, downloading it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from annotate import jobs
from annotate.access import campaign_run
from annotate.errors import Invalid, WrongState
from annotate.models import Campaign
from annotate.views.request import SignedIn
from exports.access import export_run_by, finished_file
from exports.build import start_export
from exports.form import asked, choices
from exports.options import comparing
from exports.present import present

NEWEST = 50


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def exports(request: SignedIn, slug: str) -> HttpResponse:
    """The page; a POST asks for an export."""
    campaign = campaign_run(request.user, slug)
    if request.method != "POST":
        return _page(request, campaign)
    try:
        start_export(campaign, request.user, *asked(request.POST))
    except Invalid as error:
        return _page(request, campaign, error)
    messages.success(request, "The export is being made; it appears below.")
    return redirect("exports", slug)


def _page(request: SignedIn, campaign: Campaign, error: Invalid | None = None) -> HttpResponse:
    context = {
        "campaign": campaign,
        "tab": "exports",
        "exports": [present(export) for export in campaign.exports.order_by("-pk")[:NEWEST]],
        "asks_pairs": bool(comparing(campaign)),
        "form": choices(campaign, request.POST),
        "errors": {name.replace(".", "_"): text for name, text in error.fields.items()} if error else {},
    }
    return render(request, "exports/exports.html", context, status=error.status if error else 200)


@login_required
@require_safe
def export(request: SignedIn, pk: int) -> HttpResponse:
    """One export; to htmx, the card alone."""
    found = export_run_by(request.user, pk)
    context = {"campaign": found.campaign, "tab": "exports", "each": present(found)}
    return render(request, "exports/_export.html" if request.htmx else "exports/export.html", context)


@login_required
@require_POST
def cancel(request: SignedIn, pk: int) -> HttpResponse:
    found = export_run_by(request.user, pk)
    try:
        jobs.cancel(found)
    except WrongState as error:
        messages.error(request, error.message)
    return redirect("exports", found.campaign.slug)


@login_required
@require_safe
def download(request: SignedIn, pk: int) -> FileResponse:
    path = finished_file(export_run_by(request.user, pk))
    return FileResponse(path.open("rb"), as_attachment=True, filename=path.name)


@login_required
@require_safe
def manifest(request: SignedIn, pk: int) -> FileResponse:
    """The manifest.json beside the file."""
    path = finished_file(export_run_by(request.user, pk)).with_name("manifest.json")
    return FileResponse(path.open("rb"), as_attachment=True, filename=path.name)
