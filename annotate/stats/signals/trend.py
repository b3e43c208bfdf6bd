"""Whether an annotator agrees less with the others in the later half of his work than in the first."""

import numpy as np
import numpy.typing as npt
from scipy.special import stdtr

from annotate.stats.intervals import DIFFERENCE, Floats, quotient, rows_of
from annotate.stats.signals.base import Flags, Ids, Signal
from annotate.stats.signals.cells import Cells, cells, intervals
from annotate.stats.signals.rest import the_rest
from annotate.stats.signals.shares import hits_of
from annotate.stats.votes import numbered_rows, sums

FEWEST = 10
"""Answers in either half below which there is no test."""
MARGIN = 0.05
"""So much more than the others one's agreement may fall without being found."""


def trend(who: npt.ArrayLike, count: int, at: npt.ArrayLike, hit: npt.ArrayLike, cluster: npt.ArrayLike) -> Signal:
    """Agreement in the later half of an annotator's answers minus that in the first; found is whose agreement falls.

    `at` (n,) says when (in any unit), `hit` (n,) is 1 where the answer is that of the others (a part where it is in
    part). Later items may be harder for all: a fall is held against the mean fall of the others, and 0.05. The error is
    linearised by prompt group, but at least that of two shares after Agresti and Caffo (2000), who add a hit and a miss
    to each. Raises ValueError for other entries and unequal lengths.
    """
    times, hits, of = rows_of(at)[0], hits_of(hit), cells(who, count, cluster)
    if not times.shape == hits.shape == of.of.shape:
        raise ValueError("there must be one annotator, one time and one hit per row")
    people = numbered_rows("annotators", who, count)
    half = later_half(people, count, times).astype(np.int64)
    n = sums(2 * people + half, np.ones(len(half)), 2 * count).reshape(count, 2)
    won = sums(2 * people + half, hits, 2 * count).reshape(count, 2)
    share = quotient(won, n)
    slopes = of.by_cell((2 * half - 1) * (hits - share[people, half]) / n[people, half])
    change = share[:, 1] - share[:, 0]
    error = of.errors(slopes)
    return Signal(intervals(of, change, error, DIFFERENCE), _p_values(of, change, np.maximum(error, _least(won, n)), n))


def later_half(people: Ids, count: int, at: Floats) -> Flags:
    """Whether a row is in the later half of its annotator's; the middle one is not. Equal times keep their order."""
    order = np.lexsort((at, people))
    n = np.bincount(people, minlength=count)
    place = np.arange(len(people)) - (np.cumsum(n) - n)[people[order]]
    late = np.zeros(len(people), bool)
    late[order] = 2 * place >= n[people[order]]
    return late


def _least(won: Floats, n: Floats) -> Floats:
    """The standard errors of differences of shares with a hit and a miss more in each; `won` and `n` are (count, 2)."""
    share = (won + 1) / (n + 2)
    return np.asarray(np.sqrt(np.sum(share * (1 - share) / (n + 2), axis=1)), float)


def _p_values(of: Cells, change: Floats, error: Floats, n: Floats) -> Floats:
    tested = (n >= FEWEST).all(axis=1) & of.enough
    weight, freedom = np.where(tested, n.sum(axis=1), 0.0), np.maximum(of.k - 1, 1).astype(float)

    def against(left: Flags) -> Floats:
        kept = weight * left
        fall = np.where(kept > 0, change, 0.0) * kept
        usual = quotient(fall.sum() - fall, kept.sum() - kept)
        p = stdtr(freedom, (change - np.minimum(usual, 0.0) + MARGIN) / error)
        return np.asarray(np.where(tested & np.isfinite(usual), p, np.nan), float)

    return against(the_rest(against, len(change)).left)
