"""Figures with 95 % intervals that resample whole clusters (prompt groups), not rows.

Rows of one prompt behave alike, so an interval over rows would be too narrow. Every statistic here is a smooth
function of column sums: each row brings m numbers, and the statistic maps their totals, shape (..., m), to values,
shape (...). A mean maps (sum, n) to sum / n, kappa maps counts to kappa. So one bootstrap serves them all: resampling
clusters is one product of cluster weights with cluster sums.

A rule for every file of this package: of no rows the figures are None with n = 0, since a report is made of whatever
is there; what is undefined is None, never NaN; malformed input raises ValueError.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from scipy.stats import t as student_t

Floats = npt.NDArray[np.float64]
Interval = tuple[float, float]
Statistic = Callable[[Floats], Floats]

FEW_CLUSTERS = 30  # a bootstrap of fewer is too narrow
MANY_CLUSTERS = 2000  # of more, bootstrap and linearised interval are the same, and the bootstrap is slow
RESAMPLES = 2000
STEP = 1e-4
SHARE: Interval = (0.0, 1.0)
DIFFERENCE: Interval = (-1.0, 1.0)


@dataclass(frozen=True, slots=True)
class Figure:
    """A statistic of n rows in so many clusters; `method` says how the interval came about, or why there is none."""

    value: float | None
    interval: Interval | None
    n: int
    clusters: int
    method: str


NOTHING = Figure(None, None, 0, 0, "no data")


def without(like: Figure, why: str) -> Figure:
    """No figure, of as many rows and clusters as `like`, and why."""
    return Figure(None, None, like.n, like.clusters, why) if like.n else NOTHING


def figure(
    statistic: Statistic,
    columns: Floats,
    cluster: npt.ArrayLike,
    bounds: Interval | None = SHARE,
    seed: int = 0,
    basic: bool = False,
) -> Figure:
    """`statistic` of the sums of `columns`, shape (n, m); `cluster`, shape (n,), names each row's prompt group.

    The interval is the percentile bootstrap from 30 clusters on; below that, and above 2,000, it is value ± t · error
    with k − 1 degrees of freedom and the linearised error of k clusters, √(k/(k − 1) Σ_j (∂θ/∂w_j)²), where w_j
    weighs cluster j. Clusters that do not differ have no error to tell; then fewer than u = 1 − .025^(1/k) of all
    clusters are unlike them (with confidence 97.5 %), so the interval goes the share u of the way to either bound: for
    0 % or 100 % that is Clopper–Pearson over clusters. One cluster tells nothing: the interval is `bounds`, the range
    the statistic can take (None: it has no limits).

    `basic` reflects the bootstrap quantiles about the value, for a statistic biased away from the truth as its
    resamples are from it. Where over 5 % of the resamples are undefined (NaN) there is no interval.
    """
    index = np.unique(np.asarray(cluster), return_inverse=True)[1]
    if index.shape != columns.shape[:1]:
        raise ValueError("there must be one cluster per row")
    if not len(columns):
        return NOTHING
    sums: Floats = np.stack([np.bincount(index, weights=column) for column in columns.T], axis=1).astype(float)
    n, k, value = len(columns), len(sums), float(statistic(sums.sum(axis=0)))
    if not np.isfinite(value):
        return Figure(None, None, n, k, "undefined")
    interval, method = _interval(statistic, sums, value, bounds, seed, basic)
    if interval and bounds:
        interval = max(bounds[0], interval[0]), min(bounds[1], interval[1])
    return Figure(value, interval, n, k, method)


def _interval(
    statistic: Statistic, sums: Floats, value: float, bounds: Interval | None, seed: int, basic: bool
) -> tuple[Interval | None, str]:
    k = len(sums)
    if k < 2:
        return bounds, "one cluster"
    error = _error(statistic, sums)
    if not np.isfinite(error):
        return None, "undefined nearby"
    if error < 1e-9:
        return without_variation(value, k, bounds), "no variation"
    if not FEW_CLUSTERS <= k <= MANY_CLUSTERS:
        half = float(student_t.ppf(0.975, k - 1)) * error
        return (value - half, value + half), "cluster t"
    drawn = statistic(_weights(k, seed) @ sums)
    drawn = drawn[np.isfinite(drawn)]
    if len(drawn) < 0.95 * RESAMPLES:
        return None, "too often undefined in resamples"
    low, high = (float(q) for q in np.quantile(drawn, [0.025, 0.975]))
    return (2 * value - high, 2 * value - low) if basic else (low, high), "cluster bootstrap"


def _error(statistic: Statistic, sums: Floats) -> float:
    """The linearised standard error: derivatives by the clusters' weights, as central differences."""
    k, totals = len(sums), sums.sum(axis=0)
    slopes = (statistic(totals + STEP * sums) - statistic(totals - STEP * sums)) / (2 * STEP)
    return float(np.sqrt(k / (k - 1) * np.sum((slopes - slopes.mean()) ** 2)))


