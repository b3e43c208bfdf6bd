"""Signing in."""

from typing import Any
from urllib.parse import urlsplit

from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.utils.http import urlencode
from django_htmx.http import HttpResponseClientRedirect


class SignIn(LoginView):
    """A fragment request that was sent here takes the whole page along: a form inside a table helps nobody."""

    template_name = "annotate/login.html"
    redirect_authenticated_user = True

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        current = request.headers.get("HX-Current-URL")
        if request.headers.get("HX-Request") and current:
            path = urlsplit(current).path
            return HttpResponseClientRedirect(f"{resolve_url('login')}?{urlencode({'next': path})}")
        return super().dispatch(request, *args, **kwargs)  # type: ignore[return-value]
