"""Each answer beside what the others said of the same thing."""

from dataclasses import dataclass, fields

import numpy as np

from annotate.frames.columns import Flags, Ids, Numbers
from annotate.stats.linearised import compact

NOBODY = -1


@dataclass(frozen=True, slots=True)
class Beside:
    """Of each row (n,): how many `others` answered, how many of them said the `same` and how many `most` said what was
    said most of what he did not say, namely `said` (−1: nothing else). `hit` is 1 where his answer is the others' most
    frequent, 0 where another is, NaN where they are split or nobody else answered."""

    others: Ids
    same: Ids
    most: Ids
    said: Ids
    hit: Numbers

    def where(self, chosen: Flags | Ids) -> "Beside":
        return Beside(**{each.name: getattr(self, each.name)[chosen] for each in fields(self)})


def beside(thing: Ids, value: Ids) -> Beside:
    """The rows' things and values, numbers from 0, shape (n,)."""
    width = int(value.max(initial=0)) + 1
    cells, of = compact(thing * width + value)
    owner, said = compact(cells // width)[1], cells % width
    number = np.bincount(of, minlength=len(cells))
    first, second = _two_most(owner, number)
    row = owner[of]
    is_first = first[row] == of
    rival = np.where(is_first, second[row], first[row])
    same, most = number[of] - 1, np.where(rival == NOBODY, 0, number[rival])
    others = np.bincount(row, minlength=len(first))[row] - 1
    hit = np.where(same > most, 1.0, np.where(most > same, 0.0, np.nan))
    return Beside(others, same, most, np.where(rival == NOBODY, NOBODY, said[rival]), hit)


def _two_most(owner: Ids, number: Ids) -> tuple[Ids, Ids]:
    """Of each thing the cells with the most and the second most answers; −1 where there is none."""
    order = np.lexsort((-number, owner))
    things = int(owner.max(initial=-1)) + 1
    start = np.searchsorted(owner[order], np.arange(things))
    count = np.bincount(owner, minlength=things)
    second = np.where(count > 1, order[np.minimum(start + 1, len(order) - 1)], NOBODY)
    return order[start].astype(np.int64), second.astype(np.int64)
