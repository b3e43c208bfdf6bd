"""Agreement of two label sequences: percent, Cohen's kappa and Scott's pi, with intervals clustered by prompt group.

Cohen, *A coefficient of agreement for nominal scales* (1960); Scott, *Reliability of content analysis* (1955). Both
correct the observed agreement p_o for chance, (p_o − p_e) / (1 − p_e): with p_e = Σ_c row_c · col_c for kappa, where
each side keeps its own shares of the labels, and p_e = Σ_c ((row_c + col_c) / 2)² for pi, where both share one.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from annotate.stats.intervals import DIFFERENCE, Figure, Floats, figure, mean, quotient


@dataclass(frozen=True, slots=True)
class Agreement:
    """`table[i][j]` counts units that the first side labels `labels[i]` and the second `labels[j]`."""

    n: int
    clusters: int
    percent: Figure
    kappa: Figure
    pi: Figure
    labels: tuple[Hashable, ...]
    table: tuple[tuple[int, ...], ...]


def agreement(
    first: Sequence[Hashable], second: Sequence[Hashable], cluster: npt.ArrayLike, seed: int = 0
) -> Agreement:
    """The agreement of n nominal labels on either side; `cluster`, shape (n,), names each unit's prompt group.

    Kappa and pi are None where chance agrees always (one label in use). Raises ValueError for unequal lengths.
    """
    groups = np.unique(np.asarray(cluster), return_inverse=True)[1]
    if not len(first) == len(second) == len(groups):
        raise ValueError(
            f"{len(first)} and {len(second)} labels in {len(groups)} clusters; there must be as many of each"
        )
    labels = tuple(sorted({*first, *second}, key=str))
    code = {label: n for n, label in enumerate(labels)}
    rows, cols = (np.array([code[label] for label in side], int) for side in (first, second))
    size, same = len(labels), (rows == cols).astype(float)
    table = np.bincount(rows * size + cols, minlength=size * size).reshape(size, size)
    columns = np.column_stack([same, np.eye(size)[rows], np.eye(size)[cols]])
    percent = mean(same, groups, seed=seed)
    return Agreement(
        n=len(rows),
        clusters=percent.clusters,
        percent=percent,
        kappa=figure(_kappa, columns, groups, DIFFERENCE, seed),
        pi=figure(_pi, columns, groups, DIFFERENCE, seed),
        labels=labels,
        table=tuple(tuple(int(count) for count in row) for row in table),
    )


def _kappa(sums: Floats) -> Floats:
    observed, rows, cols = _shares(sums)
    return _beyond(observed, np.sum(rows * cols, axis=-1))


def _pi(sums: Floats) -> Floats:
    observed, rows, cols = _shares(sums)
    return _beyond(observed, np.sum(((rows + cols) / 2) ** 2, axis=-1))


def _shares(sums: Floats) -> tuple[Floats, Floats, Floats]:
    """Observed agreement, shape (...), and both sides' shares of the labels, shape (..., labels)."""
    size = (sums.shape[-1] - 1) // 2
    n = sums[..., 1 : 1 + size].sum(axis=-1, keepdims=True)
    return sums[..., 0] / n[..., 0], sums[..., 1 : 1 + size] / n, sums[..., 1 + size :] / n


def _beyond(observed: Floats, chance: Floats) -> Floats:
    """(p_o − p_e) / (1 − p_e), NaN where chance is 1 to within rounding."""
    return quotient(observed - chance, np.where(chance < 1 - 1e-12, 1 - chance, 0.0))
