"""Keyset pages: every list is {"results": [...], "next": URL or null}, in the order of ids."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from rest_framework.request import Request
from rest_framework.response import Response

from annotate.errors import Invalid

M = TypeVar("M", bound=Model)
MOST, USUAL = 1000, 100


def keyset_page(request: Request, rows: QuerySet[M], payload: Callable[[M], dict[str, Any]]) -> Response:
    """One page of `rows` after the id `after`, `limit` at most. Raises `Invalid`."""
    after, limit = _whole(request, "after", 0), _whole(request, "limit", USUAL)
    if not 1 <= limit <= MOST:
        raise Invalid(f"limit must be from 1 to {MOST}", {"limit": f"1 to {MOST}"})
    page = list(rows.filter(pk__gt=after).order_by("pk")[: limit + 1])
    more = len(page) > limit
    page = page[:limit]
    query = request.query_params.copy()
    query["after"] = str(page[-1].pk) if page else str(after)
    next_url = request.build_absolute_uri(f"{request.path}?{query.urlencode()}") if more else None
    return Response({"results": [payload(row) for row in page], "next": next_url})


def _whole(request: Request, name: str, default: int) -> int:
    given = request.query_params.get(name)
    if given is None:
        return default
    if not given.isdecimal() or len(given) > 18:
        raise Invalid(f"{name} must be a whole number", {name: "a whole number"})
    return int(given)
