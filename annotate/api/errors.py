"""The one error shape of the API: {"code", "message", "fields"}."""

import logging
from typing import Any

from django.conf import settings
from django.core.exceptions import (
    RequestDataTooBig,
    SuspiciousOperation,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.http import Http404, HttpRequest, JsonResponse
from rest_framework.exceptions import APIException, NotFound, ValidationError
from rest_framework.response import Response
from rest_framework.views import exception_handler

from annotate.errors import AnnotateError

log = logging.getLogger(__name__)


def error_body(code: str, message: str, fields: dict[str, str] | None = None) -> dict[str, Any]:
    return {"code": code, "message": message, "fields": fields or {}}


def handler(error: Exception, context: dict[str, Any]) -> Response:
    """DRF's exception handler: our errors, its own, and those that nobody expected, in one shape."""
    if isinstance(error, AnnotateError):
        return Response(error_body(error.code, error.message, error.fields), status=error.status)
    if isinstance(error, SuspiciousOperation):
        return _refused(error)
    response = exception_handler(error, context)
    if response is None:
        log.error("an API request failed", exc_info=error)
        return Response(error_body("internal", "something went wrong here; it has been logged"), status=500)
    if isinstance(error, Http404):
        error = NotFound()
    code = error.get_codes() if isinstance(error, APIException) else "error"
    message = "the request is not valid" if isinstance(error, ValidationError) else str(getattr(error, "detail", error))
    response.data = error_body(code if isinstance(code, str) else "invalid", message)
    return response


def _refused(error: SuspiciousOperation) -> Response:
    """What Django itself refuses to read: it says so in an exception that is no error of ours."""
    much = {
        RequestDataTooBig: f"at most {settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 1024:,} KB",
        TooManyFieldsSent: f"at most {settings.DATA_UPLOAD_MAX_NUMBER_FIELDS:,} fields",
        TooManyFilesSent: f"at most {settings.DATA_UPLOAD_MAX_NUMBER_FILES:,} files",
    }.get(type(error))
    if much:
        return Response(error_body("too_large", f"a request may hold {much}; send the rest in another"), status=413)
    return Response(error_body("bad_request", "the request cannot be read"), status=400)


def not_found(request: HttpRequest, unknown: str = "") -> JsonResponse:
    """The answer for an address under /api/ that does not exist."""
    return JsonResponse(error_body("not_found", f"there is nothing at {request.path}; see /api/schema/"), status=404)
