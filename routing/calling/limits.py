"""Requests and tokens a minute, kept for an endpoint by all workers together through its row.

A generic cell rate algorithm: the row says when the next request, and the next token, fits; a group of calls moves
both along by one statement and learns when each of them may start.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import connection

HORIZON = 2.0
"""Nobody takes starts further ahead than so many seconds: a process that dies wastes no more."""

STANDING = """
    SELECT requests_per_minute, tokens_per_minute, failures, openings,
      extract(epoch FROM open_until - clock_timestamp())::float8,
      greatest(0, extract(epoch FROM free_from - clock_timestamp()))::float8,
      greatest(0, extract(epoch FROM tokens_from - clock_timestamp()))::float8
    FROM routing_endpoint WHERE id = %(pk)s
"""
GRANT = """
    UPDATE routing_endpoint SET
      free_from = greatest(free_from, clock_timestamp()) + %(requests)s,
      tokens_from = greatest(tokens_from, clock_timestamp()) + %(tokens)s
    WHERE id = %(pk)s
    RETURNING extract(epoch FROM free_from - clock_timestamp())::float8,
      extract(epoch FROM tokens_from - clock_timestamp())::float8
"""
HOLD_OFF = """
    UPDATE routing_endpoint SET free_from = greatest(free_from, clock_timestamp() + %(wait)s) WHERE id = %(pk)s
"""
CORRECT = "UPDATE routing_endpoint SET tokens_from = tokens_from + %(tokens)s WHERE id = %(pk)s"


@dataclass(frozen=True, slots=True)
class Standing:
    """An endpoint's limits and health now. `opens_in`: seconds until the circuit lets somebody try, None if closed."""

    request_gap: float
    token_gap: float
    failures: int
    openings: int
    opens_in: float | None
    requests_wait: float
    tokens_wait: float

    @property
    def is_open(self) -> bool:
        return self.openings > 0

    @property
    def wait(self) -> float:
        """Seconds until the next call may start."""
        return max(self.requests_wait, self.tokens_wait)


def standing(pk: int) -> Standing:
    with connection.cursor() as cursor:
        cursor.execute(STANDING, {"pk": pk})
        requests, tokens, failures, openings, opens_in, requests_wait, tokens_wait = cursor.fetchone()
    return Standing(
        60 / requests if requests else 0.0,
        60 / tokens if tokens else 0.0,
        failures,
        openings,
        opens_in,
        requests_wait or 0.0,
        tokens_wait or 0.0,
    )


def fitting(now: Standing, tokens: Sequence[int]) -> int:
    """How many calls of so many tokens each start within the horizon; at least one where the first may start soon."""
    if now.wait > HORIZON:
        return 0
    count, request_at, token_at = 0, now.requests_wait, now.tokens_wait
    for needed in tokens:
        if count and max(request_at, token_at) > HORIZON:
            break
        count, request_at, token_at = count + 1, request_at + now.request_gap, token_at + needed * now.token_gap
    return count


def grant(pk: int, now: Standing, tokens: Sequence[int]) -> list[float]:
    """Takes a place for each call; returns the seconds from now after which each may start."""
    if not tokens or not (now.request_gap or now.token_gap):
        return [now.wait] * len(tokens)
    requests, total = len(tokens) * now.request_gap, sum(tokens) * now.token_gap
    with connection.cursor() as cursor:
        values: dict[str, Any] = {"pk": pk, "requests": timedelta(seconds=requests), "tokens": timedelta(seconds=total)}
        cursor.execute(GRANT, values)
        request_end, token_end = cursor.fetchone()
    request_at, token_at = request_end - requests, token_end - total
    starts = []
    for needed in tokens:
        starts.append(max(0.0, request_at, token_at))
        request_at, token_at = request_at + now.request_gap, token_at + needed * now.token_gap
    return starts


def correct(pk: int, now: Standing, surplus: int) -> None:
    """So many tokens more (or fewer) were used than was thought."""
    if now.token_gap and surplus:
        values: dict[str, Any] = {"pk": pk, "tokens": timedelta(seconds=surplus * now.token_gap)}
        with connection.cursor() as cursor:
            cursor.execute(CORRECT, values)


def hold_off(pk: int, wait: float) -> None:
    """The server asks not to be called for so many seconds: nobody does."""
    values: dict[str, Any] = {"pk": pk, "wait": timedelta(seconds=wait)}
    with connection.cursor() as cursor:
        cursor.execute(HOLD_OFF, values)
