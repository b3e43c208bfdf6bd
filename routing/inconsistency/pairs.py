"""Pairs of completions that were both rated and ranked, on two bases that are never pooled.

`same_annotator` holds one annotator's ratings against the same annotator's ranking; `consensus` the mean rating
against the majority ranking of pairs on which more than one annotator worked.
"""

from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from annotate.frames import Preferences, Scores
from annotate.frames.columns import Flags, Ids, Numbers
from annotate.frames.frames import Completions

EQUAL_MEANS = 1e-9
NOBODY = 0


@dataclass(frozen=True, slots=True)
class Pairs:
    """Rows (n,), a pair of completions each, with the first in the item's order as `a`; `a` and `b` are places in the
    campaign's completions. `gap` is the rating of a minus that of b, `ranked` +1 for a, 0 a tie, −1 for b.

    `first` is the side shown first in the ranking (+1 a, −1 b; 0 where several annotators saw either order),
    `seconds` the time between the annotator's ranking and his later rating (NaN for several annotators).
    """

    a: Ids
    b: Ids
    group: Ids
    gap: Numbers
    ranked: Ids
    annotator: Ids
    judge: Flags
    first: Ids
    seconds: Numbers
    annotation: Ids

    def __len__(self) -> int:
        return len(self.a)

    def where(self, chosen: Flags) -> "Pairs":
        return Pairs(**{each.name: getattr(self, each.name)[chosen] for each in fields(self)})

    @property
    def rated(self) -> Ids:
        """The ratings' side: +1 a, 0 equal, −1 b."""
        return np.where(np.abs(self.gap) < EQUAL_MEANS, 0, np.sign(self.gap)).astype(np.int64)

    @property
    def same(self) -> Numbers:
        """1 where ratings and ranking say the same, else 0."""
        return np.asarray(self.rated == self.ranked, float)


def by_same_annotator(scores: Scores, preferences: Preferences, completions: Completions) -> Pairs:
    """A row for each ranking of a pair of which the same annotator rated both; several ratings are averaged."""
    width = len(completions.id)
    keys, inverse = np.unique(scores.annotator * width + completions.at(scores.completion), return_inverse=True)
    value = np.bincount(inverse, scores.value, len(keys)) / np.maximum(np.bincount(inverse, minlength=len(keys)), 1)
    last = np.full(len(keys), -np.inf)
    np.maximum.at(last, inverse, scores.at)
    a, b = completions.at(preferences.a), completions.at(preferences.b)
    one, has_one = _places(keys, preferences.annotator * width + a)
    two, has_two = _places(keys, preferences.annotator * width + b)
    both = has_one & has_two
    one, two, rows = one[both], two[both], preferences.where(both)
    return Pairs(
        a=a[both],
        b=b[both],
        group=rows.group,
        gap=value[one] - value[two],
        ranked=rows.sign,
        annotator=rows.annotator,
        judge=rows.judge,
        first=np.where(rows.a_first, 1, -1),
        seconds=np.abs(rows.at - np.maximum(last[one], last[two])),
        annotation=rows.annotation,
    )


def by_consensus(scores: Scores, preferences: Preferences, completions: Completions) -> Pairs:
    """A row for each pair on which more than one annotator worked: mean ratings, and the side with the most votes; a
    ranking without one such side is equal."""
    width = len(completions.id)
    of = completions.at(scores.completion)
    count = np.bincount(of, minlength=width)
    mean = np.divide(np.bincount(of, scores.value, width), count, out=np.zeros(width), where=count > 0)
    low, high = _extremes(of, scores.annotator, width)
    votes = votes_of(preferences, completions)
    both = (count[votes.a] > 0) & (count[votes.b] > 0)
    lowest = np.minimum(votes.low, np.minimum(low[votes.a], low[votes.b]))
    highest = np.maximum(votes.high, np.maximum(high[votes.a], high[votes.b]))
    kept = both & (highest > lowest)
    a, b, n = votes.a[kept], votes.b[kept], int(kept.sum())
    return Pairs(
        a=a,
        b=b,
        group=votes.group[kept],
        gap=mean[a] - mean[b],
        ranked=votes.majority[kept],
        annotator=np.full(n, NOBODY),
        judge=np.zeros(n, np.bool_),
        first=np.zeros(n, np.int64),
        seconds=np.full(n, np.nan),
        annotation=np.zeros(n, np.int64),
    )


@dataclass(frozen=True, slots=True)
class Votes:
    """The rankings of each pair (n,): how many for a, for neither, for b, and the first unit that asked."""

    a: Ids
    b: Ids
    group: Ids
    unit: Ids
    plus: Ids
    zero: Ids
    minus: Ids
    low: Ids
    high: Ids

    @property
    def majority(self) -> Ids:
        """The side that has more votes than either other; 0 where none has."""
        plus = self.plus > np.maximum(self.zero, self.minus)
        minus = self.minus > np.maximum(self.zero, self.plus)
        return plus.astype(np.int64) - minus.astype(np.int64)


def votes_of(rows: Preferences, completions: Completions) -> Votes:
    """The votes by pair, whatever unit asked for them."""
    width = max(1, len(completions.id))
    keys, start, inverse = np.unique(
        completions.at(rows.a) * width + completions.at(rows.b), return_index=True, return_inverse=True
    )
    plus, zero, minus = (np.bincount(inverse, rows.sign == sign, len(keys)).astype(np.int64) for sign in (1, 0, -1))
    low, high = _extremes(inverse, rows.annotator, len(keys))
    return Votes(keys // width, keys % width, rows.group[start], rows.unit[start], plus, zero, minus, low, high)


def _extremes(of: Ids, values: Ids, count: int) -> tuple[Ids, Ids]:
    """The lowest and highest value of each of `count` things."""
    low, high = np.full(count, np.iinfo(np.int64).max), np.full(count, -1)
    np.minimum.at(low, of, values)
    np.maximum.at(high, of, values)
    return low, high


def _places(keys: Ids, wanted: Ids) -> tuple[Ids, npt.NDArray[np.bool_]]:
    """Where each wanted key is in the sorted `keys`, and whether it is there."""
    if not len(keys):
        return np.zeros(len(wanted), np.int64), np.zeros(len(wanted), np.bool_)
    place = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1).astype(np.int64)
    return place, keys[place] == wanted
