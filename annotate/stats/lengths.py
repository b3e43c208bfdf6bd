"""Length bias: is a judge more often right where the longer completion is better, and does it pick the longer more?"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from annotate.stats.intervals import SHARE, Figure, difference, mean, rows_of, without


@dataclass(frozen=True, slots=True)
class Lengths:
    """Length bias of n pairs.

    gold_longer, rest: accuracy where the completion that people prefer is the longer, and on the other pairs with a
    decisive gold (a judge's tie is not right). bias: the first minus the second, divided by 1 − 2q where the flip
    noise q is given; the interval takes q for known.

    judge_longer, people_longer: how often either picks the longer of two of unequal length, a tie counting ½;
    preference: the first minus the second. equal: pairs of equal length, left out of these three.
    """

    n: int
    clusters: int
    gold_ties: int
    equal: int
    gold_longer: Figure
    rest: Figure
    bias: Figure
    judge_longer: Figure
    people_longer: Figure
    preference: Figure


def length_bias(
    judge: npt.ArrayLike,
    gold: npt.ArrayLike,
    longer: npt.ArrayLike,
    cluster: npt.ArrayLike,
    flip_noise: float | None = None,
    seed: int = 0,
) -> Lengths:
    """The figures of n pairs; all arrays have shape (n,) and name a side: +1 completion a, −1 b, 0 neither.

    `longer` is the sign of the lengths' difference, in whatever unit the caller measures. `bias` is None with a flip
    noise of ½ or more. Raises ValueError for unequal lengths and for other entries.
    """
    verdict, answer, long = rows_of(judge, gold, longer)
    if not np.isin([verdict, answer, long], [-1, 0, 1]).all():
        raise ValueError("judge, gold and longer are +1 (a), −1 (b) or 0 (neither)")
    groups = np.unique(np.asarray(cluster), return_inverse=True)[1]
    if groups.shape != long.shape:
        raise ValueError("there must be one cluster per row")
    decisive, unequal = answer != 0, long != 0
    right, gold_longer = (verdict == answer).astype(float), decisive & (answer == long)

    def share(values: npt.ArrayLike, of: npt.NDArray[np.bool_], bounds: tuple[float, float] = SHARE) -> Figure:
        return mean(np.asarray(values)[of], groups[of], bounds, seed)

    noise = flip_noise or 0.0
    scale = 1 / (1 - 2 * noise) if 0 <= noise < 0.5 else 1.0
    bias = difference(right[decisive], gold_longer[decisive], groups[decisive], scale, seed)
    return Lengths(
        n=len(long),
        clusters=len(np.unique(groups)),
        gold_ties=int((~decisive).sum()),
        equal=int((~unequal).sum()),
        gold_longer=share(right, gold_longer),
        rest=share(right, decisive & ~gold_longer),
        bias=bias if 0 <= noise < 0.5 else without(bias, "flip noise of ½ or more"),
        judge_longer=share((1 + verdict * long) / 2, unequal),
        people_longer=share((1 + answer * long) / 2, unequal),
        preference=share((verdict - answer) * long / 2, unequal, (-1.0, 1.0)),
    )
