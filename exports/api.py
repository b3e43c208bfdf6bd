"""Exports over HTTP."""

from typing import Any

from django.http import FileResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from annotate.access import campaign_run, signed_in
from annotate.api.body import body
from annotate.api.pages import keyset_page
from annotate.api.payloads import job_payload
from annotate.jobs import cancel as cancel_job
from exports.access import export_run_by, finished_file
from exports.build import start_export
from exports.models import Export

OBJECT = OpenApiTypes.OBJECT


def export_payload(export: Export) -> dict[str, Any]:
    return {
        **job_payload(export),
        "format": export.format,
        "file_type": export.file_type,
        "options": export.options,
        "manifest": export.manifest,
    }


@extend_schema(methods=["GET"], responses={200: OBJECT}, summary="The exports of a campaign")
@extend_schema(methods=["POST"], request=OBJECT, responses={202: OBJECT}, summary="Ask for an export")
@api_view(["GET", "POST"])
def exports(request: Request, slug: str) -> Response:
    campaign = campaign_run(request.user, slug)
    if request.method == "POST":
        sent = body(request)
        export = start_export(
            campaign, signed_in(request.user), sent.get("format"), sent.get("file_type", "jsonl"), sent.get("options")
        )
        return Response(export_payload(export), status=202)
    return keyset_page(request, campaign.exports.all(), export_payload)


@extend_schema(responses={200: OBJECT}, summary="The state and manifest of an export")
@api_view(["GET"])
def export(request: Request, pk: int) -> Response:
    return Response(export_payload(export_run_by(request.user, pk)))


@extend_schema(request=None, responses={200: OBJECT}, summary="Cancel an export")
@api_view(["POST"])
def cancel(request: Request, pk: int) -> Response:
    found = export_run_by(request.user, pk)
    cancel_job(found)
    return Response(export_payload(found))


@extend_schema(responses={200: OpenApiTypes.BINARY}, summary="The file")
@api_view(["GET"])
def download(request: Request, pk: int) -> FileResponse:
    path = finished_file(export_run_by(request.user, pk))
    return FileResponse(path.open("rb"), as_attachment=True, filename=path.name)
