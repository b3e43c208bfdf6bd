from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def page(request: HttpRequest, **_: Any) -> HttpResponse:
    return render(request, "404.html", status=404)
