"""Asking again about the most inconsistent pairs of the report."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from annotate.access import campaign_run
from annotate.asking_again import ask_again
from annotate.errors import Invalid
from annotate.models import User
from routing.inconsistency.settling import MOST_PAIRS

WHAT = {"ranking": "the ranking", "rating": "the ratings", "both": "both"}


@dataclass(frozen=True, slots=True)
class Settling:
    """How many assignments were made about so many pairs, and why units (ids) got none."""

    made: int
    pairs: int
    left_out: Mapping[int, str]


@transaction.atomic
def ask_to_settle(user: User, rows: Sequence[Mapping[str, Any]], pairs: int, what: str, who: str) -> Settling:
    """Asks about the first `pairs` of the report's list `rows` again: the ranking, the ratings or both, others or the
    same people; all of it, or nothing. A linked campaign's units are asked for where the user runs it.

    Raises `Invalid`, `NotAllowed`, `WrongState`.
    """
    if not isinstance(what, str) or what not in WHAT:
        raise Invalid("what must be ranking, rating or both", {"what": "ranking, rating or both"})
    if type(pairs) is not int or not 1 <= pairs <= MOST_PAIRS:
        raise Invalid(f"pairs must be a whole number from 1 to {MOST_PAIRS}", {"pairs": f"1 to {MOST_PAIRS}"})
    if not rows:
        raise Invalid("there is no inconsistent pair to settle", {"pairs": "none is inconsistent"})
    wanted: dict[str, list[int]] = {}
    for row in rows[:pairs]:
        if what != "rating":
            wanted.setdefault(row["campaign_ranking"], []).append(row["ranking_unit"])
        if what != "ranking":
            wanted.setdefault(row["campaign_rating"], []).extend(row["rating_units"])
    made, left_out = 0, dict[int, str]()
    for slug, units in wanted.items():
        found = ask_again(campaign_run(user, slug), units, who, user)
        made += found.made
        left_out |= found.left_out
    return Settling(made, min(pairs, len(rows)), left_out)
