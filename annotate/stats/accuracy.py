"""Accuracy of pairwise verdicts taken in both orders against gold, in the four ways in use, and position bias.

Gold is +1 (completion a is better), −1 (b is) or 0; only decisive gold counts, gold ties are told apart. s1, s2 as in
`annotate.stats.orders`. A judge that always picks the first slot by a constant margin has single accuracy ½ and strict
accuracy 0, whatever signal its probabilities carry; the averaged log-odds recover it.
"""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from annotate.stats.intervals import Figure, difference, mean, rows_of, without
from annotate.stats.orders import checked, preference, sides


@dataclass(frozen=True, slots=True)
class Accuracies:
    """Shares of the n pairs with decisive gold that a judge gets right.

    single: a verdict alone, the mean over both orders (MT-Bench, arXiv 2306.05685). strict: right in both orders.
    judgebench: the sum over both orders of +1 right, −1 wrong, 0 tied is above 0 (arXiv 2410.12784). averaged: the sign
    of d = ½(logit s1 − logit s2). A tie, or an abstention, is right nowhere: it counts as not right in single and in
    strict, as 0 in JudgeBench's sum, and d = 0 is not right.

    position_bias: single accuracy with gold in slot 1 minus gold in slot 2; corrected for flip noise q it is divided by
    1 − 2q (None without a q below ½). The interval takes q for known.
    """

    n: int
    clusters: int
    gold_ties: int
    single: Figure
    strict: Figure
    judgebench: Figure
    averaged: Figure
    position_bias: Figure
    position_bias_corrected: Figure


def accuracies(
    s1: npt.ArrayLike,
    s2: npt.ArrayLike,
    gold: npt.ArrayLike,
    cluster: npt.ArrayLike,
    flip_noise: float | None = None,
    seed: int = 0,
) -> Accuracies:
    """The accuracies of pairs; all arrays have shape (n,), `flip_noise` is q of `annotate.stats.repeats`.

    Raises ValueError for unequal lengths, for what is no probability, and for gold other than −1, 0 and 1.
    """
    one, two = checked(s1, s2)
    answer, _ = rows_of(gold, one)
    if not np.isin(answer, [-1, 0, 1]).all():
        raise ValueError("gold is +1 (a), −1 (b) or 0 (tie)")
    groups = np.unique(np.asarray(cluster), return_inverse=True)[1]
    if groups.shape != answer.shape:
        raise ValueError("there must be one cluster per row")
    kept = answer != 0
    one, two, answer, groups = one[kept], two[kept], answer[kept], groups[kept]
    first, second = sides(one) * answer, -sides(two) * answer  # +1 right, −1 wrong, 0 tied

    def share(right: npt.ArrayLike) -> Figure:
        return mean(right, groups, seed=seed)

    single = share(((first > 0).astype(float) + (second > 0)) / 2)
    right, in_first = np.concatenate([first, second]) > 0, np.concatenate([answer > 0, answer < 0])

    def bias(noise: float) -> Figure:
        scale = 1 / (1 - 2 * noise)
        return replace(difference(right, in_first, np.tile(groups, 2), scale, seed), n=len(answer))

    unknown = flip_noise is None or not 0 <= flip_noise < 0.5
    return Accuracies(
        n=len(answer),
        clusters=single.clusters,
        gold_ties=int((~kept).sum()),
        single=single,
        strict=share((first > 0) & (second > 0)),
        judgebench=share(first + second > 0),
        averaged=share(preference(one, two) * answer > 0),
        position_bias=bias(0),
        position_bias_corrected=without(single, "flip noise unknown") if unknown else bias(flip_noise or 0),
    )
