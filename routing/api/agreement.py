"""The report on agreement over HTTP."""

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from annotate.access import campaign_run
from routing.agreement import NOTHING
from routing.reports import report_of


@extend_schema(responses={200: OpenApiTypes.OBJECT}, summary="How far annotators agree, by question")
@api_view(["GET"])
def agreement(request: Request, slug: str) -> Response:
    return Response(report_of(campaign_run(request.user, slug), "agreement") or NOTHING)
