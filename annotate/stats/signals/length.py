"""Does an annotator take the longer answer more often, or less often, than the others do on the same pairs?

A longer answer may well be better; then the others take it as well. So only the difference to them says something.
"""

import numpy as np
import numpy.typing as npt

from annotate.stats.intervals import rows_of
from annotate.stats.signals.base import Signal
from annotate.stats.signals.rest import unlike_others

MARGIN = 0.1


def length_preference(
    who: npt.ArrayLike,
    count: int,
    thing: npt.ArrayLike,
    sign: npt.ArrayLike,
    longer: npt.ArrayLike,
    cluster: npt.ArrayLike,
) -> Signal:
    """How much more often an annotator takes the longer side than the others of the same pair do, tested against ± 10
    points: `thing` (n,) is the pair, `sign` and `longer` (n,) are +1 for a, −1 for b, 0 for neither; pairs without a
    longer side and ties are left out.

    Raises ValueError for unequal lengths and other signs."""
    signs, sides, people = rows_of(sign, longer, who)
    pair, groups = np.asarray(thing), np.asarray(cluster)
    if not np.isin([signs, sides], [-1, 0, 1]).all() or not pair.shape == groups.shape == signs.shape:
        raise ValueError("signs are +1, 0 or −1, and there must be one pair, sign, side and cluster per row")
    some = signs * sides != 0
    taken = signs[some] == sides[some]
    return unlike_others(people[some], count, pair[some], taken, groups[some], MARGIN)
