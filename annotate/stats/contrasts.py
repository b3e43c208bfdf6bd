"""Part of the rows against the rest: a ratio or a median, its difference, and whether that is more than chance.

A ratio is Σ above / Σ below (a mean where `below` is 1). Clusters (prompt groups) are independent, so the error of the
difference is that of the residuals summed by cluster. A small part, or one whose rows are all alike, tells too little
about its own spread: the error is therefore never taken smaller than if both parts had the spread of the whole, and t
has the degrees of freedom of Welch (1947), counted in clusters. Medians are linearised by the density at the median.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.stats import t as student_t

from annotate.stats.intervals import SHARE, Figure, Floats, Interval, linearised, rows_of

Ids = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
UNDEFINED = "undefined"
SMALLEST_ERROR = 1e-12


@dataclass(frozen=True, slots=True)
class Contrast:
    """`inside` is the part's figure, `difference` the part's minus the rest's, `p` of a difference at least as large
    (two-sided) if there is none; None where either part has fewer than two clusters or nothing varies."""

    inside: Figure
    difference: Figure
    p: float | None


@dataclass(frozen=True, slots=True)
class Rows:
    """n rows with the cluster of each, from 0 to `clusters` − 1; `whole` are the sums by cluster, shape (k,)."""

    above: Floats
    below: Floats
    cluster: Ids
    clusters: int
    whole: tuple[Floats, Floats]
    bounds: Interval | None


@dataclass(frozen=True, slots=True)
class _Part:
    """Residuals and weights of a part, summed by cluster, shape (k,); `value` is its ratio or median."""

    value: float
    residual: Floats
    weight: Floats

    @property
    def held(self) -> int:
        return int(np.count_nonzero(self.weight))

    @property
    def slopes(self) -> Floats:
        """The derivatives of the value by the clusters' weights, corrected for the degree of freedom."""
        k = self.held
        return np.asarray(self.residual / self.weight.sum() * np.sqrt(k / max(1, k - 1)))

    @property
    def spread(self) -> float:
        """Σ weight² / (Σ weight)²: the error in units of the whole's spread."""
        return float(np.sum(self.weight**2) / self.weight.sum() ** 2)


def rows(above: npt.ArrayLike, below: npt.ArrayLike, cluster: npt.ArrayLike, bounds: Interval | None = SHARE) -> Rows:
    """What is compared: three arrays of shape (n,). Raises ValueError for unequal lengths, NaN, and weights below 0."""
    one, two = rows_of(above, below)
    index = np.unique(np.asarray(cluster), return_inverse=True)[1].astype(np.int64)
    if index.shape != one.shape:
        raise ValueError("there must be one cluster per row")
    if (two < 0).any():
        raise ValueError("`below` counts or weighs, so it cannot be negative")
    k = int(index.max(initial=-1)) + 1
    return Rows(one, two, index, k, (_sums(one, index, k), _sums(two, index, k)), bounds)


def contrast(of: Rows, chosen: Flags) -> Contrast:
    """The ratio of the chosen rows, a mask of shape (n,), against that of the rest."""
    at = np.flatnonzero(chosen)
    cluster = of.cluster[at]
    inside = _sums(of.above[at], cluster, of.clusters), _sums(of.below[at], cluster, of.clusters)
    outside = of.whole[0] - inside[0], _positive(of.whole[1] - inside[1])
    one, two, all_ = _ratio(*inside), _ratio(*outside), _ratio(*of.whole)
    n = int(np.count_nonzero(of.below[at]))
    return _contrast(one, two, all_, n, int(np.count_nonzero(of.below)), of.bounds)


def _sums(values: Floats, cluster: Ids, clusters: int) -> Floats:
    return np.bincount(cluster, weights=values, minlength=clusters).astype(float)


def _positive(weights: Floats) -> Floats:
    """Weights without what a subtraction of floats leaves of nothing."""
    return np.where(weights > 1e-9, weights, 0.0)


def _ratio(above: Floats, below: Floats) -> _Part | None:
    total = float(below.sum())
    if total <= 0:
        return None
    value = float(above.sum()) / total
    return _Part(value, np.where(below > 0, above - value * below, 0.0), below)


