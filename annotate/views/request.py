"""What a view behind `login_required` gets."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from annotate.models import User


class SignedIn(HttpRequest):
    """A request of somebody who is signed in."""

    user: User
    htmx: HtmxDetails
