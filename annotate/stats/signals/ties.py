"""Does an annotator call more pairs tied, or fewer, than the others do on the same pairs?"""

import numpy as np
import numpy.typing as npt

from annotate.stats.intervals import rows_of
from annotate.stats.signals.base import Signal
from annotate.stats.signals.rest import unlike_others

MARGIN = 0.1


def ties(who: npt.ArrayLike, count: int, thing: npt.ArrayLike, tied: npt.ArrayLike, cluster: npt.ArrayLike) -> Signal:
    """An annotator's share of ties minus that of the others on the same pairs, tested against ± 10 points: `thing`
    (n,) is the pair, `tied` (n,) 1 for a tie and 0 otherwise. Raises ValueError for unequal lengths and others."""
    (calls,) = rows_of(tied)
    if not np.isin(calls, [0, 1]).all():
        raise ValueError("tied is 1 for a tie and 0 otherwise")
    return unlike_others(who, count, thing, calls, cluster, MARGIN)
