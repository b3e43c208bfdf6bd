"""Who differs from the rest in a share (of consistent pairs, say): a test for each annotator, robust to clusters.

The rest is the median of the others' shares, weighed by their answers, so that one odd annotator makes nobody else
look odd. For annotator j and cluster c, e_jc = successes − (rest's share) · answers. Were j like the rest, Σ_c e_jc
would have mean 0 and variance Σ_c e_jc², so T = Σ_c e_jc / √(k/(k − 1) Σ_c e_jc²) is held against Student's t with
k − 1 degrees of freedom: a score test with the variance of Liang and Zeger (1986), which also holds at 0 % and 100 %.
The rest's share is taken for known, so the test suits annotators with a small part of all answers.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.stats import t as student_t

from annotate.stats.intervals import Floats, quotient, rows_of


@dataclass(frozen=True, slots=True)
class Unlike:
    """Columns of shape (annotators,): `who` in ascending order, answers `n`, their `share`, that of the `rest` (NaN
    where there is nobody else) and the two-sided p-value, 1 where nothing can be told."""

    who: npt.NDArray[np.int64]
    n: npt.NDArray[np.int64]
    share: Floats
    rest: Floats
    p: Floats


def unlike_the_rest(values: npt.ArrayLike, who: npt.ArrayLike, cluster: npt.ArrayLike) -> Unlike:
    """The tests of n answers: `values` (0 to 1), `who` gave each (ids) and its prompt group `cluster`, shape (n,).

    Raises ValueError for unequal lengths."""
    rows, people = rows_of(values)[0], np.asarray(who)
    groups = np.asarray(cluster)
    if not rows.shape == people.shape == groups.shape:
        raise ValueError("there must be one annotator and one cluster per value")
    names, person = np.unique(people, return_inverse=True)
    group = np.unique(groups, return_inverse=True)[1]
    width = int(group.max(initial=-1)) + 1
    cells, cell = np.unique(person * width + group, return_inverse=True)
    owner = cells // max(1, width)
    won, asked = np.bincount(cell, rows, len(cells)), np.bincount(cell, minlength=len(cells)).astype(float)
    count = len(names)
    wins: Floats = np.bincount(owner, won, count).astype(float)
    n: Floats = np.bincount(owner, asked, count).astype(float)
    k = np.bincount(owner, minlength=count)
    rest = _medians_of_others(quotient(wins, n), n)
    excess = won - np.nan_to_num(rest)[owner] * asked
    return Unlike(
        names.astype(np.int64), n.astype(np.int64), quotient(wins, n), rest, _p_values(excess, owner, k, rest)
    )


def _medians_of_others(share: Floats, weight: Floats) -> Floats:
    """For each annotator the weighted median of the others' shares; NaN where there is nobody else."""
    order = np.argsort(share, kind="stable")
    values, found = share[order], np.full(len(share), np.nan)
    for place, own in enumerate(order):
        others = np.where(np.arange(len(order)) == place, 0.0, weight[order])
        below = np.cumsum(others)
        if len(below) and below[-1] > 0:
            half = below[-1] / 2
            low, high = np.searchsorted(below, half * (1 - 1e-12)), np.searchsorted(below, half * (1 + 1e-12))
            found[own] = (values[low] + values[high]) / 2
    return found


def _p_values(excess: Floats, owner: npt.NDArray[np.int64], k: npt.NDArray[np.intp], rest: Floats) -> Floats:
    spread = np.sqrt(np.bincount(owner, excess**2, len(k)) * k / np.maximum(k - 1, 1))
    total = np.bincount(owner, excess, len(k))
    known = (k > 1) & np.isfinite(rest)
    statistic = np.abs(np.divide(total, spread, out=np.zeros(len(k)), where=known & (spread > 1e-12)))
    return np.asarray(np.where(known, 2 * student_t.sf(statistic, np.maximum(k - 1, 1)), 1.0), float)
