"""Krippendorff's alpha: 1 − observed / expected disagreement, for any distance and any number of annotators a thing.

Krippendorff, *Content Analysis* (4th ed., 2018), ch. 12, and *Computing Krippendorff's Alpha-Reliability* (2011). With
m_u ≥ 2 ratings of thing u and n in all, D_o = (1/n) Σ_u (Σ_{i≠j} δ_ij) / (m_u − 1) and D_e = Σ_{i≠j} δ_ij / (n(n − 1))
over all pairs of ratings, of whatever things.

The interval resamples prompt groups (see `annotate.stats.intervals`). Both sums are over things, but D_e is quadratic
in the counts of the values, c'δc. Resamples take it as (s·1)² / c'δc with s = (δc) of the things drawn: equal at the
data, with equal derivatives, and three numbers a thing instead of one per value. Of ordinal values the ranks are those
of all ratings, in every resample. A simulation in the tests holds the interval to its 95 %.
"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from annotate.stats.distances import Metric
from annotate.stats.intervals import DIFFERENCE, NOTHING, Figure, Floats, figure, quotient
from annotate.stats.ratings import Ratings, pair_sums

SAME = "all answers are the same, so nothing tells agreement from chance"
SEVERAL = "no thing has two answers"
Alpha = Callable[[Floats], Floats]


def alpha(held: Ratings, metric: Metric, seed: int = 0) -> Figure:
    """Alpha of the things with two ratings or more; n counts them. None where all ratings are the same."""
    several = held.of_several()
    if not len(several.cluster):
        return Figure(None, None, 0, 0, SEVERAL) if len(held.cluster) else NOTHING
    columns, statistic = _parts(several, metric)
    found = figure(statistic, columns, several.cluster, DIFFERENCE, seed)
    return found if found.value is not None else replace(found, method=SAME)


def alpha_difference(first: Ratings, second: Ratings, metric: Metric, seed: int = 0) -> Figure:
    """alpha of `first` − alpha of `second`, such as two arms of an experiment, over prompt groups that either may have.

    n counts the things of both with two ratings or more. The ranks of ordinal values are each side's own.
    """
    one, two = first.of_several(), second.of_several()
    if not len(one.cluster) or not len(two.cluster):
        return Figure(None, None, 0, 0, SEVERAL)
    (left, of_first), (right, of_second) = _parts(one, metric), _parts(two, metric)
    columns = np.zeros((len(left) + len(right), 6))
    columns[: len(left), :3], columns[len(left) :, 3:] = left, right

    def statistic(sums: Floats) -> Floats:
        return of_first(sums[..., :3]) - of_second(sums[..., 3:])

    found = figure(statistic, columns, np.concatenate([one.cluster, two.cluster]), (-2.0, 2.0), seed)
    return found if found.value is not None else replace(found, method=SAME)


def _parts(several: Ratings, metric: Metric) -> tuple[Floats, Alpha]:
    """Per thing: its disagreement, its ratings, its ratings' distances from all ratings; and alpha of their sums."""
    counts, size = several.counts(), several.size
    distance = metric(counts)
    observed = 2 * pair_sums(several, distance.between) / np.maximum(size - 1, 1)
    far = several.per_thing(distance.from_all(counts)[several.value] * several.count)
    columns = several.weight[:, None] * np.column_stack([observed, size, far])
    expected = float(columns[:, 2].sum())

    def statistic(sums: Floats) -> Floats:
        chance = sums[..., 2] ** 2 / expected if expected > 1e-12 else np.zeros(sums.shape[:-1])
        return 1 - quotient((sums[..., 1] - 1) * sums[..., 0], chance)

    return columns, statistic
