"""What a signal is, and flags over all annotators and signals together.

In every file of this package `who` (n,) are the annotators' numbers from 0 to `count` − 1, `cluster` (n,) names prompt
groups, and a row is an annotator's only answer about its thing. A p-value is NaN where no test can be made, as of fewer
than 10 rows or 5 clusters. ValueError is raised for unequal lengths, NaN, and numbers out of range.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from annotate.stats.discovery import adjusted
from annotate.stats.intervals import Figure, Floats

Ids = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

RATE = 0.05


@dataclass(frozen=True, slots=True)
class Signal:
    """For each annotator a figure with its interval, and the p-value (count,) that he is like the others."""

    figures: tuple[Figure, ...]
    p: Floats


def adjusted_together(signals: Mapping[str, Signal]) -> dict[str, Floats]:
    """The p-values of all annotators and signals, adjusted together by Benjamini and Hochberg; NaN stays NaN."""
    found = {name: np.full(len(signal.p), np.nan) for name, signal in signals.items()}
    together = np.concatenate([signal.p for signal in signals.values()]) if signals else np.zeros(0)
    tested = np.isfinite(together)
    together[tested] = adjusted(together[tested])
    start = 0
    for name, signal in signals.items():
        found[name][:] = together[start : start + len(signal.p)]
        start += len(signal.p)
    return found


def flags(signals: Mapping[str, Signal], q: float = RATE) -> dict[str, Flags]:
    """Whom each signal flags, shape (count,), the false discovery rate over all annotators and signals being q."""
    return {name: np.nan_to_num(p, nan=1.0) <= q for name, p in adjusted_together(signals).items()}