def _contrast(
    one: _Part | None, two: _Part | None, all_: _Part | None, n: int, count: int, bounds: Interval | None
) -> Contrast:
    if one is None or all_ is None:
        nothing = Figure(None, None, n, 0, UNDEFINED if n else "no data")
        return Contrast(nothing, nothing, None)
    inside = _figure(one, n, bounds)
    if two is None:
        return Contrast(inside, Figure(None, None, count, all_.held, "there is no rest"), None)
    value = one.value - two.value
    if min(one.held, two.held) < 2:
        return Contrast(inside, Figure(value, None, count, all_.held, "one cluster"), None)
    error, freedom = _error(one, two, all_)
    if error < SMALLEST_ERROR:
        return Contrast(inside, Figure(value, None, count, all_.held, "no variation"), None)
    half = float(student_t.ppf(0.975, freedom)) * error
    low, high = (-np.inf, np.inf) if bounds is None else (bounds[0] - bounds[1], bounds[1] - bounds[0])
    interval = max(low, value - half), min(high, value + half)
    p = float(2 * student_t.sf(abs(value) / error, freedom))
    return Contrast(inside, Figure(value, interval, count, all_.held, "cluster t"), p)


def _error(one: _Part, two: _Part, all_: _Part) -> tuple[float, float]:
    """The error of the difference and its degrees of freedom."""
    first, second = one.slopes, two.slopes
    k = all_.held
    own = float(np.sum((first - second) ** 2))
    spread = float(np.sum(all_.residual**2) / np.sum(all_.weight**2)) * k / (k - 1)
    parts = [max(float(np.sum(slopes**2)), spread * part.spread) for slopes, part in ((first, one), (second, two))]
    weights = [variance**2 / (part.held - 1) for variance, part in zip(parts, (one, two), strict=True)]
    pooled = spread * (one.spread + two.spread)
    freedom = sum(parts) ** 2 / sum(weights) if sum(weights) > 0 else 1.0
    return float(np.sqrt(max(own, pooled))), freedom


def _figure(part: _Part, n: int, bounds: Interval | None) -> Figure:
    k = part.held
    error = float(np.sqrt(np.sum(part.slopes**2)))
    half = float(student_t.ppf(0.975, k - 1)) * error if k > 1 else np.inf
    if bounds is not None:
        return linearised(part.value, half, n, k, bounds)
    interval = (part.value - half, part.value + half) if k > 1 and half > SMALLEST_ERROR else None
    return Figure(part.value, interval, n, k, "cluster t" if interval else "one cluster" if k < 2 else "no variation")


@dataclass(frozen=True, slots=True)
class Sorted:
    """n values with their clusters, in the order of the values: `order` are their rows."""

    order: Ids
    value: Floats
    cluster: Ids
    clusters: int


def sorted_rows(values: npt.ArrayLike, cluster: npt.ArrayLike) -> Sorted:
    """What medians are compared of; the errors are those of `rows`."""
    (value,) = rows_of(values)
    index = np.unique(np.asarray(cluster), return_inverse=True)[1].astype(np.int64)
    if index.shape != value.shape:
        raise ValueError("there must be one cluster per row")
    order = np.argsort(value, kind="stable").astype(np.int64)
    return Sorted(order, value[order], index[order], int(index.max(initial=-1)) + 1)


def median_contrast(of: Sorted, chosen: Flags) -> Contrast:
    """The median of the chosen rows against that of the rest."""
    flags = np.asarray(chosen)[of.order]
    parts = [_median(of.value[mask], of.cluster[mask], of.clusters) for mask in (flags, ~flags)]
    whole = _median(of.value, of.cluster, of.clusters)
    return _contrast(parts[0], parts[1], whole, int(flags.sum()), len(flags), None)


def _median(value: Floats, cluster: Ids, clusters: int) -> _Part | None:
    """The median of sorted values. The density at it is taken from quantiles n^(−1/3) to either side of ½."""
    n = len(value)
    if not n:
        return None
    median = float(np.median(value))
    reach = min(0.4, max(0.05, n ** (-1 / 3)))
    low, high = np.quantile(value, [0.5 - reach, 0.5 + reach])
    above = (value > median).astype(float)
    residual = (above - above.mean()) * float(high - low) / (2 * reach)
    return _Part(median, _sums(residual, cluster, clusters), _sums(np.ones(n), cluster, clusters))
