"""Votes about things, counted: the strictly most frequent label of each, and the mean of each.

Votes are rows: `thing` (n,) numbers things from 0, `label` (n,) numbers labels from 0, `weight` (n,) is what a vote
weighs. What has no answer (no votes, or a tie) is label −1, or NaN.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from annotate.stats.intervals import quotient, rows_of

Ids = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

NONE = -1
EQUAL = 1e-9


@dataclass(frozen=True, slots=True)
class Most:
    """Per thing (t,): the `label` with strictly most of the weight (−1 where several tie), the `share` of the weight
    that the most frequent label has (NaN without votes), and whether labels `tied` for it."""

    label: Ids
    share: Floats
    tied: npt.NDArray[np.bool_]


def numbered_rows(of: str, values: npt.ArrayLike, count: int) -> Ids:
    """`values` as whole numbers from 0 to `count` − 1, shape (n,). Raises ValueError for others."""
    (given,) = rows_of(np.asarray(values))
    found = given.astype(np.int64)
    if (found != given).any() or found.min(initial=0) < 0 or found.max(initial=-1) >= count:
        raise ValueError(f"{of} must be whole numbers from 0 to {count - 1}")
    return found


def weights_of(weight: npt.ArrayLike | None, n: int) -> Floats:
    """What each of n votes weighs, 1 by default. Raises ValueError for what is not above 0."""
    if weight is None:
        return np.ones(n)
    (found,) = rows_of(weight)
    if len(found) != n or (found <= 0).any():
        raise ValueError("there must be a weight above 0 per vote")
    return found


def sums(index: Ids, values: npt.ArrayLike, count: int) -> Floats:
    """The sum of `values` (n,) for each number of `index` (n,), shape (count,)."""
    return np.asarray(np.bincount(index, np.asarray(values, float), count), float)


def tally(
    thing: npt.ArrayLike, label: npt.ArrayLike, things: int, labels: int, weight: npt.ArrayLike | None = None
) -> Floats:
    """The weight of the votes for each label, shape (things, labels). Raises ValueError for numbers out of range."""
    things_, labels_ = numbered_rows("things", thing, things), numbered_rows("labels", label, labels)
    if len(things_) != len(labels_):
        raise ValueError("there must be one label per vote")
    weights = weights_of(weight, len(things_))
    return sums(things_ * labels + labels_, weights, things * labels).reshape(things, labels)


def most(counts: npt.ArrayLike) -> Most:
    """What most of the weight of `counts`, shape (t, labels), is for. Raises ValueError for a negative or NaN."""
    counts = np.asarray(counts, float)
    if counts.ndim != 2 or not np.isfinite(counts).all() or (counts < 0).any():
        raise ValueError("counts must have shape (things, labels) and be numbers from 0")
    if not counts.size:
        empty = np.zeros(len(counts))
        return Most(np.full(len(counts), NONE), empty * np.nan, empty.astype(bool))
    top, total = counts.max(axis=1), counts.sum(axis=1)
    tied = ((counts > top[:, None] - EQUAL).sum(axis=1) > 1) & (total > 0)
    label = np.where(tied | (total == 0), NONE, counts.argmax(axis=1)).astype(np.int64)
    return Most(label, quotient(top, total), tied)


def means(
    thing: npt.ArrayLike, value: npt.ArrayLike, things: int, weight: npt.ArrayLike | None = None
) -> tuple[Floats, Floats]:
    """The weighted mean of each thing's values and its standard error, both (things,).

    The error is s/√n with the standard deviation s within things, pooled over all of them (so that two votes that
    happen to be equal do not claim certainty), and Kish's effective n, (Σw)²/Σw². Both are NaN for a thing without
    votes; the error is NaN for all where no thing has two votes.
    """
    values, of = rows_of(value, np.asarray(thing))
    place = numbered_rows("things", of, things)
    weights = weights_of(weight, len(values))
    total = sums(place, weights, things)
    mean = quotient(sums(place, weights * values, things), total)
    n = sums(place, np.ones(len(place)), things)
    freedom = int((n - (n > 0)).sum())
    if not freedom:
        return mean, np.full(things, np.nan)
    plain = quotient(sums(place, values, things), n)
    spread = float(((values - plain[place]) ** 2).sum()) / freedom
    effective = quotient(total**2, sums(place, weights**2, things))
    return mean, np.sqrt(quotient(np.full(things, spread), effective))
