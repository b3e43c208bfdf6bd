"""What follows an attempt at a call: another one, changed or later, or the end of it. Pure."""

import random
import re
from dataclasses import dataclass, replace
from typing import Literal

from routing.calling.sending import HttpReply
from routing.calling.waits import Waits
from routing.judges.remote import Received, Repair, Rung

Outcome = Literal["ok", "refusal", "parse_error", "cut", "too_long", "rejected", "busy", "failing"]
"""What an attempt came to. `cut`: the answer was longer than it might be; `rejected`: the server will not have it."""

TOO_LONG = re.compile(
    r"context[ _](length|window|size)|maximum (context|prompt|input)|max_model_len|prompt is too long"
    r"|(input|prompt|request|message)s? (is|are) too (long|large)|too many (input )?tokens"
    r"|exceeds? the (available )?context",
    re.IGNORECASE,
)
COUNTS = re.compile(r"\d[\d,]*")
BUSY = frozenset({429, 529})
AGAIN = frozenset({408, 409, 425})


@dataclass(frozen=True, slots=True)
class Attempt:
    """One sending of a call. `failures` counts those before it that came to nothing.

    Of each kind of second try there is one a call: with room for an answer twice as long, with the answer that could
    not be read and what was wrong with it, and once more from the start, drawn anew.
    """

    rung: Rung
    max_tokens: int
    failures: int = 0
    doubled: bool = False
    repair: Repair | None = None
    repaired: bool = False
    resampled: bool = False


@dataclass(frozen=True, slots=True)
class Following:
    """The next attempt, so many seconds from now."""

    attempt: Attempt
    delay: float
    why: str


def outcome_of(http: HttpReply, received: Received | None) -> Outcome:
    """The class of what came back; `received` is there where it was a good response."""
    if received is not None:
        if received.reply.status == "ok":
            return "ok"
        if received.cut or received.reply.status == "truncated":
            return "cut"
        return {"refusal": "refusal", "parse_error": "parse_error"}.get(received.reply.status, "failing")  # type: ignore[return-value]
    if http.error == "refused_address":
        return "rejected"
    if http.status in BUSY:
        return "busy"
    if http.status in (400, 413, 422) and TOO_LONG.search(http.text):
        return "too_long"
    if 300 <= http.status < 500 and http.status not in AGAIN:
        return "rejected"
    return "failing"


def following(
    attempt: Attempt, outcome: Outcome, text: str, problem: str, retry_after: float | None, waits: Waits
) -> Following | None:
    """What to try next, None where the call ends here. `text` and `problem`: what could not be read, and why."""
    match outcome:
        case "busy" | "failing" if attempt.failures + 1 < waits.tries:
            delay = _delay(attempt.failures, retry_after, waits)
            return Following(replace(attempt, failures=attempt.failures + 1), delay, "retry")
        case "cut" if not attempt.doubled:
            return Following(replace(attempt, doubled=True, max_tokens=2 * attempt.max_tokens), 0.0, "longer")
        case "parse_error" if not attempt.repaired:
            repaired = replace(attempt, repair=Repair(text, problem), repaired=True, rung=_written(attempt.rung))
            return Following(repaired, 0.0, "repair")
        case "parse_error" if not attempt.resampled:
            drawn = replace(attempt, repair=None, resampled=True, rung=_written(attempt.rung))
            return Following(drawn, 0.0, "resample")
    return None


def _written(rung: Rung) -> Rung:
    """A label that was not among the likely tokens is asked for in writing."""
    return "text" if rung == "logprobs" else rung


def _delay(failures: int, retry_after: float | None, waits: Waits) -> float:
    """As the server says, else exponential with full jitter."""
    if retry_after is not None:
        return retry_after + random.uniform(0, min(1.0, waits.first_delay) / 4)
    return random.uniform(0, min(waits.longest_delay, waits.first_delay * 2**failures))


def tokens_named(message: str) -> tuple[int, int] | None:
    """(needed, allowed) where a server that finds a prompt too long names both; a guess used only to cut texts."""
    numbers = sorted({int(found.replace(",", "")) for found in COUNTS.findall(message)} - {400})
    numbers = [number for number in numbers if number >= 16]
    return (numbers[-1], numbers[0]) if len(numbers) >= 2 else None
