"""Linearised errors of many statistics at once, by clusters (prompt groups).

A statistic θ is told by its derivatives ψ_c by the weights of the clusters; its error is √(k/(k − 1) Σ_c (ψ_c − ψ̄)²)
and its interval θ ± t · error with k − 1 degrees of freedom, as in `annotate.stats.intervals`. Many statistics (the
strengths of all models) share one matrix of derivatives, shape (clusters, statistics).

More than 2,000 clusters are merged at random into 2,000 blocks. Clusters are independent, so this keeps what the error
is on average, and 2,000 blocks tell it to about 3 %.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import stdtr, stdtrit

from annotate.stats.intervals import Figure, Floats, Interval, without, without_variation

Ids = npt.NDArray[np.int64]
MOST_BLOCKS = 2000
SMALLEST_ERROR = 1e-9
SPREAD = 8


@dataclass(frozen=True, slots=True)
class Blocks:
    """The cluster of each row, shape (n,), from 0 to `clusters` − 1, and its block, from 0 to `count` − 1."""

    cluster: Ids
    clusters: int
    of: Ids
    count: int

    def where(self, chosen: npt.NDArray[np.bool_]) -> "Blocks":
        """The blocks of the rows chosen by a mask."""
        cluster = self.cluster[chosen]
        held = np.bincount(cluster, minlength=self.clusters) > 0
        return _merged((np.cumsum(held) - 1)[cluster].astype(np.int64), int(held.sum()))


def blocks(cluster: npt.ArrayLike) -> Blocks:
    """The clusters, merged at random where there are more than 2,000."""
    index = compact(np.asarray(cluster))[1]
    return _merged(index, int(index.max(initial=-1)) + 1)


def compact(values: npt.NDArray[Any]) -> tuple[npt.NDArray[Any], Ids]:
    """The different values, sorted, and the place of each row's among them; quick for whole numbers close together."""
    if len(values) and np.issubdtype(values.dtype, np.integer):
        whole = values.astype(np.int64, copy=False)
        low, high = int(whole.min()), int(whole.max())
        if high - low < SPREAD * len(whole):
            held = np.zeros(high - low + 1, bool)
            held[whole - low] = True
            place = np.cumsum(held) - 1
            return np.flatnonzero(held) + low, place[whole - low]
    found, place = np.unique(values, return_inverse=True)
    return found, place.astype(np.int64)


def _merged(index: Ids, clusters: int) -> Blocks:
    if clusters <= MOST_BLOCKS:
        return Blocks(index, clusters, index, clusters)
    place = np.random.default_rng(0).permutation(clusters) % MOST_BLOCKS
    return Blocks(index, clusters, place[index], MOST_BLOCKS)


def errors(slopes: Floats) -> Floats:
    """The standard errors, shape (m,), of m statistics with these derivatives, shape (k, m); k must be 2 or more."""
    k = len(slopes)
    return np.asarray(np.sqrt(k / (k - 1) * np.sum((slopes - slopes.mean(axis=0)) ** 2, axis=0)))


def one(
    value: float, slopes: Floats, n: int, clusters: int, bounds: Interval | None, method: str = "cluster t"
) -> Figure:
    """A figure with the interval of these derivatives, shape (k,), one a block of those that hold data.

    Without any variation the interval is that of `annotate.stats.intervals.figure`.
    """
    k = len(slopes)
    if k < 2:
        return Figure(value, bounds, n, clusters, "one cluster")
    error = float(errors(slopes[:, None])[0])
    if error < SMALLEST_ERROR:
        return Figure(value, without_variation(value, k, bounds), n, clusters, "no variation")
    return Figure(value, around(value, error, k, bounds), n, clusters, method)


def around(value: float, error: float, k: int, bounds: Interval | None = None) -> Interval:
    """value ± t · error with k − 1 degrees of freedom, within the bounds."""
    half = _quantile(k - 1) * error
    low, high = bounds or (-np.inf, np.inf)
    return max(low, value - half), min(high, value + half)


@lru_cache(maxsize=1024)
def _quantile(freedom: int) -> float:
    return float(stdtrit(freedom, 0.975))


def above(value: float, error: float, k: int) -> float:
    """The one-sided p-value of a value that should be 0 or less; without variation (error 0) that of a sign test."""
    if error < SMALLEST_ERROR:
        return float(0.5**k) if value > 0 else 1.0
    return float(stdtr(k - 1, -value / error))


def share(hits: Floats, of: Floats, n: int, clusters: int) -> Figure:
    """Σ hits / Σ of, both by block, shape (k,); only blocks with something to hit count."""
    held = of > 0
    total = float(of[held].sum())
    if not held.any():
        return without(Figure(None, None, n, clusters, ""), "nothing to count")
    value = float(hits[held].sum()) / total
    return one(value, (hits[held] - value * of[held]) / total, n, clusters, (0.0, 1.0))
