"""How much a judge could answer by itself at a wanted accuracy, were it to keep what it is least sure of to itself."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from annotate.stats.calibration import checked
from annotate.stats.intervals import SHARE, Floats, Interval

RESAMPLES = 400


@dataclass(frozen=True, slots=True)
class Curve:
    """Per distinct confidence, from high to low: the share of rows at or above it, and how many of those are right."""

    thresholds: Floats
    shares: Floats
    accuracies: Floats


@dataclass(frozen=True, slots=True)
class Coverage:
    """The largest share whose accuracy is at least `target`; 0 with `threshold` None where there is none.

    The interval is a bootstrap of clusters. Chosen after the fact on the same rows, it flatters: it describes, and
    `annotate.stats.abstention` certifies.
    """

    target: float
    n: int
    share: float | None
    interval: Interval | None
    threshold: float | None
    accuracy: float | None


def curve(confidence: npt.ArrayLike, right: npt.ArrayLike, weight: npt.ArrayLike | None = None) -> Curve:
    """The curve of n rows with a confidence from 0 to 1 and right 1, wrong 0 or ½; equal confidences stay together."""
    sure, hit = checked(confidence, right)
    order = np.argsort(-sure, kind="stable")
    return _curve(sure[order], hit[order], np.ones(len(sure)) if weight is None else np.asarray(weight, float)[order])


def coverage(
    confidence: npt.ArrayLike, right: npt.ArrayLike, target: float, cluster: npt.ArrayLike, seed: int = 0
) -> Coverage:
    """Coverage at the target accuracy; all arrays have shape (n,), `cluster` names each row's prompt group.

    Raises ValueError for unequal lengths and for entries outside 0 to 1.
    """
    sure, hit = checked(confidence, right)
    groups = np.unique(np.asarray(cluster), return_inverse=True)[1]
    if groups.shape != sure.shape:
        raise ValueError("there must be one cluster per row")
    if not len(sure):
        return Coverage(target, 0, None, None, None, None)
    order = np.argsort(-sure, kind="stable")
    sure, hit, groups = sure[order], hit[order], groups[order]
    found = _curve(sure, hit, np.ones(len(sure)))
    at = _last(found, target)
    interval = _interval(sure, hit, groups, target, seed)
    if at is None:
        return Coverage(target, len(sure), 0.0, interval, None, None)
    share, threshold, accuracy = (float(row[at]) for row in (found.shares, found.thresholds, found.accuracies))
    return Coverage(target, len(sure), share, interval, threshold, accuracy)


def _curve(sure: Floats, hit: Floats, weight: Floats) -> Curve:
    """Of rows sorted from high confidence to low."""
    ends = np.flatnonzero(np.diff(sure, append=-np.inf))
    total, right = np.cumsum(weight)[ends], np.cumsum(weight * hit)[ends]
    accuracies = np.divide(right, total, out=np.zeros(len(ends)), where=total > 0)
    return Curve(sure[ends], total / (weight.sum() or 1), accuracies)


def _last(found: Curve, target: float) -> int | None:
    reached = np.flatnonzero(found.accuracies >= target - 1e-12)
    return int(reached[-1]) if len(reached) else None


def _interval(sure: Floats, hit: Floats, groups: npt.NDArray[np.intp], target: float, seed: int) -> Interval:
    k = int(groups.max()) + 1
    if k < 2:
        return SHARE
    rng, drawn = np.random.default_rng(seed), np.zeros(RESAMPLES)
    for n in range(RESAMPLES):
        weight = np.bincount(rng.integers(0, k, k), minlength=k)[groups].astype(float)
        found = _curve(sure, hit, weight)
        at = _last(found, target)
        drawn[n] = 0 if at is None else found.shares[at]
    low, high = np.quantile(drawn, [0.025, 0.975])
    return float(low), float(high)
