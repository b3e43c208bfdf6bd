"""Where a person moves the keys of the annotation page."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from annotate.errors import Invalid
from annotate.keys import ACTIONS, MOVABLE, face, keys_for, save_keys
from annotate.views.fields import Field
from annotate.views.request import SignedIn, came_from


@login_required
@require_http_methods(["GET", "POST"])
def key_settings(request: SignedIn) -> HttpResponse:
    """A field for each action with its key; a POST keeps them, or goes back to the page's own."""
    if request.method == "GET":
        return _page(request, keys_for(request.user.preferences))
    given = {name: request.POST.get(f"key-{name}", "") for name in MOVABLE}
    try:
        moved = save_keys(request.user, {} if "reset" in request.POST else given)
    except Invalid as error:
        return _page(request, given, error)
    messages.success(request, _said(moved) if moved else "Every key is the page's own again.")
    return redirect(came_from(request) or "key_settings")


def _said(moved: dict[str, str]) -> str:
    return "Saved: " + ", ".join(f"{face(key)} is “{MOVABLE[name].does}”" for name, key in moved.items()) + "."


def _page(request: SignedIn, keys: dict[str, str], error: Invalid | None = None) -> HttpResponse:
    problems = error.fields if error else {}
    fields = [
        Field(
            f"key-{name}",
            action.does,
            "key",
            keys[name],
            "" if keys[name] == action.key else f"The page's own is {face(action.key)}.",
            problems.get(name, ""),
        )
        for name, action in MOVABLE.items()
    ]
    fixed = [([face(key) for key in action.fixed], action.does) for action in ACTIONS.values() if action.fixed]
    context = {"fields": fields, "fixed": fixed, "next": came_from(request), "problems": problems}
    return render(request, "annotate/key_settings.html", context, status=error.status if error else 200)
