"""The circuit breaker of an endpoint, on its row: after failures in a row nobody calls, then one call tries."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.db import connection
from django.db.models import F, Q

from routing.calling.waits import Waits
from routing.models import Endpoint

OPEN = """
    UPDATE routing_endpoint SET openings = openings + 1,
      open_until = clock_timestamp() + least(%(longest)s, %(first)s * power(2, least(openings, 16)))
    WHERE id = %(pk)s AND failures >= %(most)s AND (%(tried)s OR open_until IS NULL OR open_until < clock_timestamp())
"""
TRY = """
    UPDATE routing_endpoint SET open_until = clock_timestamp() + %(lease)s
    WHERE id = %(pk)s AND openings > 0 AND open_until <= clock_timestamp()
"""


def note(pk: int, worked: Sequence[bool], waits: Waits, tried: bool = False) -> None:
    """Counts what a group of calls came to, in their order. `tried`: one of them was let through an open circuit."""
    if not worked:
        return
    row = Endpoint.objects.filter(pk=pk)
    failures = next((n for n, good in enumerate(reversed(worked)) if good), len(worked))
    if any(worked):
        row.filter(Q(failures__gt=0) | Q(openings__gt=0)).update(failures=0, openings=0, open_until=None)
    if failures:
        row.update(failures=F("failures") + failures)
        first, longest = timedelta(seconds=waits.first_opening), timedelta(seconds=waits.longest_opening)
        values: dict[str, Any] = {
            "pk": pk,
            "first": first,
            "longest": longest,
            "most": waits.opens_after,
            "tried": tried,
        }
        with connection.cursor() as cursor:
            cursor.execute(OPEN, values)


def let_one_try(pk: int, lease: float) -> bool:
    """Whether this process may send one call through the open circuit; nobody else does for `lease` seconds."""
    values: dict[str, Any] = {"pk": pk, "lease": timedelta(seconds=lease)}
    with connection.cursor() as cursor:
        cursor.execute(TRY, values)
        return bool(cursor.rowcount)
