"""Test–retest: does somebody who is asked the same again say the same? Without it no inconsistency can be read.

Two readings X and Y of one thing whose errors are independent given the thing agree with probability
E Σ_c p_X(c) p_Y(c), and by Cauchy and Schwarz that is at most √(E Σ_c p_X(c)² · E Σ_c p_Y(c)²): the geometric mean of
how often X repeats itself and how often Y does. So even where ratings and rankings ask for the same thing, they agree
no more often than `ceiling` says, and noise alone makes them differ in 1 − ceiling. Repeats that are remembered are
not independent: then the ceiling is too high, and what noise explains too little.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from annotate.stats.intervals import (
    DIFFERENCE,
    NOTHING,
    SHARE,
    Figure,
    Floats,
    figure,
    mean,
    quotient,
    rows_of,
    without,
)

MOST_LABELS = 30  # a kappa of more says nothing


@dataclass(frozen=True, slots=True)
class Retest:
    """n things answered twice by the same annotator. same: the share answered alike. kappa: that beyond chance, each
    time with its own shares of the labels. distance: the mean of |later − first|, None unless the labels are numbers.
    """

    n: int
    clusters: int
    same: Figure
    kappa: Figure
    distance: Figure


def retest(
    first: npt.ArrayLike, later: npt.ArrayLike, cluster: npt.ArrayLike, numbers: bool = False, seed: int = 0
) -> Retest:
    """The figures of n things; `first` and `later`, shape (n,), are signs, scores or codes of labels; `cluster` names
    each one's prompt group. With `numbers` their distance means something. Raises ValueError for unequal lengths."""
    one, two = rows_of(first, later)
    alike = mean(np.abs(one - two) < 1e-9, cluster, seed=seed)
    return Retest(
        n=alike.n,
        clusters=alike.clusters,
        same=alike,
        kappa=cohen(one, two, cluster, seed),
        distance=mean(np.abs(one - two), cluster, None, seed) if numbers else without(alike, "not numbers"),
    )


def cohen(first: npt.ArrayLike, second: npt.ArrayLike, cluster: npt.ArrayLike, seed: int = 0) -> Figure:
    """Cohen's kappa (1960) of two columns of numbers or codes, shape (n,), with its interval by prompt group; None
    where chance agrees always, and of more than 30 different labels. Raises ValueError for unequal lengths."""
    one, two = rows_of(first, second)
    labels, codes = np.unique(np.concatenate([one, two]), return_inverse=True)
    rows, cols = codes[: len(one)], codes[len(one) :]
    if len(labels) > MOST_LABELS:
        return without(mean(one == two, cluster), f"more than {MOST_LABELS} different labels")
    size = len(labels)
    columns = np.column_stack([rows == cols, np.eye(size)[rows], np.eye(size)[cols]]).astype(float)
    return figure(lambda sums: _beyond_chance(sums, size), columns, cluster, DIFFERENCE, seed)


def _beyond_chance(sums: Floats, size: int) -> Floats:
    n = sums[..., 1 : 1 + size].sum(axis=-1)
    chance = np.sum(sums[..., 1 : 1 + size] * sums[..., 1 + size :], axis=-1) / n**2
    return quotient(sums[..., 0] / n - chance, np.where(chance < 1 - 1e-12, 1 - chance, 0.0))


def ceiling(
    first: npt.ArrayLike,
    first_cluster: npt.ArrayLike,
    second: npt.ArrayLike,
    second_cluster: npt.ArrayLike,
    seed: int = 0,
) -> Figure:
    """How often two protocols can agree at most, √(mean of `first` · mean of `second`): whether the one's answer was
    the same when asked again, shape (n,), and whether the other's was, shape (m,), with their prompt groups, which are
    resampled together. Where only one was repeated the other is taken to be free of noise. n counts both.

    Raises ValueError for unequal lengths."""
    one, two = (rows_of(values)[0] for values in (first, second))
    clusters = np.concatenate([np.asarray(first_cluster), np.asarray(second_cluster)])
    if len(one) != len(np.asarray(first_cluster)) or len(clusters) != len(one) + len(two):
        raise ValueError("there must be one cluster per row")
    if not len(clusters):
        return NOTHING
    columns = np.zeros((len(clusters), 4))
    columns[: len(one), :2] = np.column_stack([one, np.ones(len(one))])
    columns[len(one) :, 2:] = np.column_stack([two, np.ones(len(two))])

    def statistic(sums: Floats) -> Floats:
        shares = [quotient(sums[..., at], sums[..., at + 1]) if n else 1.0 for at, n in ((0, len(one)), (2, len(two)))]
        return np.asarray(np.sqrt(shares[0] * shares[1]), float)

    return figure(statistic, columns, clusters, SHARE, seed)
