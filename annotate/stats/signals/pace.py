"""How long an annotator takes, and how often he is faster than the text can be read."""

from itertools import pairwise

import numpy as np
import numpy.typing as npt
from scipy.special import stdtrit

from annotate.stats.intervals import NOTHING, Figure, Floats, rows_of
from annotate.stats.signals.base import Flags, Ids, Signal
from annotate.stats.signals.cells import Cells, cells
from annotate.stats.signals.rest import the_rest
from annotate.stats.signals.shares import against, shares_in
from annotate.stats.votes import numbered_rows, sums

FAST = 0.25
"""An answer in less than this part of the usual time for texts of its length is implausibly fast."""
MARGIN = 0.1
"""So much oftener than the others one may be implausibly fast without being found."""
LENGTHS = 10


def pace(
    who: npt.ArrayLike, count: int, seconds: npt.ArrayLike, characters: npt.ArrayLike, cluster: npt.ArrayLike
) -> Signal:
    """The median seconds of an answer; found is who is implausibly fast oftener than the others.

    `seconds` (n,) are above 0 or NaN where none were told, `characters` (n,) is how much text was on the screen. The
    usual time at a length is the median at that tenth of the lengths, in which every annotator weighs the same; under a
    quarter of it is implausibly fast. The interval of the median is Woodruff's (1952) with prompt groups as clusters.
    Raises ValueError for other entries and unequal lengths.
    """
    told = np.isfinite(np.asarray(seconds, float))
    took, length = rows_of(np.asarray(seconds, float)[told], np.asarray(characters)[told])
    if (took < 0).any():
        raise ValueError("seconds are 0 or more")
    people, groups = np.asarray(who)[told], np.asarray(cluster)[told]
    of, owner = cells(people, count, groups), numbered_rows("annotators", people, count)
    usual = Usual(owner, count, took, tenths(length))

    def p_of(left: Flags) -> Floats:
        return against(shares_in(of, usual.fast(left)), MARGIN, above=True, left=left)

    return Signal(medians(of, owner, took), p_of(the_rest(p_of, count).left))


def tenths(length: Floats) -> Ids:
    """Which tenth of the lengths each is in; equal lengths are in the same."""
    if not len(length):
        return np.zeros(0, np.int64)
    edges = np.unique(np.quantile(length, np.arange(1, LENGTHS) / LENGTHS))
    return np.searchsorted(edges, length, side="right").astype(np.int64)


class Usual:
    """The usual seconds in each tenth of the lengths, over any of the annotators."""

    def __init__(self, owner: Ids, count: int, took: Floats, tenth: Ids) -> None:
        n = np.bincount(owner * LENGTHS + tenth, minlength=count * LENGTHS)
        self.took, self.tenth = took, tenth
        self.order = np.lexsort((took, tenth))
        self.owner = owner[self.order]
        self.weight = 1 / n[self.owner * LENGTHS + tenth[self.order]]
        self.start = np.searchsorted(tenth[self.order], np.arange(LENGTHS + 1))

    def fast(self, left: Flags) -> Floats:
        """Whether each answer (n,) is implausibly fast, 1 or 0."""
        return np.asarray(self.took < FAST * self.seconds(left)[self.tenth], float)

    def seconds(self, left: Flags) -> Floats:
        """The medians, shape (10,), over those `left`; each annotator's answers weigh as much as any other's."""
        weight, usual = self.weight * left[self.owner], np.zeros(LENGTHS)
        for each, (first, last) in enumerate(pairwise(self.start)):
            below = np.cumsum(weight[first:last])
            if len(below) and below[-1] > 0:
                usual[each] = self.took[self.order[first + np.searchsorted(below, below[-1] / 2)]]
        return usual


def medians(of: Cells, owner: Ids, values: Floats) -> tuple[Figure, ...]:
    """The median of each annotator's values, (n,), with Woodruff's interval: the quantiles at ½ ± t · error of the
    share of values up to the median."""
    order = np.lexsort((values, owner))
    sorted_, start = values[order], np.concatenate([[0], np.cumsum(of.n)])
    middle = np.array([np.median(sorted_[a:b]) if b > a else 0.0 for a, b in pairwise(start)])
    under = np.where(values < middle[owner], 1.0, np.where(values == middle[owner], 0.5, 0.0))
    share = sums(owner, under, of.count) / np.maximum(of.n, 1)
    error = of.errors(of.by_cell(under - share[owner])) / np.maximum(of.n, 1)
    half = stdtrit(np.maximum(of.k - 1, 1).astype(float), 0.975) * error
    return tuple(
        _median(sorted_[start[j] : start[j + 1]], float(middle[j]), float(half[j]), int(of.k[j]))
        for j in range(of.count)
    )


def _median(sorted_: Floats, middle: float, half: float, clusters: int) -> Figure:
    n = len(sorted_)
    if not n:
        return NOTHING
    if clusters < 2:
        return Figure(middle, (float(sorted_[0]), float(sorted_[-1])), n, clusters, "one cluster")
    low = sorted_[max(0, int(np.floor((0.5 - half) * n)))]
    high = sorted_[min(n - 1, int(np.ceil((0.5 + half) * n)))]
    return Figure(middle, (float(low), float(high)), n, clusters, "cluster t")
