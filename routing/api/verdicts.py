"""Importing verdicts that were made elsewhere, over HTTP."""

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import api_view, parser_classes
from rest_framework.request import Request
from rest_framework.response import Response

from annotate.access import campaign_run, signed_in
from annotate.api.body import chunks
from annotate.importing.run import keep_upload
from routing.verdicts_import.running import start_verdict_import

OBJECT = OpenApiTypes.OBJECT


@extend_schema(request=OBJECT, responses={202: OBJECT}, summary="Import verdicts: a JSON array, NDJSON or CSV")
@api_view(["POST"])
@parser_classes([])
def verdicts(request: Request, slug: str) -> Response:
    found = campaign_run(request.user, slug)
    name = request.query_params.get("name", "verdicts")
    job = start_verdict_import(found, signed_in(request.user), keep_upload(chunks(request), name), name)
    return Response({"id": job.pk, "url": request.build_absolute_uri(f"/api/v1/imports/{job.pk}/")}, status=202)
