"""Where the labels are worse than elsewhere, over HTTP."""

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from annotate.access import campaign_run
from routing.reports import report_of
from routing.slices import NOTHING


@extend_schema(responses={200: OpenApiTypes.OBJECT}, summary="Slices of the campaign against the rest")
@api_view(["GET"])
def slices(request: Request, slug: str) -> Response:
    return Response(report_of(campaign_run(request.user, slug), "slices") or NOTHING)
