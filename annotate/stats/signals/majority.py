"""Whether each answer is what most of the others said about the same thing."""

from dataclasses import dataclass

import numpy as np

from annotate.stats.intervals import Floats, quotient
from annotate.stats.linearised import compact
from annotate.stats.signals.base import Flags, Ids
from annotate.stats.votes import sums


@dataclass(frozen=True, slots=True)
class Votes:
    """The `thing` and the `label` of each row, numbered from 0, and its `place` among the different pairs of both, all
    (n,); `thing_of` and `label_of` are those of the pairs, sorted by thing, and `start` is where each thing begins."""

    thing: Ids
    label: Ids
    place: Ids
    thing_of: Ids
    label_of: Ids
    start: Ids


def votes(thing: Ids, label: Ids) -> Votes:
    """The votes of n rows; things and labels are numbered from 0 without gaps."""
    width = int(label.max(initial=0)) + 1
    found, place = compact(thing * width + label)
    thing_of = np.asarray(found // width, np.int64)
    start = np.flatnonzero(np.diff(thing_of, prepend=-1))
    return Votes(thing, label, place, thing_of, np.asarray(found % width, np.int64), start)


def hits(cast: Votes, counts: Floats) -> tuple[Floats, Flags]:
    """Of each row the share of a hit, and whether anybody else voted on its thing; `counts` (n,) is 1 for votes that
    make majorities and 0 for others."""
    if not len(cast.place):
        return np.zeros(0), np.zeros(0, bool)
    number = sums(cast.place, counts, len(cast.thing_of))
    most, tied = _most(cast, number)
    second, tied_second = _most(cast, np.where(number == most[cast.thing_of], 0.0, number))
    mine, top, own = number[cast.place] - counts, most[cast.thing], counts > 0
    alone = tied[cast.thing] == 1
    leads = own & (mine + 1 == top) & alone
    behind = second[cast.thing]
    share = np.where(mine == behind, 1 / (1 + tied_second[cast.thing]), (mine > behind).astype(float))
    plain = np.where(mine == top, quotient(np.ones(len(top)), tied[cast.thing]), 0.0)
    total = sums(cast.thing, counts, len(cast.start))[cast.thing] - counts
    return np.where(leads, np.where(mine > 0, share, 0.0), plain), total > 0


@dataclass(frozen=True, slots=True)
class Faced:
    """What most of the others said: of row `row` the label `label`, with `weight` 1/t where t labels tie for most."""

    row: Ids
    label: Ids
    weight: Floats


def faced(cast: Votes, counts: Floats) -> Faced:
    """The majorities of the others about each row's thing; none for a row beside which nobody else voted."""
    size = np.diff(cast.start, append=len(cast.thing_of))[cast.thing]
    first = np.cumsum(size) - size
    row = np.repeat(np.arange(len(size)), size)
    pair = np.arange(len(row)) - first[row] + cast.start[cast.thing[row]]
    number = sums(cast.place, counts, len(cast.thing_of))[pair] - counts[row] * (cast.place[row] == pair)
    top = np.maximum.reduceat(number, first)[row] if len(row) else number
    wins = (number == top) & (number > 0)
    tied = sums(row, wins, len(size))
    return Faced(row[wins], cast.label_of[pair[wins]], 1 / tied[row[wins]])


def _most(cast: Votes, number: Floats) -> tuple[Floats, Floats]:
    """Of each thing the highest number of votes for a label, and how many labels have it."""
    most = np.maximum.reduceat(number, cast.start)
    return most, sums(cast.thing_of, (number == most[cast.thing_of]).astype(float), len(cast.start))
