"""How far apart two answers are: by label, by rank, by amount, by the members of a set, by the order of a pair.

Krippendorff, *Computing Krippendorff's Alpha-Reliability* (2011), squares a difference δ; here a distance is what is
averaged, so δ² where that is the custom. Sets take MASI: Passonneau, *Measuring Agreement on Set-valued Items* (2006).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from annotate.stats.intervals import Floats

Ids = npt.NDArray[np.int64]
MOST_SETS = 3000  # of more, chance is estimated against so many answers that are drawn
BLOCK = 500


class Distance(Protocol):
    """Distances between values that are numbered from 0."""

    def between(self, first: Ids, second: Ids) -> Floats:
        """The distance of each pair, shape (n,)."""

    def from_all(self, counts: Floats) -> Floats:
        """Σ_w counts[w] · distance(v, w) of each value v, shape (values,); the last of `counts` may be left out."""


Metric = Callable[[Floats], Distance]
"""The distance, given how often each value was given."""


class Nominal:
    """0 for the same label, 1 for another."""

    def between(self, first: Ids, second: Ids) -> Floats:
        return np.asarray(first != second, float)

    def from_all(self, counts: Floats) -> Floats:
        return np.asarray(counts.sum() - counts, float)


@dataclass(frozen=True, slots=True)
class Squared:
    """The squared difference of numbers; `numbers[v]` is the number that value v stands for."""

    numbers: Floats

    def between(self, first: Ids, second: Ids) -> Floats:
        return np.asarray((self.numbers[first] - self.numbers[second]) ** 2, float)

    def from_all(self, counts: Floats) -> Floats:
        counts = _padded(counts, len(self.numbers))
        centred = self.numbers - np.average(self.numbers, weights=counts)
        return np.asarray(counts.sum() * centred**2 + counts @ centred**2, float)


@dataclass(frozen=True, slots=True)
class Table:
    """Any distances, as a matrix (values, values) with zeros on its diagonal."""

    matrix: Floats

    def between(self, first: Ids, second: Ids) -> Floats:
        return np.asarray(self.matrix[first, second], float)

    def from_all(self, counts: Floats) -> Floats:
        return np.asarray(self.matrix @ _padded(counts, len(self.matrix)), float)


@dataclass(frozen=True, slots=True)
class Masi:
    """1 − J · M of two sets: J = |both| / |either|; M is 1 for equal sets, ⅔ where one holds the other, ⅓ where they
    overlap, 0 where they share nothing. Two empty sets are equal. `members` is (values, options), true for a member."""

    members: npt.NDArray[np.bool_]

    def between(self, first: Ids, second: Ids) -> Floats:
        sizes = self.members.sum(axis=1)
        both = (self.members[first] & self.members[second]).sum(axis=1)
        return _masi(both, sizes[first], sizes[second])

    def from_all(self, counts: Floats) -> Floats:
        counts = _padded(counts, len(self.members))
        pool, sizes, members = self._pool(counts), self.members.sum(axis=1), self.members.astype(np.float32)
        found = np.zeros(len(counts))
        used = np.flatnonzero(pool)
        for start in range(0, len(counts), BLOCK):
            rows = slice(start, start + BLOCK)
            both = members[rows] @ members[used].T
            found[rows] = _masi(both, sizes[rows, None], sizes[None, used]) @ pool[used]
        return found

    def _pool(self, counts: Floats) -> Floats:
        if np.count_nonzero(counts) <= MOST_SETS:
            return counts
        total = counts.sum()
        drawn = np.random.default_rng(0).multinomial(MOST_SETS, counts / total)
        return np.asarray(drawn * (total / MOST_SETS), float)


def _padded(counts: Floats, values: int) -> Floats:
    """With zeros for the values that nobody gave."""
    return np.pad(counts, (0, values - len(counts)))


def _masi(both: npt.NDArray[np.generic], first: npt.NDArray[np.generic], second: npt.NDArray[np.generic]) -> Floats:
    shared, a, b = np.asarray(both, float), np.asarray(first, float), np.asarray(second, float)
    either = a + b - shared
    inside = shared == np.minimum(a, b)
    whole = np.where((shared == a) & (shared == b), 1.0, np.where(inside, 2 / 3, 1 / 3))
    return np.where(either > 0, 1 - whole * shared / np.maximum(either, 1), 0.0)


def nominal(counts: Floats) -> Distance:
    return Nominal()


def interval(numbers: npt.ArrayLike) -> Metric:
    """Squared differences of the numbers, shape (values,), that the values stand for."""
    held = Squared(np.asarray(numbers, float))
    return lambda counts: held


def ordinal(counts: Floats) -> Distance:
    """The squared number of ratings between two ranks, half of either end's own counted: (mean rank − mean rank)²."""
    return Squared(np.cumsum(counts) - counts / 2)


def sets(members: npt.ArrayLike) -> Metric:
    held = Masi(np.asarray(members, bool))
    return lambda counts: held


def orders(counts: Floats) -> Distance:
    """Of the order of a pair (0: second first, 1: a tie, 2: first first): 1 for the other order, ½ for a tie against
    an order, as Kemeny & Snell (1962) count pairs of two rankings."""
    return Table(np.abs(np.subtract.outer(np.arange(3), np.arange(3))) / 2)


def apart(distance: Distance, values: int) -> Floats:
    """All distances as a matrix (values, values), for what weighs every pair of values."""
    first, second = np.divmod(np.arange(values * values), values)
    return np.asarray(distance.between(first, second), float).reshape(values, values)
