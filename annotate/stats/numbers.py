"""Numbers against numbers: how far apart they are, and whether they put things into the same order."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.stats import rankdata

from annotate.stats.intervals import DIFFERENCE, Figure, Floats, figure, mean, quotient, rows_of


@dataclass(frozen=True, slots=True)
class Numbers:
    """distance: the mean of |first − second|. shift: the mean of first − second, above 0 where the first is kinder.

    spearman: Pearson's correlation of the ranks, ties at their mean rank; None where either side is constant.
    """

    n: int
    clusters: int
    distance: Figure
    shift: Figure
    spearman: Figure


def numbers(first: npt.ArrayLike, second: npt.ArrayLike, cluster: npt.ArrayLike, seed: int = 0) -> Numbers:
    """The figures of n pairs of numbers of shape (n,); `cluster` names each one's prompt group.

    Spearman's interval resamples with the ranks of the whole sample. Raises ValueError for unequal lengths.
    """
    one, two = rows_of(first, second)
    distance = mean(np.abs(one - two), cluster, None, seed)
    x, y = rankdata(one) / max(1, len(one)), rankdata(two) / max(1, len(two))
    columns = np.column_stack([np.ones(len(x)), x, y, x * x, y * y, x * y])
    return Numbers(
        n=len(one),
        clusters=distance.clusters,
        distance=distance,
        shift=mean(one - two, cluster, None, seed),
        spearman=figure(_correlation, columns, cluster, DIFFERENCE, seed),
    )


def _correlation(sums: Floats) -> Floats:
    n, x, y, xx, yy, xy = np.moveaxis(sums, -1, 0)
    spread = np.maximum(n * xx - x * x, 0) * np.maximum(n * yy - y * y, 0)
    return quotient(n * xy - x * y, np.sqrt(np.where(spread > 1e-9, spread, 0)))
