"""The servers of an organisation: where its judges' models are reached, their limits, keys and health."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from annotate.access import campaigns_run_by
from annotate.errors import AnnotateError
from annotate.views.fields import Field
from annotate.views.request import SignedIn
from routing.access import endpoint_run, organisation_run
from routing.endpoints import change_endpoint, create_endpoint, delete_endpoint, test_endpoint
from routing.judges import providers
from routing.judges.remote import RemoteProvider
from routing.models import Endpoint, Judge
from routing.views.judge_form import TITLES
from routing.views.judge_server import LIMITS, number


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def endpoints(request: SignedIn) -> HttpResponse:
    """All of them; a POST adds one."""
    organisation = organisation_run(request.user)
    if request.method != "POST":
        return _page(request)
    try:
        made = create_endpoint(organisation, _spec(request, ("provider", "name", "url", "key")))
    except AnnotateError as error:
        return _page(request, error)
    messages.success(request, f"{made.name} is added; test it to see what it can do.")
    return redirect("endpoint", made.pk)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def endpoint(request: SignedIn, pk: int) -> HttpResponse:
    """One of them; a POST changes its limits, or replaces its key."""
    found = endpoint_run(request.user, pk)
    if request.method != "POST":
        return _one(request, found)
    names = ("key",) if "replace_key" in request.POST else ("name",)
    try:
        change_endpoint(found, _spec(request, names, limits="replace_key" not in request.POST))
    except AnnotateError as error:
        return _one(request, endpoint_run(request.user, pk), error)
    messages.success(request, f"{found.name} is changed.")
    return redirect("endpoint", pk)


@login_required
@require_POST
def endpoint_test(request: SignedIn, pk: int) -> HttpResponse:
    """Tries it with a model: a fragment for htmx, else its page with what was found."""
    found = endpoint_run(request.user, pk)
    result = test_endpoint(found, request.POST.get("model", ""))
    if request.htmx:
        return render(request, "routing/_server_found.html", {"found": result})
    return _one(request, found, result=result)


@login_required
@require_POST
def endpoint_delete(request: SignedIn, pk: int) -> HttpResponse:
    found = endpoint_run(request.user, pk)
    try:
        delete_endpoint(found)
    except AnnotateError as error:
        messages.error(request, error.message)
        return redirect("endpoint", pk)
    messages.success(request, f"{found.name} is deleted, and its key with it.")
    return redirect("endpoints")


def _spec(request: SignedIn, names: tuple[str, ...], limits: bool = True) -> dict[str, Any]:
    spec: dict[str, Any] = {name: request.POST.get(name, "").strip() for name in names}
    for name in LIMITS if limits else ():
        value = number(request.POST.get(name, ""))
        if value is not None or name != "concurrency":
            spec[name] = value
    return {name: value for name, value in spec.items() if value != "" or name == "key"}


def _page(request: SignedIn, error: AnnotateError | None = None) -> HttpResponse:
    organisation = organisation_run(request.user)
    context = {
        "organisation": organisation,
        "tab": "endpoints",
        "rows": [endpoint_card(request, each) for each in organisation.endpoints.all()],
        "fields": _fields(request.POST, error),
        "key_problem": error.fields.get("key", "") if error else "",
        "error": error if error and not error.fields else None,
    }
    return render(request, "routing/endpoints.html", context, status=error.status if error else 200)


def _one(
    request: SignedIn,
    found: Endpoint,
    error: AnnotateError | None = None,
    result: Mapping[str, Any] | None = None,
) -> HttpResponse:
    typed = request.POST if error else {name: getattr(found, name) for name in ("name", *LIMITS)}
    context = {
        "organisation": found.organisation,
        "tab": "endpoints",
        "card": endpoint_card(request, found),
        "name_field": _name_field(typed, error),
        "limits": _limits(typed, error),
        "key_problem": error.fields.get("key", "") if error else "",
        "model": (models_of(found) or [""])[0],
        "result": result,
        "error": error if error and not error.fields else None,
    }
    return render(request, "routing/endpoint.html", context, status=error.status if error else 200)


def _fields(typed: Any, error: AnnotateError | None) -> list[Field]:
    problems = error.fields if error else {}
    speaks = [(name, TITLES.get(name, name)) for name, each in providers().items() if issubclass(each, RemoteProvider)]
    return [
        Field("url", "Address", value=typed.get("url", ""), hint=URL_HINT, error=problems.get("url", "")),
        Field(
            "provider",
            "What it serves",
            "select",
            typed.get("provider", ""),
            choices=speaks,
            error=problems.get("provider", ""),
        ),
        _name_field(typed, error),
        *_limits(typed, error),
    ]


URL_HINT = "Such as http://localhost:8000/v1, up to the part that all its requests share."
LIMITS_HINT = "Shared by all judges and workers. Empty: no limit."


def _name_field(typed: Any, error: AnnotateError | None) -> Field:
    problem = error.fields.get("name", "") if error else ""
    return Field("name", "Name", value=typed.get("name") or "", error=problem)


def _limits(typed: Any, error: AnnotateError | None) -> list[Field]:
    def value(name: str) -> Any:
        return "" if typed.get(name) is None else typed.get(name)

    return [
        Field(name, label, "number", value(name), error=error.fields.get(name, "") if error else "")
        for name, label in LIMITS.items()
    ]


def endpoint_card(request: SignedIn, found: Endpoint) -> dict[str, Any]:
    """What the page says of a server; judges of campaigns that the user does not run are only counted."""
    judges = Judge.objects.filter(endpoint=found).select_related("annotator", "campaign")
    own = list(judges.filter(campaign__in=campaigns_run_by(request.user)))
    return {
        "endpoint": found,
        "closed": found.open_until is None or found.open_until <= timezone.now(),
        "judges": own,
        "others": judges.count() - len(own),
        "found": found.capabilities,
    }


def models_of(found: Endpoint) -> list[str]:
    """The models that judges use there, or that it was tested with."""
    used = Judge.objects.filter(endpoint=found).values_list("config__model", flat=True)
    return sorted({str(model) for model in [*used, *found.capabilities] if model})