def without_variation(value: float, k: int, bounds: Interval | None) -> Interval | None:
    """The interval of a figure whose k clusters do not differ (see `figure`)."""
    if bounds is None:
        return None
    unlike = 1 - 0.025 ** (1 / k)
    return value - unlike * (value - bounds[0]), value + unlike * (bounds[1] - value)


def linearised(value: float, half: float, n: int, clusters: int, bounds: Interval) -> Figure:
    """A figure whose t · error, `half`, is known in closed form: infinite of one cluster, 0 where clusters do not
    differ (see `figure`)."""
    if clusters < 2 or not np.isfinite(half):
        return Figure(value, bounds, n, clusters, "one cluster")
    if half < 1e-9:
        return Figure(value, without_variation(value, clusters, bounds), n, clusters, "no variation")
    return Figure(value, (max(bounds[0], value - half), min(bounds[1], value + half)), n, clusters, "cluster t")


@lru_cache(maxsize=4)
def _weights(k: int, seed: int) -> npt.NDArray[np.uint16]:
    """How often each of k clusters is in each resample, shape (RESAMPLES, k)."""
    weights = np.random.default_rng(seed).multinomial(k, np.full(k, 1 / k), size=RESAMPLES).astype(np.uint16)
    weights.flags.writeable = False
    return weights


def quotient(above: Floats, below: Floats) -> Floats:
    """above / below, NaN where below is not positive."""
    out = np.full(np.broadcast_shapes(np.shape(above), np.shape(below)), np.nan)
    return np.asarray(np.divide(above, below, out=out, where=below > 0), float)


def ratio(
    above: npt.ArrayLike, below: npt.ArrayLike, cluster: npt.ArrayLike, bounds: Interval | None = SHARE, seed: int = 0
) -> Figure:
    """Σ above / Σ below, both of shape (n,); undefined where Σ below is 0."""
    columns = np.column_stack([np.asarray(above, float), np.asarray(below, float)])
    return figure(lambda sums: quotient(sums[..., 0], sums[..., 1]), columns, cluster, bounds, seed)


def mean(values: npt.ArrayLike, cluster: npt.ArrayLike, bounds: Interval | None = SHARE, seed: int = 0) -> Figure:
    """The mean of `values`, shape (n,)."""
    return ratio(values, np.ones(np.shape(values)), cluster, bounds, seed)


def difference(
    values: npt.ArrayLike, first: npt.ArrayLike, cluster: npt.ArrayLike, scale: float = 1.0, seed: int = 0
) -> Figure:
    """`scale` · (mean of `values` where `first` − mean of the rest); undefined where either has no row."""
    values, first = np.asarray(values, float), np.asarray(first, bool)
    columns = np.column_stack([values * first, first, values * ~first, ~first]).astype(float)

    def statistic(sums: Floats) -> Floats:
        return scale * (quotient(sums[..., 0], sums[..., 1]) - quotient(sums[..., 2], sums[..., 3]))

    return figure(statistic, columns, cluster, (-scale, scale), seed)


def cluster_interval(
    values: npt.NDArray[np.float64], cluster: npt.NDArray[np.generic], seed: int = 0
) -> tuple[float, float, str]:
    """The interval of a mean of shares (see `figure`): its limits and the method. Raises ValueError for no values."""
    found = mean(values, cluster, seed=seed)
    if found.interval is None:
        raise ValueError("the mean of no values has no interval")
    return *found.interval, found.method


def rows_of(*arrays: npt.ArrayLike) -> tuple[Floats, ...]:
    """The arrays as floats of shape (n,); raises ValueError for unequal lengths and for NaN or infinity."""
    rows = tuple(np.asarray(array, float) for array in arrays)
    if any(row.ndim != 1 or row.shape != rows[0].shape for row in rows):
        raise ValueError(f"the arrays must have one entry per row; their shapes are {[row.shape for row in rows]}")
    if not all(np.isfinite(row).all() for row in rows):
        raise ValueError("an entry is NaN or infinite; leave out what is missing")
    return rows
