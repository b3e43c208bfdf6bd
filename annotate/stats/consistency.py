"""Do ratings and rankings of the same pairs agree? (*Peering Through Preferences*, arXiv 2308.15812)

Per pair there are two signs in {+1 first is better, 0 equal, -1 second is better}: one from the difference
of the ratings, one from the ranking. A pair is consistent iff the signs are identical.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from annotate.stats.intervals import cluster_interval

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
