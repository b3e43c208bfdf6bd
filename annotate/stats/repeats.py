"""Self-consistency of a judge asked K times: how noisy are its answers, and what would it score without the noise?

With n_c of the K answers to a unit being c, D = mean Σ_c n_c(n_c − 1) / (K(K − 1)) is the chance that two answers to
the same unit agree. If a judge with two answers flips its own with probability q < ½, D = (1 − q)² + q², so
q = (1 − √(2D − 1)) / 2, and an accuracy measured through that noise is Acc = A(1 − q) + (1 − A)q, so the accuracy
without it is A = (Acc − q) / (1 − 2q). One flip rate and two answers are assumed: a diagnostic only; prefer the
accuracy of the majority of K. (The published q = 1 − D counts both answers' flips and corrects too much.)
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from annotate.stats.intervals import Figure, Floats, figure, mean, quotient, ratio


@dataclass(frozen=True, slots=True)
class Repeats:
    """`n` units were answered twice or more; `once` counts those left out. Accuracies are over those with gold.

    agreement: D. flip_noise: q, None for D ≤ ½. accuracy: the mean over units of the share of right answers. corrected:
    (Acc − q) / (1 − 2q), not cut to 1: more says that the flips are not of one rate. majority: the gold label is the
    unit's only most frequent answer. tied: units without one most frequent answer.
    """

    n: int
    clusters: int
    once: int
    answers: int
    agreement: Figure
    flip_noise: Figure
    accuracy: Figure
    corrected: Figure
    majority: Figure
    tied: int


def repeats(
    answers: Sequence[Sequence[Hashable]],
    cluster: npt.ArrayLike,
    gold: Sequence[Hashable] | None = None,
    seed: int = 0,
) -> Repeats:
    """The figures of units with K ≥ 2 `answers` each, where K may differ; `cluster` names each unit's prompt group.

    `gold` has a label per unit, or None where there is none. Raises ValueError for unequal lengths.
    """
    groups = np.unique(np.asarray(cluster), return_inverse=True)[1]
    truth: Sequence[Hashable] = [None] * len(answers) if gold is None else gold
    if not len(answers) == len(groups) == len(truth):
        raise ValueError("answers, cluster and gold must have one entry per unit")
    kept = [n for n, unit in enumerate(answers) if len(unit) > 1]
    counted = _count([answers[n] for n in kept], [truth[n] for n in kept])
    within, right, majority, known, tied = counted
    groups = groups[kept]
    columns = np.column_stack([within, np.ones(len(within)), right, known])
    agreement = mean(within, groups, seed=seed)
    return Repeats(
        n=len(kept),
        clusters=agreement.clusters,
        once=len(answers) - len(kept),
        answers=sum(len(answers[n]) for n in kept),
        agreement=agreement,
        flip_noise=figure(lambda sums: (1 - _signal(sums)) / 2, columns, groups, (0.0, 0.5), seed),
        accuracy=ratio(right[known], known[known], groups[known], seed=seed),
        corrected=_with_gold(figure(_corrected, columns, groups, None, seed), groups[known]),
        majority=ratio(majority[known], known[known], groups[known], seed=seed),
        tied=int(tied.sum()),
    )


Marks = npt.NDArray[np.bool_]


def _count(answers: list[Sequence[Hashable]], gold: list[Hashable]) -> tuple[Floats, Floats, Marks, Marks, Marks]:
    """Per unit: Σ n_c(n_c − 1) / (K(K − 1)), share right, majority right, whether gold is known, whether tied."""
    code: dict[Hashable, int] = {}
    long = np.array([code.setdefault(label, len(code)) for unit in answers for label in unit], int)
    truth = np.array([-1 if label is None else code.get(label, len(code)) for label in gold], int)
    k = np.array([len(unit) for unit in answers], int)
    units = np.repeat(np.arange(len(k)), k)
    cells, counts = np.unique(units * (len(code) + 1) + long, return_counts=True)
    unit, label = cells // (len(code) + 1), cells % (len(code) + 1)
    within = np.bincount(unit, counts * (counts - 1), len(k)) / (k * (k - 1))
    right = np.bincount(units, long == truth[units], len(k)) / k
    most = np.zeros(len(k), int)
    np.maximum.at(most, unit, counts)
    top = counts == most[unit]
    tied = np.bincount(unit, top, len(k)) > 1
    won = np.bincount(unit, top & (label == truth[unit]), len(k)) > 0
    return within, right, won & ~tied, truth >= 0, tied


def _signal(sums: Floats) -> Floats:
    """1 − 2q = √(2D − 1), NaN for D ≤ ½ to within rounding."""
    doubled = 2 * sums[..., 0] / sums[..., 1] - 1
    return np.sqrt(np.where(doubled > 1e-9, doubled, np.nan))


def _corrected(sums: Floats) -> Floats:
    """(Acc − q) / (1 − 2q) = ½ + (Acc − ½) / (1 − 2q)."""
    return 0.5 + (quotient(sums[..., 2], sums[..., 3]) - 0.5) / _signal(sums)


def _with_gold(found: Figure, groups: npt.NDArray[np.intp]) -> Figure:
    """n and clusters of the units with gold, though q rests on all."""
    return Figure(found.value, found.interval, len(groups), len(np.unique(groups)), found.method)
