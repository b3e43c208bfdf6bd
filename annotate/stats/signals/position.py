"""Does an annotator take the side shown first, whatever stands there?

The share is the mean of two: of the first side among pairs shown as (a, b), and among those shown as (b, a). An answer
that is better wins in both orders, so it moves the one up as far as the other down; where both orders come equally
often the mean is the plain share. Without an effect it is ½.
"""

import numpy as np
import numpy.typing as npt

from annotate.stats.intervals import SHARE, Floats, quotient, rows_of
from annotate.stats.signals.base import Flags, Ids, Signal
from annotate.stats.signals.cells import Cells, cells, intervals, p_beyond
from annotate.stats.votes import numbered_rows, sums

MARGIN = 0.1
"""Shares from 40 to 60 % are nothing to act on."""
FEWEST_OF_AN_ORDER = 5


def position_effect(
    who: npt.ArrayLike, count: int, sign: npt.ArrayLike, a_first: npt.ArrayLike, cluster: npt.ArrayLike
) -> Signal:
    """The share of the side shown first in the pairs an annotator decided, tested against 40 to 60 %: `sign` (n,) is
    +1 for a, −1 for b, 0 for a tie (left out), `a_first` (n,) whether a was shown first. No share where he saw one
    order only, no test of fewer than 5 pairs in either.

    Raises ValueError for unequal lengths and other signs."""
    signs, shown, people = rows_of(sign, a_first, who)
    groups = np.asarray(cluster)
    if groups.shape != signs.shape or not np.isin(signs, [-1, 0, 1]).all() or not np.isin(shown, [0, 1]).all():
        raise ValueError("signs are +1, 0 or −1, and there must be one sign, order and cluster per row")
    decided = signs != 0
    owner = numbered_rows("annotators", people[decided], count)
    order = shown[decided].astype(np.int64)
    first = ((signs[decided] > 0) == (order == 1)).astype(float)
    return _both_orders(cells(owner, count, groups[decided]), owner, order, first)


def _both_orders(of: Cells, owner: Ids, order: Ids, first: Floats) -> Signal:
    """The signal of decided rows: in which `order` (0 or 1) each was shown, and whether the `first` side was taken."""
    half = owner * 2 + order
    seen = sums(half, np.ones(len(half)), 2 * of.count)
    share = quotient(sums(half, first, 2 * of.count), seen)
    weight = quotient(of.n[owner] / 2, seen[half])
    value = share.reshape(-1, 2).mean(axis=1)
    error = quotient(of.errors(of.by_cell(weight * (first - share[half]))), of.n.astype(float))
    known: Flags = np.asarray((seen.reshape(-1, 2) >= FEWEST_OF_AN_ORDER).all(axis=1), bool)
    p = p_beyond(of, of.by_cell(weight * first), of.by_cell(weight), 0.5, MARGIN, tested=known)
    return Signal(intervals(of, value, error, SHARE), p)
