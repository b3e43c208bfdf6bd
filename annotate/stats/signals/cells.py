"""Sums by annotator and cluster, and tests of an annotator's share against a margin.

Everybody differs a little, and enough answers show any difference; so a test asks whether a share differs by more than
a margin. With a_c and b_c the sums of an annotator's cluster c and θ₀ the edge of the margin, e_c = a_c − θ₀ b_c would
have mean 0 at that edge, so T = Σ e_c / √(k/(k − 1) Σ e_c²) is held against Student's t with k − 1 degrees of freedom:
a score test with the variance of Liang and Zeger (1986), which also holds at 0 % and 100 %.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import stdtr, stdtrit

from annotate.stats.intervals import Figure, Floats, Interval, linearised, quotient
from annotate.stats.linearised import compact
from annotate.stats.signals.base import Flags, Ids
from annotate.stats.votes import numbered_rows, sums

FEWEST_ROWS = 10
FEWEST_CLUSTERS = 5


@dataclass(frozen=True, slots=True)
class Cells:
    """The rows by annotator and cluster: `of` (n,) is the cell of each row, `owner` (cells,) the annotator of each
    cell; each annotator has `n` rows in `k` clusters, both (count,)."""

    of: Ids
    owner: Ids
    n: Ids
    k: Ids

    @property
    def count(self) -> int:
        return len(self.n)

    def by_cell(self, values: Floats) -> Floats:
        return sums(self.of, values, len(self.owner))

    def by_annotator(self, values: Floats) -> Floats:
        """The sums of values (cells,), shape (count,)."""
        return sums(self.owner, values, self.count)

    @property
    def enough(self) -> Flags:
        return (self.n >= FEWEST_ROWS) & (self.k >= FEWEST_CLUSTERS)

    def errors(self, residual: Floats) -> Floats:
        """√(k/(k − 1) Σ r²) of residuals (cells,), shape (count,)."""
        return np.asarray(np.sqrt(self.by_annotator(residual**2) * self.k / np.maximum(self.k - 1, 1)), float)


def cells(who: npt.ArrayLike, count: int, cluster: npt.ArrayLike) -> Cells:
    """The cells of n rows. Raises ValueError for unequal lengths and numbers out of range."""
    owner, groups = numbered_rows("annotators", who, count), np.asarray(cluster)
    if groups.shape != owner.shape:
        raise ValueError("there must be one cluster per row")
    group = compact(groups)[1]
    width = int(group.max(initial=0)) + 1
    found, place = compact(owner * width + group)
    owners = np.asarray(found // width, np.int64)
    n, k = np.bincount(owner, minlength=count), np.bincount(owners, minlength=count)
    return Cells(place, owners, n.astype(np.int64), k.astype(np.int64))


def figures(of: Cells, above: Floats, below: Floats, bounds: Interval) -> tuple[Figure, ...]:
    """Σ above / Σ below of each annotator, both given by cell, with linearised intervals."""
    value = quotient(of.by_annotator(above), of.by_annotator(below))
    residual = above - np.nan_to_num(value)[of.owner] * below
    return intervals(of, value, quotient(of.errors(residual), of.by_annotator(below)), bounds)


def intervals(of: Cells, value: Floats, error: Floats, bounds: Interval) -> tuple[Figure, ...]:
    """Figures of values with known standard errors, both (count,); NaN is no figure."""
    half = stdtrit(np.maximum(of.k - 1, 1).astype(float), 0.975) * error
    return tuple(
        linearised(float(each), float(width), int(n), int(k), bounds)
        if np.isfinite(each)
        else Figure(None, None, int(n), int(k), "undefined" if n else "no data")
        for each, width, n, k in zip(value, half, of.n, of.k, strict=True)
    )


def p_beyond(
    of: Cells, above: Floats, below: Floats, null: float, margin: float, side: int = 0, tested: Flags | None = None
) -> Floats:
    """The p-values (count,) that Σ above / Σ below, both by cell, lies within `margin` of `null`; with `side` −1 only
    what is below counts against an annotator, with +1 what is above. NaN where `tested` is False or there is too
    little."""
    total = of.by_annotator(below)
    difference = quotient(of.by_annotator(above), total) - null
    way = np.where(difference < 0, -1.0, 1.0) if side == 0 else np.full(of.count, float(side))
    excess = above - (null + way * margin)[of.owner] * below
    error = of.errors(excess)
    statistic = np.divide(way * of.by_annotator(excess), error, out=np.zeros(of.count), where=error > 1e-12)
    freedom = np.maximum(of.k - 1, 1).astype(float)
    p = stdtr(freedom, -statistic)
    if side == 0:
        across = np.divide(2 * margin * total, error, out=np.zeros(of.count), where=error > 1e-12)
        p = p + stdtr(freedom, -statistic - across)
    able = of.enough & (total > 0) & (True if tested is None else tested)
    return np.asarray(np.where(able, np.minimum(p, 1.0), np.nan), float)
