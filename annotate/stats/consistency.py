"""Do ratings and rankings of the same pairs agree? (*Peering Through Preferences*, arXiv 2308.15812)

Per pair there are two signs in {+1 first is better, 0 equal, -1 second is better}: one from the difference
of the ratings, one from the ranking. A pair is consistent iff the signs are identical.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from annotate.stats.intervals import DIFFERENCE, SHARE, Figure, Floats, cluster_interval, figure, quotient

Signs = npt.NDArray[np.int_]
SIDES = {"A": 1, "B": -1, "equal": 0}


@dataclass(frozen=True, slots=True)
class Consistency:
    """`table[i][j]` counts pairs with rating side i and ranking side j, both in the order A, B, equal."""

    n: int
    clusters: int
    consistent: float
    interval: tuple[float, float]
    interval_method: str
    chance: float
    kappa: float | None
    table: tuple[tuple[int, ...], ...]
    shares: dict[str, float]


def consistency(rating: Signs, ranking: Signs, cluster: npt.ArrayLike, seed: int = 0) -> Consistency:
    """The report on n pairs; `rating` and `ranking` have shape (n,), `cluster` names each pair's prompt group.

    Raises ValueError for no pairs or unequal lengths. `kappa` is None where chance agreement is 1.
    """
    rating, ranking, clusters = np.asarray(rating), np.asarray(ranking), np.asarray(cluster)
    if not len(rating) or rating.shape != ranking.shape or rating.shape != clusters.shape:
        raise ValueError("rating, ranking and cluster must have one entry per pair, and at least one")
    sides = list(SIDES.values())
    table = np.array([[np.sum((rating == i) & (ranking == j)) for j in sides] for i in sides])
    n = int(table.sum())
    if n != len(rating):
        raise ValueError("signs must be -1, 0 or +1")
    observed = np.trace(table) / n
    chance = float((table.sum(axis=1) / n) @ (table.sum(axis=0) / n))
    low, high, method = cluster_interval((rating == ranking).astype(float), clusters, seed)
    return Consistency(
        n=n,
        clusters=len(np.unique(clusters)),
        consistent=float(observed),
        interval=(low, high),
        interval_method=method,
        chance=chance,
        kappa=None if chance >= 1 else float((observed - chance) / (1 - chance)),
        table=tuple(tuple(int(v) for v in row) for row in table),
        shares=_shares(table / n),
    )


def _shares(table: npt.NDArray[np.float64]) -> dict[str, float]:
    """The five shares of methods that add up to 1; in `rating_only` the ranking is equal, and the other way round."""
    return {
        "agree": float(table[0, 0] + table[1, 1]),
        "contradict": float(table[0, 1] + table[1, 0]),
        "rating_only": float(table[0, 2] + table[1, 2]),
        "ranking_only": float(table[2, 0] + table[2, 1]),
        "both_equal": float(table[2, 2]),
    }


AGREE, BOTH_EQUAL, CONTRADICT, RATING_ONLY, RANKING_ONLY = [0, 4], [8], [1, 3], [2, 5], [6, 7]
"""Cells of the table, row by row."""


def consistency_figures(rating: Signs, ranking: Signs, cluster: npt.ArrayLike, seed: int = 0) -> dict[str, Figure]:
    """All that the table says, each with its interval by prompt group: `consistent` and its five shares, `one_tie`
    (exactly one side ties), `decisive` (agreement where neither does; n counts those pairs), `chance` and `kappa`.

    The arguments are those of `consistency`; of no pairs the figures are None."""
    groups = np.unique(np.asarray(cluster), return_inverse=True)[1]
    rated, ranked = np.asarray(rating, int), np.asarray(ranking, int)
    if not rated.shape == ranked.shape == groups.shape or not np.isin([rated, ranked], [-1, 0, 1]).all():
        raise ValueError("rating, ranking and cluster must have one entry per pair; signs are -1, 0 or +1")
    k, place = int(groups.max(initial=-1)) + 1, np.array([2, 0, 1])
    cell = 3 * place[rated] + place[ranked]
    cells = np.bincount(groups * 9 + cell, minlength=9 * k).reshape(k, 9).astype(float)

    def found(statistic: Callable[[Floats], Floats], bounds: tuple[float, float] = SHARE) -> Figure:
        return replace(figure(statistic, cells, np.arange(k), bounds, seed), n=len(rated))

    def share(of: list[int]) -> Figure:
        return found(lambda sums: quotient(sums[..., of].sum(axis=-1), sums.sum(axis=-1)))

    both = AGREE + CONTRADICT
    decisive = found(lambda sums: quotient(sums[..., AGREE].sum(axis=-1), sums[..., both].sum(axis=-1)))
    held = cells[:, both].sum(axis=1)
    return {
        "consistent": share(AGREE + BOTH_EQUAL),
        "agree": share(AGREE),
        "both_equal": share(BOTH_EQUAL),
        "contradict": share(CONTRADICT),
        "rating_only": share(RATING_ONLY),
        "ranking_only": share(RANKING_ONLY),
        "one_tie": share(RATING_ONLY + RANKING_ONLY),
        "decisive": replace(decisive, n=int(held.sum()), clusters=int((held > 0).sum())),
        "chance": found(_chance),
        "kappa": found(_kappa, DIFFERENCE),
    }


def _chance(sums: Floats) -> Floats:
    table = sums.reshape(*sums.shape[:-1], 3, 3)
    n = sums.sum(axis=-1)
    return quotient(np.sum(table.sum(axis=-1) * table.sum(axis=-2), axis=-1), n**2)


def _kappa(sums: Floats) -> Floats:
    observed = quotient(sums[..., [0, 4, 8]].sum(axis=-1), sums.sum(axis=-1))
    chance = _chance(sums)
    return quotient(observed - chance, np.where(chance < 1 - 1e-12, 1 - chance, 0.0))
