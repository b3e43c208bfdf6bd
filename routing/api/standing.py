"""What researchers decided about the annotators of a campaign, over HTTP."""

from collections.abc import Mapping
from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from annotate.access import campaign_run, signed_in
from annotate.api.body import body
from annotate.api.pages import keyset_page
from annotate.campaigns import annotator_of
from annotate.models import Annotator, Campaign
from annotate.standing import annotator_in, annotators_of, standing_of
from routing.annotators.deciding import decide
from routing.annotators.report import NOTHING
from routing.annotators.words import sentence
from routing.reports import report_of

OBJECT = OpenApiTypes.OBJECT


@extend_schema(
    responses={200: OBJECT},
    summary="The annotators of a campaign: how each answers beside the others, and what was decided about him",
)
@api_view(["GET"])
def annotators(request: Request, slug: str) -> Response:
    campaign = campaign_run(request.user, slug)
    report = report_of(campaign, "annotators") or NOTHING
    rows = {row["id"]: row for row in report["annotators"]}
    computed = report["computed_at"]
    return keyset_page(
        request,
        annotators_of(campaign),
        lambda found: {**_described(campaign, found), **_figures(rows.get(found.pk), computed)},
    )


@extend_schema(
    request=OBJECT,
    responses={200: OBJECT},
    summary="Decide about an annotator: {action: pause, resume, exclude, include, weigh; weight?, ask_others?, note?}",
)
@api_view(["POST"])
def standing(request: Request, slug: str, pk: int) -> Response:
    campaign = campaign_run(request.user, slug)
    annotator, by, sent = annotator_in(campaign, pk), annotator_of(signed_in(request.user)), body(request)
    decide(campaign, annotator, by, sent)
    return Response(_described(campaign, annotator))


def _described(campaign: Campaign, annotator: Annotator) -> dict[str, Any]:
    found = standing_of(campaign, annotator)
    return {
        "id": annotator.pk,
        "name": annotator.name,
        "kind": annotator.kind,
        "paused_at": found.paused_at,
        "excluded_at": found.excluded_at,
        "weight": found.weight,
        "note": found.note,
        "changed_by": found.changed_by.name if found.changed_by else None,
        "changed_at": found.changed_at if found.pk else None,
    }


def _figures(row: Mapping[str, Any] | None, computed: str | None) -> dict[str, Any]:
    """What the report says of him; nothing of who has not answered."""
    signals = row["signals"] if row else {}
    return {
        "answered": row["n"] if row else 0,
        "signals": {name: {**signal, "sentence": sentence(name, signal)} for name, signal in signals.items()},
        "flags": row["flags"] if row else [],
        "computed_at": computed,
    }
