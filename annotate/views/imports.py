"""Importing into a campaign: the file, what it is read as, and the job."""

import csv
from collections.abc import Callable, Iterator
from datetime import timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from annotate.access import campaign_run, import_run
from annotate.errors import Invalid
from annotate.importing.plan import Planner
from annotate.importing.readers.source import EXTENSIONS
from annotate.importing.run import start_import
from annotate.jobs import cancel
from annotate.models import Campaign, ImportJob, Job, RowError, User
from annotate.overview import named_models
from annotate.views.import_choice import Choice, choose, fields
from annotate.views.request import SignedIn
from annotate.views.uploads import begun_as, discard, hand_over, keep, waiting_for

ERRORS_SHOWN = 100
PATIENCE = timedelta(seconds=10)
STOP_POLLING = 286


@login_required
@require_http_methods(["GET", "POST"])
def import_new(request: SignedIn, slug: str) -> HttpResponse:
    campaign = campaign_run(request.user, slug)
    context = {"campaign": campaign, "tab": "items", "accepted": ",".join(EXTENSIONS)}
    if request.method == "GET":
        return render(request, "annotate/import_new.html", context)
    try:
        upload = keep(request, request.FILES.getlist("file"), slug)
    except Invalid as error:
        return render(request, "annotate/import_new.html", context | {"problem": error.message}, status=422)
    return redirect("import_confirm", slug, upload)


@login_required
@require_http_methods(["GET", "POST"])
def import_confirm(request: SignedIn, slug: str, upload: str) -> HttpResponse:
    campaign = campaign_run(request.user, slug)
    if job := begun_as(request, upload):
        return redirect("import_job", job)
    candidates = waiting_for(request, upload, slug)
    if "discard" in request.POST:
        discard(request, upload)
        return redirect("import_new", slug)
    questions = list(campaign.current.questions.values_list("name", "kind"))
    choice = choose(candidates, request.POST, questions, Planner(campaign).plan)
    if "start" in request.POST and choice.tried.item:
        return begin(request, upload, choice, lambda: campaign)
    context = {"campaign": campaign, "tab": "items", "choice": choice, "fields": fields(choice)}
    template = "annotate/_import_choice.html" if request.htmx else "annotate/import_confirm.html"
    return render(request, template, context, status=422 if "start" in request.POST else 200)


def begin(request: SignedIn, upload: str, choice: Choice, campaign: Callable[[], Campaign]) -> HttpResponse:
    """Starts the import that was chosen, and shows its page; pressed twice at once, it starts one."""
    with transaction.atomic():
        User.objects.select_for_update().get(pk=request.user.pk)
        files = [str(one.path) for one in choice.candidates]
        job = ImportJob.objects.filter(created_by=request.user, file__in=files).first()
        if job is None:
            job = _start(request, campaign(), choice)
            hand_over(request, upload, choice.used, job)
    return redirect("import_job", job.pk)


def _start(request: SignedIn, campaign: Campaign, choice: Choice) -> ImportJob:
    return start_import(
        campaign,
        request.user,
        choice.file.path,
        choice.file.name,
        file_type=choice.file.source.file_type,
        mapping_name=choice.mapping.name,
        options=choice.options,
        companions=choice.paths,
    )


@login_required
def import_job(request: SignedIn, pk: int) -> HttpResponse:
    job = import_run(request.user, pk)
    context = {
        "job": job,
        "campaign": job.campaign,
        "tab": "items",
        "errors": job.rejections[:ERRORS_SHOWN],
        "warnings": job.remarks[:ERRORS_SHOWN],
        "warned": job.remarks.count(),
        "named": named_models(job.campaign),
        "waiting": job.state == Job.State.QUEUED and timezone.now() - job.created_at > PATIENCE,
        "dealt_with": job.done + job.rejected,
    }
    if request.htmx:
        return render(request, "annotate/_import_job.html", context, status=STOP_POLLING if job.has_ended else 200)
    return render(request, "annotate/import_job.html", context)


@login_required
@require_POST
def import_cancel(request: SignedIn, pk: int) -> HttpResponse:
    cancel(import_run(request.user, pk))
    messages.success(request, "The import is cancelled; what was in already stays.")
    return redirect("import_job", pk)


@login_required
def import_errors(request: SignedIn, pk: int) -> StreamingHttpResponse:
    """All rejected rows as CSV; with `?warnings=1` the remarks on rows that went in."""
    job = import_run(request.user, pk)
    found, name = (job.remarks, "warnings") if request.GET.get("warnings") else (job.rejections, "errors")
    return StreamingHttpResponse(
        _error_lines(found),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="import-{job.pk}-{name}.csv"'},
    )


class _Echo:
    """What is written is what `csv` returns."""

    def write(self, line: str) -> str:
        return line


def _error_lines(found: QuerySet[RowError]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield writer.writerow(["row", "field", "message"])
    for row, field, message in found.values_list("row", "field", "message").iterator():
        yield writer.writerow([row, _inert(field), _inert(message)])


def _inert(cell: str) -> str:
    """A cell that a spreadsheet does not take for a formula."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell
