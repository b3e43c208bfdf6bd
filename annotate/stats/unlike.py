"""Who differs from the rest in a share (of consistent pairs, say): a test for each annotator, robust to clusters.

The rest is the median of the others' shares, weighed by their answers, so that one odd annotator makes nobody else
look odd. For annotator j and cluster c, e_jc = successes − (rest's share) · answers. Were j like the rest, Σ_c e_jc
would have mean 0. The rest's share is uncertain too: with o_jc the others' successes beyond their own shares, and N_j
and N answers of j and of the others, d_jc = e_jc − (N_j / N) o_jc. So T = Σ_c e_jc / √(k/(k − 1) Σ_c d_jc²) is held
against Student's t with k − 1 degrees of freedom, k being j's clusters: a score test with the variance of Liang and
Zeger (1986), which also holds at 0 % and 100 %. (A median is less certain than the mean whose error is taken for it,
by half at most, where many others make that part of the error small.)
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
    share = quotient(wins, n)
    excess = won - np.nan_to_num(rest)[owner] * asked
    squares = _squares(excess, won - share[owner] * asked, owner, cells % max(1, width), n)
    p = _p_values(np.bincount(owner, excess, count), squares, k, rest)
    return Unlike(names.astype(np.int64), n.astype(np.int64), share, rest, p)


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


def _squares(
    excess: Floats, beyond: Floats, owner: npt.NDArray[np.int64], group: npt.NDArray[np.int64], n: Floats
) -> Floats:
    """Σ_c d_jc² of each annotator, from cells (annotator and cluster): `beyond` are the successes beyond the
    annotator's own share. In clusters without answers of his, d_jc is −(N_j / N) times the sum of all."""
    everybody = np.bincount(group, beyond)
    part = n / np.maximum(n.sum() - n, 1)
    others = part[owner] * (everybody[group] - beyond)
    own = (excess - others) ** 2 - (part[owner] * everybody[group]) ** 2
    return np.asarray(np.bincount(owner, own, len(n)) + part**2 * np.sum(everybody**2), float)


def _p_values(total: npt.ArrayLike, squares: Floats, k: npt.NDArray[np.intp], rest: Floats) -> Floats:
    spread = np.sqrt(np.maximum(squares, 0) * k / np.maximum(k - 1, 1))
    known = (k > 1) & np.isfinite(rest)
    statistic = np.abs(np.divide(total, spread, out=np.zeros(len(k)), where=known & (spread > 1e-12)))
    return np.asarray(np.where(known, 2 * student_t.sf(statistic, np.maximum(k - 1, 1)), 1.0), float)
