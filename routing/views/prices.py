"""The price table of an organisation."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from annotate.errors import AnnotateError
from annotate.views.fields import Field
from annotate.views.request import SignedIn
from routing.access import organisation_run, price_run
from routing.models import Price
from routing.pricing import FREE, change_price, create_price
from routing.views.judge_server import SIDES, number


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def prices(request: SignedIn) -> HttpResponse:
    """The table; a POST adds a row."""
    organisation = organisation_run(request.user)
    if request.method != "POST":
        return _page(request)
    try:
        row = create_price(organisation, {"model": request.POST.get("model"), **_typed(request)})
    except AnnotateError as error:
        return _page(request, error)
    messages.success(request, f"{row.model} has a price now.")
    return redirect("prices")


@login_required
@require_POST
def price(request: SignedIn, pk: int) -> HttpResponse:
    """Changes a row, or deletes it."""
    row = price_run(request.user, pk)
    if "delete" in request.POST:
        row.delete()
        messages.success(request, f"The price of {row.model} is deleted; judges keep what they took of it.")
        return redirect("prices")
    try:
        change_price(row, _typed(request))
    except AnnotateError as error:
        return _page(request, error, row)
    messages.success(request, f"The price of {row.model} is changed.")
    return redirect("prices")


def _typed(request: SignedIn) -> dict[str, Any]:
    return {side: number(request.POST.get(side, "")) for side in FREE}


def _page(request: SignedIn, error: AnnotateError | None = None, wrong: Price | None = None) -> HttpResponse:
    organisation = organisation_run(request.user)
    problems: Mapping[str, str] = error.fields if error and wrong is None else {}
    form = request.POST if error and wrong is None else {}
    context = {
        "organisation": organisation,
        "tab": "prices",
        "rows": [
            _row(row, request, error if wrong and row.pk == wrong.pk else None) for row in organisation.prices.all()
        ],
        "fields": [
            Field("model", "Model", value=form.get("model", ""), hint=HINT, error=problems.get("model", "")),
            *(
                Field(side, label, "number", form.get(side, ""), error=problems.get(side, ""))
                for side, label in SIDES.items()
            ),
        ],
    }
    return render(request, "routing/prices.html", context, status=error.status if error else 200)


HINT = "As its judges name it, letter by letter."


def _row(row: Price, request: SignedIn, error: AnnotateError | None) -> dict[str, Any]:
    if error:
        return {"price": row, "problem": error.message, **{side: request.POST.get(side, "") for side in FREE}}
    return {
        "price": row,
        "problem": "",
        "input": f"{row.input:f}".rstrip("0").rstrip("."),
        "output": f"{row.output:f}".rstrip("0").rstrip("."),
    }
