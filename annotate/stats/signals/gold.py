"""How often an annotator's answers to gold items are right."""

import numpy.typing as npt

from annotate.stats.signals.base import Signal
from annotate.stats.signals.shares import shares, unlike

MARGIN = 0.05
"""So much more rarely right than the others one may be without being found."""


def gold_accuracy(who: npt.ArrayLike, count: int, hit: npt.ArrayLike, cluster: npt.ArrayLike) -> Signal:
    """The share of answers to gold items that are right; found is who is right more rarely than the others.

    `hit` (n,) is 1 where an answer is right (a part of it where only a part is). The test is that of
    `annotate.stats.signals.shares`, which needs 5 prompt groups. Raises ValueError for other entries and unequal
    lengths.
    """
    found = shares(who, count, hit, cluster)
    return Signal(found.figures, unlike(found, MARGIN, above=False))
