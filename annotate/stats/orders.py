"""What pairwise verdicts taken in both orders tell about a judge (arXiv 2306.05685, 2410.12784).

s1 and s2 are P(first slot) when completion a stands first and when it stands second. Hard verdicts are 1 (the first
slot) and 0; a tie, or an abstention, in one order is ½. Preference for a and slot bias are the half difference and
the half sum of the log-odds: d = ½(logit s1 − logit s2), bias = ½(logit s1 + logit s2).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from annotate.stats.intervals import Figure, Floats, mean, ratio, rows_of, without

FLOOR = 1e-9  # probabilities are kept this far from 0 and 1, so that log-odds stay finite


@dataclass(frozen=True, slots=True)
class Orders:
    """Figures that need no gold, over all pairs.

    flip: the same slot wins in both orders. tied: the share of single verdicts (two a pair) that are ½. first_slot: the
    share of the first slot among the others. slot_bias: the mean, in log-odds, above 0 for the first slot; None where
    all verdicts are hard, as they have no log-odds.
    """

    n: int
    clusters: int
    flip: Figure
    tied: Figure
    first_slot: Figure
    slot_bias: Figure


def orders(s1: npt.ArrayLike, s2: npt.ArrayLike, cluster: npt.ArrayLike, seed: int = 0) -> Orders:
    """The figures of n pairs; s1, s2 and `cluster` (each pair's prompt group) have shape (n,).

    Raises ValueError for unequal lengths and for what is no probability.
    """
    one, two = checked(s1, s2)
    groups = np.unique(np.asarray(cluster), return_inverse=True)[1]
    flips = mean(sides(one) * sides(two) > 0, groups, seed=seed)
    decided = np.abs(sides(one)) + np.abs(sides(two))
    hard = np.isin([one, two], [0, 0.5, 1]).all()
    return Orders(
        n=len(one),
        clusters=flips.clusters,
        flip=flips,
        tied=mean(1 - decided / 2, groups, seed=seed),
        first_slot=ratio((one > 0.5).astype(float) + (two > 0.5), decided, groups, seed=seed),
        slot_bias=without(flips, "hard verdicts") if hard else mean(slot_bias(one, two), groups, None, seed),
    )


def preference(s1: Floats, s2: Floats) -> Floats:
    """d = ½(logit s1 − logit s2): log-odds for completion a, free of a constant liking for a slot."""
    return (logit(s1) - logit(s2)) / 2


def slot_bias(s1: Floats, s2: Floats) -> Floats:
    """½(logit s1 + logit s2), in log-odds."""
    return (logit(s1) + logit(s2)) / 2


def logit(p: npt.ArrayLike) -> Floats:
    """ln(p / (1 − p)), with p kept FLOOR away from 0 and 1."""
    kept = np.clip(np.asarray(p, float), FLOOR, 1 - FLOOR)
    return np.asarray(np.log(kept / (1 - kept)), float)


def sides(s: Floats) -> Floats:
    """+1 where the first slot wins, −1 where the second does, 0 for a tie."""
    return np.sign(s - 0.5)


def checked(s1: npt.ArrayLike, s2: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Both orders as floats of shape (n,); raises ValueError for what is no probability."""
    one, two = rows_of(s1, s2)
    if any(((s < 0) | (s > 1)).any() for s in (one, two)):
        raise ValueError("s1 and s2 are probabilities; an entry is outside 0 to 1")
    return one, two
