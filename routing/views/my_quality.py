"""What an annotator sees of his own figures, where the campaign shows them."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from annotate.access import campaign_seen, person
from annotate.errors import NotFound
from annotate.options import option
from annotate.views.work_answer import for_annotators
from routing.annotators.own import own_lines
from routing.reports import report_of


@for_annotators
@require_safe
def my_quality(request: HttpRequest, slug: str) -> HttpResponse:
    """One's own figures out of the stored report. Raises `NotFound` unless the campaign shows them."""
    campaign, annotator = campaign_seen(request.user, slug), person(request.user)
    if not option("own_statistics", campaign.current.config):
        raise NotFound("in this campaign annotators do not see figures about their answers")
    report = report_of(campaign, "annotators")
    lines, waiting = own_lines(report or {"annotators": []}, annotator.pk)
    computed = datetime.fromisoformat(report["computed_at"]) if report else None
    context = {"campaign": campaign, "lines": lines, "waiting": waiting, "computed_at": computed}
    return render(request, "routing/annotators/my_quality.html", context)
