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


def majority_shares(cast: Votes, counts: Floats) -> Floats:
    """The share of each label among the majorities of all things, shape (labels,); what ties shares a majority."""
    number = sums(cast.place, counts, len(cast.thing_of))
    most, tied = _most(cast, number)
    wins = (number == most[cast.thing_of]) & (number > 0)
    won = np.where(wins, quotient(np.ones(len(wins)), tied[cast.thing_of]), 0.0)
    total = sums(cast.label_of, won, int(cast.label.max(initial=-1)) + 1)
    return quotient(total, np.full(len(total), won.sum()))


def _most(cast: Votes, number: Floats) -> tuple[Floats, Floats]:
    """Of each thing the highest number of votes for a label, and how many labels have it."""
    most = np.maximum.reduceat(number, cast.start)
    return most, sums(cast.thing_of, (number == most[cast.thing_of]).astype(float), len(cast.start))
