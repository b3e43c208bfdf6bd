"""Does an annotator give another's answers, more than two who agree with the rest as they do would agree?

With one factor behind all answers, and chance out, agreement is a product of what two annotators have of it: for j, k
and any third annotators t, u it holds that κ_jk κ_tu = κ_jt κ_ku (the vanishing tetrads of Spearman, 1904). So from the
agreement of either with the others, R_j and R_k, and of the others with each other, R, two who work by themselves
should agree to R_j R_k / R: often where both are good, seldom where both are careless. Whoever copies agrees with his
source beyond that. Chance is Σ_l q(l)² with the shares q of all answers.

The excess over that expectation is jackknifed over up to 40 blocks of clusters, its error being at least the binomial
one of (same + 1) / (both + 2), and held against Student's t; of all partners the smallest p-value counts, times
their number.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import stdtr

from annotate.stats.intervals import SHARE, Figure, Floats, quotient, rows_of
from annotate.stats.linearised import compact
from annotate.stats.signals.base import RATE, Flags, Ids, Signal
from annotate.stats.signals.cells import FEWEST_CLUSTERS, cells, figures
from annotate.stats.signals.pairs import Pairs, Rows, rows_by_annotator, shared_answers
from annotate.stats.signals.rest import the_rest
from annotate.stats.votes import numbered_rows

MARGIN = 0.05
FEWEST_SHARED = 20
NOBODY = -1
AT_ONCE = 500_000


@dataclass(frozen=True, slots=True)
class Copies:
    """`signal`: the share of the answers about things shared with the partner that are the same as his; `of` (count,)
    is that partner, the one whose agreement is most beyond what is expected, −1 where nobody shares 20 things."""

    signal: Signal
    of: Ids


def copies(
    who: npt.ArrayLike,
    count: int,
    thing: npt.ArrayLike,
    value: npt.ArrayLike,
    at: npt.ArrayLike,
    cluster: npt.ArrayLike,
) -> Copies:
    """The signal of n answers: `value` (n,) is the answer about `thing` (n,), a code or a number, given at the time
    `at` (n,), NaN where unknown. Of two who agree too much the one is flagged who answered later on more of the things
    they share, and both where neither did. Raises ValueError for unequal lengths."""
    values, owner = rows_of(value)[0], numbered_rows("annotators", who, count)
    times, groups = np.asarray(at, float), np.asarray(cluster)
    things, labels = compact(np.asarray(thing))[1], compact(values)[1]
    if not things.shape == labels.shape == owner.shape == times.shape == groups.shape:
        raise ValueError("there must be one annotator, one thing, one value, one time and one cluster per row")
    shared, rows = shared_answers(owner, count, things, labels, groups), rows_by_annotator(owner, count, things)

    def test(left: Flags) -> tuple[Floats, Ids]:
        return _smallest(_of_the_later(_pair_p(shared, left), rows, times))

    p, of = test(the_rest(lambda left: test(left)[0], count).left)
    return Copies(Signal(_figures(of, rows, labels, groups), p), of)


def _pair_p(shared: Pairs, left: Flags) -> Floats:
    """The one-sided p-values (count, count) that a pair agrees as expected, those `left` in the rest telling what is
    expected; NaN where no test can be made."""
    blocks = len(shared.same)
    same, both = shared.same.sum(axis=0, dtype=float), shared.both.sum(axis=0, dtype=float)
    excess, expected = _excess(same, both, shared.chance, left)
    squares, total, step = np.zeros(same.shape), np.zeros(same.shape), max(1, AT_ONCE // max(1, same.size))
    for start in range(0, blocks, step):
        some = slice(start, start + step)
        without = _excess(same - shared.same[some], both - shared.both[some], shared.chance, left)[0]
        squares += (without**2).sum(axis=0)
        total += without.sum(axis=0)
    jackknife = (blocks - 1) / blocks * np.maximum(squares - total**2 / blocks, 0)
    edge = np.minimum(expected + MARGIN, 1.0)
    likely = (same + 1) / (both + 2)
    error = np.sqrt(np.maximum(jackknife, quotient(likely * (1 - likely), both)))
    known = (both >= FEWEST_SHARED) & np.isfinite(excess) & np.isfinite(error) & (shared.clusters >= FEWEST_CLUSTERS)
    beyond = np.where(known, excess - MARGIN, 0.0)
    statistic = np.divide(beyond, error, out=np.full(same.shape, -np.inf), where=known & (error > 1e-9) & (edge < 1))
    return np.where(known, stdtr(max(1, blocks - 1), -statistic), np.nan)


def _excess(same: Floats, both: Floats, chance: float, left: Flags) -> tuple[Floats, Floats]:
    """Of each pair the share of the same answers beyond the expected one, and the expected one, (..., count, count)."""
    beyond, room = same - chance * both, (1 - chance) * both
    third = left.astype(float)
    with_thirds = np.maximum(quotient(_to_thirds(beyond, third), _to_thirds(room, third)), 0)
    among = quotient(_among_thirds(beyond, third), _among_thirds(room, third))
    kappa = np.minimum(quotient(with_thirds * with_thirds.swapaxes(-1, -2), among), 1)
    expected = chance + (1 - chance) * kappa
    return quotient(same, both) - expected, expected


def _to_thirds(of: Floats, third: Floats) -> Floats:
    """Of each pair (j, k) the sum over third annotators t of `of` (j, t), without k."""
    return np.asarray((of @ third)[..., None] - of * third, float)


def _among_thirds(of: Floats, third: Floats) -> Floats:
    """Of each pair (j, k) the sum of `of` over ordered pairs of thirds without j and k."""
    own = third * (of @ third)
    total = own.sum(axis=-1)[..., None, None]
    return np.asarray(total - 2 * (own[..., :, None] + own[..., None, :]) + 2 * of * np.outer(third, third), float)


def _of_the_later(p: Floats, rows: Rows, at: Floats) -> Floats:
    """The p-values of each (j, k) as those of "j copies k": 1 where j mostly answered before k."""
    found = p.copy()
    partners = np.isfinite(p).sum(axis=1)
    fewer = np.minimum(partners[:, None], partners[None, :])
    for j, k in np.argwhere(np.triu(np.nan_to_num(p, nan=1.0) * fewer <= RATE, 1) & np.isfinite(p)):
        one, two = rows.shared(j, k)
        after = at[one] - at[two]
        lead = np.count_nonzero(after > 0) - np.count_nonzero(after < 0)
        if lead:
            found[(j, k) if lead < 0 else (k, j)] = 1.0
    return found


def _smallest(p: Floats) -> tuple[Floats, Ids]:
    """Of each annotator the smallest p-value times the number of his partners, at most 1, and that partner."""
    count, tested = len(p), np.isfinite(p)
    if not count:
        return np.zeros(0), np.zeros(0, np.int64)
    partner = np.where(tested, p, np.inf).argmin(axis=1)
    smallest = np.minimum(p[np.arange(count), partner] * tested.sum(axis=1), 1.0)
    return smallest, np.where(tested.any(axis=1), partner, NOBODY).astype(np.int64)


def _figures(of: Ids, rows: Rows, label: Ids, groups: npt.NDArray[Any]) -> tuple[Figure, ...]:
    empty = np.zeros(0, np.int64)
    shared = [rows.shared(j, int(k)) if k != NOBODY else (empty, empty) for j, k in enumerate(of)]
    one, two = (np.concatenate([empty, *(pair[side] for pair in shared)]) for side in (0, 1))
    who = np.repeat(np.arange(len(of)), [len(pair[0]) for pair in shared])
    found = cells(who, len(of), groups[one])
    return figures(
        found, found.by_cell((label[one] == label[two]).astype(float)), found.by_cell(np.ones(len(one))), SHARE
    )
