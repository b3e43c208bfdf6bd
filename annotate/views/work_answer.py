"""The annotation pages answer browsers with pages, and the page's own script with JSON around the same HTML."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.cache import never_cache

from annotate.errors import AnnotateError
from annotate.views.work_page import Work

View = Callable[..., HttpResponse]


def by_script(request: HttpRequest) -> bool:
    """Whether the page's script asks, rather than the browser itself."""
    return request.headers.get("Accept") == "application/json"


def for_annotators(view: View) -> View:
    """Only for those signed in; errors have the API's shape where the script asked."""

    @wraps(view)
    @never_cache
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return _sign_in(request)
        try:
            return view(request, *args, **kwargs)
        except AnnotateError as error:
            if not by_script(request):
                raise
            return error_json(error)

    return inner


def _sign_in(request: HttpRequest) -> HttpResponse:
    if by_script(request):
        message = "You are signed out. Sign in again in another tab; your answers are kept here."
        return JsonResponse({"code": "signed_out", "message": message, "fields": {}}, status=401)
    return redirect_to_login(request.get_full_path() if request.method == "GET" else "/")


def error_json(error: AnnotateError) -> JsonResponse:
    return JsonResponse(
        {"code": error.code, "message": error.message, "fields": error.fields},
        status=error.status,
    )


def item_payload(request: HttpRequest, work: Work | None) -> dict[str, Any] | None:
    """An item as the script receives it."""
    if work is None:
        return None
    html = render_to_string("annotate/work_item.html", {"work": work}, request)
    return {"id": work.assignment.pk, "html": html}


def until_payload(pk: int, until: datetime | None) -> dict[str, Any]:
    """How long an item is held, as the script keeps count of it."""
    left = (until - timezone.now()).total_seconds() if until else 0
    return {"id": pk, "until": until.isoformat() if until else "", "seconds": max(0, int(left))}
