"""Reports on a campaign over HTTP."""

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from annotate.access import campaign_run
from annotate.api.pages import keyset_page
from routing.inconsistency import NOTHING
from routing.reliability.stored import report_of as reliability_of
from routing.reports import report_of

OBJECT = OpenApiTypes.OBJECT


@extend_schema(responses={200: OBJECT}, summary="How far ratings and rankings disagree")
@api_view(["GET"])
def inconsistency(request: Request, slug: str) -> Response:
    return Response(report_of(campaign_run(request.user, slug), "inconsistency") or NOTHING)


@extend_schema(responses={200: OBJECT}, summary="The reliability reports of a campaign's judges, to compare them")
@api_view(["GET"])
def reliability(request: Request, slug: str) -> Response:
    campaign = campaign_run(request.user, slug)
    judges = campaign.judges.select_related("annotator", "campaign")
    return keyset_page(request, judges, lambda judge: dict(reliability_of(judge)))
