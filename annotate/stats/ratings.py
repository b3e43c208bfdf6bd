"""Who said what of which thing, as cells: how often each value was given to each thing.

All coefficients of agreement are sums over pairs of ratings of one thing. Equal ratings make one cell, so a thing costs
as many comparisons as it has different values, however many annotators it had.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from annotate.stats.intervals import Floats

Ids = npt.NDArray[np.int64]
Between = Callable[[Ids, Ids], Floats]


@dataclass(frozen=True, slots=True)
class Ratings:
    """`thing`, `value` and `count` have shape (cells,), sorted by thing: so many annotators gave it that value. Things
    and values are numbered from 0. `cluster` and `weight` have shape (things,): the name of the prompt group, and what
    a rating of the thing counts (a character for its segment's length, a pair for its share of a ranking)."""

    thing: Ids
    value: Ids
    count: Ids
    cluster: npt.NDArray[np.generic]
    weight: Floats

    @property
    def size(self) -> Floats:
        """How many ratings each thing has, shape (things,)."""
        return np.bincount(self.thing, self.count, len(self.cluster)).astype(float)

    def per_thing(self, cells: Floats) -> Floats:
        """Sums over each thing's cells, shape (things,)."""
        return np.bincount(self.thing, cells, len(self.cluster)).astype(float)

    def counts(self, values: int = 0) -> Floats:
        """How often each value was given, weighed, shape (values in use or more,)."""
        return np.bincount(self.value, self.count * self.weight[self.thing], values).astype(float)

    def of_several(self) -> "Ratings":
        """The things with two ratings or more, numbered anew: the others say nothing about agreement."""
        kept = self.size > 1
        cells = kept[self.thing]
        number = np.cumsum(kept) - 1
        return Ratings(
            number[self.thing[cells]], self.value[cells], self.count[cells], self.cluster[kept], self.weight[kept]
        )


def ratings(
    thing: npt.ArrayLike, value: npt.ArrayLike, cluster: npt.ArrayLike, weight: npt.ArrayLike | None = None
) -> Ratings:
    """A row a rating, all of shape (n,): the thing's number, the value's number from 0 on, the thing's prompt group and
    weight (1 by default), which are taken from any row of the thing.

    Raises ValueError for unequal lengths, negative values and weights that are not positive numbers.
    """
    things, values, groups = np.asarray(thing), np.asarray(value), np.asarray(cluster)
    weights = np.ones(len(things)) if weight is None else np.asarray(weight, float)
    if not things.shape == values.shape == groups.shape == weights.shape:
        raise ValueError("thing, value, cluster and weight must have one entry per rating")
    if values.size and (values.dtype.kind not in "iub" or values.min() < 0):
        raise ValueError("values must be numbered from 0 on; leave out what is missing")
    if not (np.isfinite(weights).all() and (weights > 0).all()):
        raise ValueError("weights must be positive numbers")
    _, first, number = np.unique(things, return_index=True, return_inverse=True)
    width = int(values.max(initial=0)) + 1
    cells, count = np.unique(number * width + values, return_counts=True)
    return Ratings(cells // width, cells % width, count.astype(np.int64), groups[first], weights[first])


def pair_sums(held: Ratings, between: Between) -> Floats:
    """Σ `between(v, w)` over each thing's unordered pairs of ratings, shape (things,); `between(v, v)` must be 0."""
    found = np.zeros(len(held.cluster))
    left, step = np.arange(max(len(held.thing) - 1, 0)), 1
    while len(left := left[left + step < len(held.thing)]):
        left = left[held.thing[left] == held.thing[left + step]]
        right = left + step
        apart = between(held.value[left], held.value[right]) * held.count[left] * held.count[right]
        found += np.bincount(held.thing[left], apart, len(found))
        step += 1
    return found
