"""What a cue of a pair (the longer side, the denser, the one shown first) wins in ratings and in rankings.

A pair's cue names a side: +1 the first, −1 the second, 0 neither. Where ratings and rankings part because of it, the
named side wins more often in one protocol than in the other.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from annotate.stats.intervals import DIFFERENCE, Figure, mean, rows_of


@dataclass(frozen=True, slots=True)
class Cue:
    """How often the named side wins in the ratings and in the rankings, a tie counting ½, and the first minus the
    second, over the pairs in which a side is named; `neither` counts the others."""

    ratings: Figure
    rankings: Figure
    difference: Figure
    neither: int


def cue(rating: npt.ArrayLike, ranking: npt.ArrayLike, named: npt.ArrayLike, cluster: npt.ArrayLike) -> Cue:
    """The figures of n pairs: `rating`, `ranking` and `named`, shape (n,), hold +1, 0 or −1; `cluster` names each
    pair's prompt group. Raises ValueError for unequal lengths and other entries."""
    rated, ranked, side = rows_of(rating, ranking, named)
    if not np.isin([rated, ranked, side], [-1, 0, 1]).all():
        raise ValueError("rating, ranking and named are +1 (first), −1 (second) or 0 (neither)")
    groups, some = np.asarray(cluster), side != 0
    if groups.shape != side.shape:
        raise ValueError("there must be one cluster per pair")
    rated, ranked, side, groups = rated[some], ranked[some], side[some], groups[some]
    return Cue(
        ratings=mean((1 + rated * side) / 2, groups),
        rankings=mean((1 + ranked * side) / 2, groups),
        difference=mean((rated - ranked) * side / 2, groups, DIFFERENCE),
        neither=int((~some).sum()),
    )
