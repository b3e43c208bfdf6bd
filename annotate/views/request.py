"""What a view behind `login_required` gets."""

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.middleware import HtmxDetails

from annotate.models import User


class SignedIn(HttpRequest):
    """A request of somebody who is signed in."""

    user: User
    htmx: HtmxDetails


def came_from(request: HttpRequest) -> str:
    """The page of ours that a form's `next` names; empty where it names none."""
    back = request.POST.get("next") or request.GET.get("next", "")
    return back if back.startswith("/") and url_has_allowed_host_and_scheme(back, None) else ""
