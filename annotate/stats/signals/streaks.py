"""The same answer (or side) again and again: runs that an annotator's own shares of answers do not explain.

Two signs, each against shuffling his own answers. The share of answers equal to the one before, beyond Σ p_v² (p_v his
share of answer v), finds long runs all along and regular change alike; it is what the runs test of Wald and Wolfowitz
(1940) looks at, for any number of answers. And the longest run finds a stretch of clicking through: a run of L or more
of answer v comes about with probability 1 − exp(−n (1 − p_v) p_v^L), nearly (Schilling 1990), p_v being his share
without that run. Items that lie together are alike, so both are held against a margin, and the first also against what
is usual among the others.

Who always gives the same answer has no runs to tell; his share of that answer, and his agreement, say so.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import stdtr

from annotate.stats.intervals import DIFFERENCE, Figure, Floats, quotient, rows_of
from annotate.stats.linearised import around, compact
from annotate.stats.signals.base import Flags, Ids, Signal
from annotate.stats.signals.cells import cells
from annotate.stats.signals.rest import the_rest
from annotate.stats.votes import numbered_rows, sums

FEWEST = 20
"""Answers below which there is no test."""
MARGIN = 0.1
"""So much oftener (or more rarely) than the others, beyond own shares, the answer before may be given again."""
LIKELIER = 0.15
"""So much likelier than by own shares an answer may be to follow itself, in the test of the longest run."""
STRETCH = 10
"""Answers of a stretch; stretches are what the interval takes for independent."""


@dataclass(frozen=True, slots=True)
class InOrder:
    """The answers (n,) by annotator and time: whose, which (codes from 0), and whether the annotator gave the same
    right before; `n` (count,) answers each."""

    who: Ids
    value: Ids
    same: Flags
    n: Ids
    values: int

    @property
    def count(self) -> int:
        return len(self.n)


def streaks(who: npt.ArrayLike, count: int, at: npt.ArrayLike, value: npt.ArrayLike) -> Signal:
    """The share of answers equal to the one before, beyond own shares; found is who has runs (see above).

    `at` (n,) says when (in any unit; equal times keep the order given), `value` (n,) is what was answered, a number or
    code. Raises ValueError for unequal lengths and NaN.
    """
    of = in_order(who, count, at, value)
    shares = sums(of.who * of.values + of.value, np.ones(len(of.who)), count * of.values).reshape(count, -1)
    shares = shares / np.maximum(of.n, 1)[:, None]
    excess, error, stretches = _excess(of, shares)
    p = np.minimum(1.0, 2 * np.fmin(_of_share(of, shares, excess, error, stretches), _of_longest(of, shares)))
    return Signal(_figures(of, excess, error, stretches), p)


def longest(who: npt.ArrayLike, count: int, at: npt.ArrayLike, value: npt.ArrayLike) -> Ids:
    """The length of each annotator's longest run of one answer, shape (count,); 0 without answers."""
    of = in_order(who, count, at, value)
    found = np.zeros(count, np.int64)
    np.maximum.at(found, of.who, _run_so_far(of.same))
    return found


def in_order(who: npt.ArrayLike, count: int, at: npt.ArrayLike, value: npt.ArrayLike) -> InOrder:
    people, (times, values) = numbered_rows("annotators", who, count), rows_of(at, value)
    if people.shape != times.shape:
        raise ValueError("there must be one annotator, one time and one answer per row")
    different, code = compact(values)
    order = np.lexsort((times, people))
    people, code = people[order], code[order]
    same = np.zeros(len(people), bool)
    same[1:] = (people[1:] == people[:-1]) & (code[1:] == code[:-1])
    n = np.bincount(people, minlength=count).astype(np.int64)
    return InOrder(people, code, same, n, max(1, len(different)))


def _excess(of: InOrder, shares: Floats) -> tuple[Floats, Floats, Ids]:
    """The share of answers equal to the one before minus Σ p_v² of the n (n − 1) ordered pairs, its standard error
    over stretches of 10 answers, and their number, each (count,)."""
    n = of.n.astype(float)
    again = quotient(sums(of.who, of.same, of.count), n - 1)
    expected = quotient(n * np.sum(shares**2, axis=1) - 1, n - 1)
    twice = 2 * (shares[of.who, of.value] - np.sum(shares**2, axis=1)[of.who])
    slope = (of.same - np.nan_to_num(again)[of.who] - twice) / np.maximum(n, 1)[of.who]
    start = np.cumsum(of.n) - of.n
    stretch = cells(of.who, of.count, (np.arange(len(of.who)) - start[of.who]) // STRETCH)
    return again - expected, stretch.errors(stretch.by_cell(slope)), stretch.k


def _figures(of: InOrder, excess: Floats, error: Floats, stretches: Ids) -> tuple[Figure, ...]:
    return tuple(
        Figure(float(value), around(float(value), float(e), int(k), DIFFERENCE), int(n), int(k), "stretches of 10, t")
        if np.isfinite(value) and k > 1
        else Figure(None, None, int(n), int(k), "too few answers" if n else "no data")
        for value, e, n, k in zip(excess, error, of.n, stretches, strict=True)
    )


def _of_share(of: InOrder, shares: Floats, excess: Floats, error: Floats, stretches: Ids) -> Floats:
    """The p-values of the share of equal neighbours, shape (count,). The error is at least that of shuffled answers,
    whose variance is nearly (Σ p_v² − 2 Σ p_v³ + (Σ p_v²)²) / n (Barton and David 1957)."""
    two, three = np.sum(shares**2, axis=1), np.sum(shares**3, axis=1)
    shuffled = np.sqrt(np.maximum(two - 2 * three + two**2, 0) / np.maximum(of.n, 1))
    wide = np.maximum(error, shuffled)
    tested = _tested(of, shares)
    freedom = np.maximum(stretches - 1, 1).astype(float)
    weight = np.where(tested, of.n, 0).astype(float)

    def against(left: Flags) -> Floats:
        kept = weight * left
        each = np.where(kept > 0, excess, 0.0) * kept
        usual = np.nan_to_num(quotient(each.sum() - each, kept.sum() - kept))
        beyond = np.abs(excess - usual) - MARGIN
        p = 2 * stdtr(freedom, -quotient(beyond, wide))
        return np.asarray(np.where(tested, np.minimum(p, 1.0), np.nan), float)

    return against(the_rest(against, of.count).left)


def _of_longest(of: InOrder, shares: Floats) -> Floats:
    """The p-values of the longest run, shape (count,): of each answer's, times the number of his different answers."""
    run = np.zeros((of.count, of.values), np.int64)
    np.maximum.at(run, (of.who, of.value), _run_so_far(of.same))
    n = of.n[:, None]
    stay = np.minimum((shares * n - run) / np.maximum(n - run, 1) + LIKELIER, 1.0)
    reached = -np.expm1(-n * (1 - stay) * stay**run)
    reached = np.where((shares > 0) & (stay < 1), reached, 1.0)
    p = np.min(reached, axis=1, initial=1.0) * np.sum(shares > 0, axis=1)
    return np.where(_tested(of, shares), np.minimum(p, 1.0), np.nan)


def _tested(of: InOrder, shares: Floats) -> Flags:
    return np.asarray((of.n >= FEWEST) & (np.max(shares, axis=1, initial=0.0) < 1), bool)


def _run_so_far(same: Flags) -> Ids:
    """How long the run is that each answer, (n,), is the last of so far."""
    place = np.arange(len(same))
    begin = np.maximum.accumulate(np.where(same, 0, place)) if len(same) else place
    return place - begin + 1
