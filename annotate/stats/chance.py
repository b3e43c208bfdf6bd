"""Agreement of many annotators: percent, Fleiss' kappa, and Gwet's AC1 and AC2.

Fleiss, *Measuring nominal scale agreement among many raters* (1971); Gwet, *Computing inter-rater reliability and its
variance in the presence of high agreement* (2008) and *Handbook of Inter-Rater Reliability* (4th ed., 2014), whose
treatment of missing ratings is followed: p_a is the mean, over things with two ratings or more, of the share of pairs
of annotators that agree, and π_k the mean, over all things, of the share of its ratings that are k. All are
(p_a − p_e) / (1 − p_e), with p_e = Σ π_k² for kappa and p_e = T / (q(q − 1)) Σ π_k (1 − π_k) for AC, where T sums the
weights of all pairs of the q values that may be given (q for AC1, where only equal values agree).

Kappa calls agreement on a value that nearly everybody gives chance, and falls to 0 or below where nearly all things
are alike (the prevalence paradox); AC does not. Intervals resample prompt groups; chance is taken to first order.
"""

from dataclasses import replace

import numpy as np

from annotate.stats.intervals import DIFFERENCE, NOTHING, Figure, Floats, figure, quotient
from annotate.stats.krippendorff import SAME, SEVERAL
from annotate.stats.ratings import Ratings, pair_sums


def percent(held: Ratings, seed: int = 0) -> Figure:
    """The chance that two annotators of a thing say the same: the mean over things with two ratings or more."""
    several = held.of_several()
    columns = _columns(several, None)
    if columns is None:
        return _none(held)
    return figure(lambda sums: quotient(sums[..., 0], sums[..., 1]), columns, several.cluster, seed=seed)


def fleiss(held: Ratings, seed: int = 0) -> Figure:
    """Fleiss' kappa; None where all ratings are the same."""
    columns = _columns(held, None)
    if columns is None:
        return _none(held)
    apart = _spread(held)

    def statistic(sums: Floats) -> Floats:
        return 1 - quotient(1 - quotient(sums[..., 0], sums[..., 1]), _chance(sums, apart))

    found = _counted(figure(statistic, columns, held.cluster, DIFFERENCE, seed), held)
    return found if found.value is not None else replace(found, method=SAME)


def gwet(held: Ratings, values: int, weights: Floats | None = None, seed: int = 0) -> Figure:
    """AC1; AC2 with `weights`, shape (values, values), 1 for full agreement. `values` counts those that may be given.

    Raises ValueError for fewer than two values, or fewer than were given.
    """
    if values < 2 or values <= held.value.max(initial=0):
        raise ValueError(f"{values} values may be given; there must be two, and all that were given")
    columns = _columns(held, weights)
    if columns is None:
        return _none(held)
    apart, total = _spread(held), float(values if weights is None else weights.sum())
    scale = total / (values * (values - 1))

    def statistic(sums: Floats) -> Floats:
        chance = scale * _chance(sums, apart)
        return quotient(quotient(sums[..., 0], sums[..., 1]) - chance, 1 - chance)

    return _counted(figure(statistic, columns, held.cluster, DIFFERENCE, seed), held)


def _columns(held: Ratings, weights: Floats | None) -> Floats | None:
    """Per thing: its share of agreeing pairs, whether it has any pair, 1, and Σ_k share_k (1 − π_k)."""
    size = held.size
    several = size > 1
    if not several.any():
        return None
    if weights is None:
        apart = pair_sums(held, lambda a, b: (a != b).astype(float))
    else:
        apart = pair_sums(held, lambda a, b: np.asarray(1 - weights[a, b], float))
    agreeing = np.where(several, 1 - apart / np.maximum(size * (size - 1) / 2, 1), 0.0)
    unlike = held.per_thing(held.count * (1 - _shares(held))[held.value]) / size
    columns = np.column_stack([agreeing, several, np.ones(len(size)), unlike])
    return np.asarray(columns * held.weight[:, None], float)


def _shares(held: Ratings) -> Floats:
    """π_k: the mean over things of the share of its ratings that are k."""
    share = held.weight[held.thing] * held.count / held.size[held.thing]
    return np.asarray(np.bincount(held.value, share) / held.weight.sum(), float)


def _spread(held: Ratings) -> float:
    shares = _shares(held)
    return float(shares @ (1 - shares))


def _chance(sums: Floats, apart: float) -> Floats:
    """Σ π_k (1 − π_k) of a resample, to first order: exact at the data, as is its derivative."""
    if apart < 1e-12:
        return np.zeros(sums.shape[:-1])
    return np.asarray((sums[..., 3] / sums[..., 2]) ** 2 / apart, float)


def _counted(found: Figure, held: Ratings) -> Figure:
    return replace(found, n=int(np.count_nonzero(held.size > 1)))


def _none(held: Ratings) -> Figure:
    return Figure(None, None, 0, 0, SEVERAL) if len(held.cluster) else NOTHING
