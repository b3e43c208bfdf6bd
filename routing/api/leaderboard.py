"""Which model is better, over HTTP."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from annotate.access import campaign_run
from routing.reports import report_of

NOTHING: dict[str, Any] = {"computed_at": None, "questions": [], "headline": []}


@extend_schema(
    responses={200: OpenApiTypes.OBJECT}, summary="Strengths of the models, length-controlled win rates and cycles"
)
@api_view(["GET"])
def leaderboard(request: Request, slug: str) -> Response:
    return Response(report_of(campaign_run(request.user, slug), "leaderboard") or NOTHING)
