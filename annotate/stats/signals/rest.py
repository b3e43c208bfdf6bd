"""An annotator beside the others who answered about the same things."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from annotate.stats.discovery import adjusted
from annotate.stats.intervals import Floats, quotient, rows_of
from annotate.stats.linearised import compact
from annotate.stats.signals.base import RATE, Flags, Ids, Signal
from annotate.stats.signals.cells import Cells, cells, figures, p_beyond
from annotate.stats.votes import numbered_rows, sums

ROUNDS = 12


@dataclass(frozen=True, slots=True)
class Rest:
    """Who is `left` as the rest, and with which p-value each other went (NaN for those left), both (count,)."""

    left: Flags
    went: Floats


def the_rest(p_of: Callable[[Flags], Floats], count: int) -> Rest:
    """The rest, once the odd ones are out: `p_of` tests everybody against those left.

    One odd annotator moves what the others are held against, so that they look odd too. Hence of those who are
    flagged only the oddest half go, and the others are tested again. At least half of all stay, and two."""
    left, went = np.ones(count, bool), np.full(count, np.nan)
    for _ in range(ROUNDS):
        p = np.where(left, np.nan_to_num(p_of(left), nan=1.0), 1.0)
        odd = int((adjusted(p) <= RATE).sum())
        going = min((odd + 1) // 2, int(left.sum()) - max(2, (count + 1) // 2))
        if going < 1:
            break
        out = np.argsort(p, kind="stable")[:going]
        left[out], went[out] = False, p[out]
    return Rest(left, went)


@dataclass(frozen=True, slots=True)
class Beside:
    """Each row's value beside the mean of the others' about the same thing: `value` and `others`, shape (m,), of the
    rows `known` (n,) to have others."""

    value: Floats
    others: Floats
    known: Flags


def beside_others(who: Ids, thing: Ids, value: Floats, left: Flags) -> Beside:
    """The values of n rows beside those of the others about the same thing who are `left` (count,) in the rest."""
    own = left[who].astype(float)
    things = int(thing.max(initial=-1)) + 1
    number = sums(thing, own, things)[thing] - own
    total = sums(thing, own * value, things)[thing] - own * value
    known = number > 0
    return Beside(value[known], quotient(total[known], number[known]), known)


def unlike_others(
    who: npt.ArrayLike,
    count: int,
    thing: npt.ArrayLike,
    value: npt.ArrayLike,
    cluster: npt.ArrayLike,
    margin: float,
    side: int = 0,
) -> Signal:
    """The mean of own value − the others' mean about the same thing (values from 0 to 1), tested against a margin."""
    values, groups, things = rows_of(value)[0], np.asarray(cluster), compact(np.asarray(thing))[1]
    owner = numbered_rows("annotators", who, count)
    if not values.shape == groups.shape == things.shape == owner.shape:
        raise ValueError("there must be one annotator, one thing, one value and one cluster per row")

    def compare(left: Flags) -> tuple[Cells, Floats, Floats]:
        beside = beside_others(owner, things, values, left)
        of = cells(owner[beside.known], count, groups[beside.known])
        one = np.ones(len(beside.value))
        return of, of.by_cell(beside.value - beside.others), of.by_cell(one)

    rest = the_rest(lambda left: p_beyond(*compare(left), 0.0, margin, side), count)
    found = compare(rest.left)
    return Signal(figures(*found, (-1.0, 1.0)), p_beyond(*found, 0.0, margin, side))
