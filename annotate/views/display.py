"""Keeping how a user has his pages: from the page's script, and from a plain form."""

import json
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from annotate.display import save_display
from annotate.errors import Invalid
from annotate.views.request import SignedIn, came_from
from annotate.views.work_answer import by_script, error_json


@login_required
@require_http_methods(["GET", "POST"])
def display(request: SignedIn) -> HttpResponse:
    """The settings as a form; a POST keeps them, as a form or as JSON."""
    if request.method == "GET":
        return render(request, "annotate/display.html")
    is_json = request.content_type == "application/json"
    try:
        kept = save_display(request.user, _object(request.body) if is_json else request.POST)
    except Invalid as error:
        if is_json or by_script(request):
            return error_json(error)
        raise
    if is_json or by_script(request):
        return JsonResponse(kept)
    messages.success(request, "Saved.")
    return redirect(came_from(request) or "display")


def _object(body: bytes) -> dict[str, Any]:
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise Invalid("send an object of settings", {"": "an object"})
    return value
