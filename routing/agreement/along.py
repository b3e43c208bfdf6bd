"""Alpha per arm of an experiment, and along the campaign."""

from typing import Any

import numpy as np

from annotate.frames.columns import ARMS
from annotate.stats.krippendorff import alpha, alpha_difference
from routing.agreement.coded import Coded
from routing.reliability.figures import plain

TENTHS = 10
FEWEST = 20  # things a part of the campaign must have
WITH, WITHOUT = ARMS.index("with"), ARMS.index("without")


def arms(held: Coded) -> dict[str, Any] | None:
    """Alpha with and without what the experiment shows before the question, and the difference; None without arms.

    A thing counts in an arm by the answers given in it.
    """
    first, second = (held.where(held.rows.arm == arm) for arm in (WITH, WITHOUT))
    if not len(first) or not len(second):
        return None
    return {
        "with": plain(alpha(first.ratings, held.metric)),
        "without": plain(alpha(second.ratings, held.metric)),
        "difference": plain(alpha_difference(first.ratings, second.ratings, held.metric)),
    }


def over_time(held: Coded) -> list[dict[str, Any]]:
    """Alpha of equal parts of the things with two answers, in the order of their last answer: ten at most, of at least
    twenty things, so that their intervals compare; `at` is the median time. Empty where there are not two parts."""
    things, thing, count = np.unique(held.thing, return_inverse=True, return_counts=True)
    last = np.zeros(len(things))
    np.maximum.at(last, thing, held.rows.at)
    several = np.flatnonzero(count > 1)
    parts = min(TENTHS, len(several) // FEWEST)
    if parts < 2 or np.ptp(last[several]) == 0:
        return []
    part = np.full(len(things), -1)
    for number, chosen in enumerate(np.array_split(several[np.argsort(last[several], kind="stable")], parts)):
        part[chosen] = number
    found = []
    for number in range(parts):
        rows = held.where(part[thing] == number)
        found.append({"at": float(np.median(rows.rows.at)), "alpha": plain(alpha(rows.ratings, held.metric))})
    return found
