"""Decided things: which are alike, and how each is stored."""

import json
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from annotate.consensus.answers import Thing
from annotate.consensus.rules import Decided
from annotate.consensus.votes import Votes
from annotate.frames import Frames
from annotate.frames.columns import Flags, Ids, Numbers
from annotate.frames.reading import codes, read
from annotate.kinds import kind
from annotate.kinds.base import LabelRow, MarkRow, PreferenceRow
from annotate.stats.intervals import quotient
from annotate.stats.votes import sums

Hashes = npt.NDArray[np.uint64]
DIGITS = 4
MOST_SAID = 20
"""Of a thing with more different votes (on a slider) only their number is kept."""

KEYS = """
    SELECT c.id, c.key FROM annotate_completion c JOIN annotate_item i ON i.id = c.item_id
    WHERE i.campaign_id = {campaign} ORDER BY c.id
"""
PRIME, SHIFT, START = np.uint64(0x9E3779B97F4A7C15), np.uint64(29), np.uint64(0xBF58476D1CE4E5B9)


@dataclass(frozen=True, slots=True)
class Decisions:
    """All about the things (t,) of a question: their votes, grouped, what was decided, and what they are called.

    `one` and `two` are codes into `ones` and `twos`. `strength` is the mean of the votes for the side of a pair that
    was decided, rounded (0: none); `both_bad` whether all votes for a tie called both bad.
    """

    votes: Votes
    decided: Decided
    one: Ids
    two: Ids
    ones: tuple[str, ...]
    twos: tuple[str, ...]
    strength: Ids
    both_bad: Flags
    order: Ids
    starts: Ids

    def hashes(self) -> Hashes:
        """A number per thing (t,), the same for things with one name, the same votes and one decision."""
        votes, decided = self.votes, self.decided
        per_vote = mixed(votes.label, votes.weight)
        said: Hashes = np.add.reduceat(per_vote[self.order], self.starts[:-1]) if votes.things else per_vote
        exact, confidence = decided.exact.round(DIGITS), decided.confidence.round(DIGITS)
        return mixed(said.view(np.int64), self.answer_hashes().view(np.int64), exact, confidence)

    def answer_hashes(self) -> Hashes:
        """A number per thing (t,), the same for things with one name that were decided alike, whatever the votes."""
        return mixed(self.one, self.two, self.decided.value, self.strength, self.both_bad)

    @property
    def kept(self) -> Flags:
        """Which things (t,) are stretches of text that are marked in the consensus."""
        return np.asarray((self.decided.value == 1) & (self.two > 0))

    def stored(self, chosen: Ids) -> list[Thing]:
        """The chosen things as `annotate.consensus.answers` has them."""
        decided = self.decided
        optional = {
            "confidence": numbers(decided.confidence[chosen]),
            "mean": numbers(decided.exact[chosen]),
            "tied": [tied or None for tied in decided.tied[chosen].tolist()],
            "strength": [strength or None for strength in self.strength[chosen].tolist()],
            "both_bad": [bad or None for bad in self.both_bad[chosen].tolist()],
        }
        kept = {name: values for name, values in optional.items() if any(value is not None for value in values)}
        count = (self.starts[1:] - self.starts[:-1])[chosen].tolist()
        answers, said = self._answers(chosen), self._said(chosen)
        found: list[Thing] = []
        for place, of in enumerate(self._of(chosen)):
            thing = {"of": of, "said": said[place], "n": count[place], "answer": answers[place]}
            found.append(thing | {name: v for name, values in kept.items() if (v := values[place]) is not None})
        return found

    def _of(self, chosen: Ids) -> list[list[Any]]:
        ones, twos = (names[chosen].tolist() for names in (self.one, self.two))
        if self.votes.asks.scale == "span":
            told = [json.loads(text) if text else [] for text in self.twos]
            return [[self.ones[one], *told[two]] for one, two in zip(ones, twos, strict=True)]
        if not self.twos:
            return [[self.ones[one]] for one in ones]
        return [[self.ones[one], self.twos[two]] for one, two in zip(ones, twos, strict=True)]

    def _said(self, chosen: Ids) -> list[dict[str, float]]:
        """The weight of the votes by label, labels in the order of their names; empty of too many."""
        votes, labels = self.votes, len(self.votes.labels)
        place = np.full(votes.things, -1)
        place[chosen] = np.arange(len(chosen))
        rows = np.flatnonzero(place[votes.thing] >= 0)
        names = sorted(votes.labels)
        by_name = {name: at for at, name in enumerate(names)}
        rank = np.array([by_name[label] for label in votes.labels], np.int64)
        cells, cell = np.unique(place[votes.thing[rows]] * labels + rank[votes.label[rows]], return_inverse=True)
        weights = sums(cell, votes.weight[rows], len(cells)).round(DIGITS).tolist()
        said: list[dict[str, float]] = [{} for _ in range(len(chosen))]
        for at, weight in zip(cells.tolist(), weights, strict=True):
            said[at // labels][names[at % labels]] = weight
        return [each if len(each) <= MOST_SAID else {} for each in said]

    def _answers(self, chosen: Ids) -> list[Any]:
        values = self.decided.value[chosen]
        yields = kind(self.votes.asks.kind).yields
        if yields & {PreferenceRow, LabelRow, MarkRow}:
            place = np.searchsorted(self.votes.values, values)
            labels = (*self.votes.labels, None)  # NaN is sorted last
            return [labels[each] for each in place.tolist()]
        return [None if v != v else int(v) if v.is_integer() else round(v, 9) for v in values.tolist()]


def decisions(frames: Frames, votes: Votes, decided: Decided) -> Decisions:
    """The decided things with their names."""
    first = np.unique(votes.thing, return_index=True)[1]
    order = np.argsort(votes.thing, kind="stable")
    starts = np.searchsorted(votes.thing[order], np.arange(votes.things + 1))
    if votes.targets or LabelRow in kind(votes.asks.kind).yields:
        names = votes.one[first], votes.two[first], votes.targets, votes.points
    else:
        key, keys = _keys(frames)
        one = key[frames.completions.at(votes.one[first])]
        if PreferenceRow in kind(votes.asks.kind).yields:
            names = one, key[frames.completions.at(votes.two[first])], keys, keys
        else:
            names = one, np.zeros(len(one), np.int64), keys, ()
    return Decisions(votes, decided, *names, *_of_pairs(votes, decided), order, starts)


def _keys(frames: Frames) -> tuple[Ids, tuple[str, ...]]:
    """The keys of the campaign's completions, in the order of `frames.completions`, as codes into their texts."""
    found = read(KEYS, {"campaign": frames.campaign.pk}, {"id": "int64", "key": "string"})
    key, keys = codes(found, "key")
    return key, keys


def _of_pairs(votes: Votes, decided: Decided) -> tuple[Ids, Flags]:
    with_it = (votes.strength > 0) & (votes.value == decided.value[votes.thing])
    weight = np.where(with_it, votes.weight, 0.0)
    above = sums(votes.thing, weight * votes.strength, votes.things)
    mean = quotient(above, sums(votes.thing, weight, votes.things))
    ties = votes.value == 0
    bad = sums(votes.thing, ties & votes.both_bad, votes.things)
    both_bad = (bad > 0) & (bad == sums(votes.thing, ties, votes.things))
    return np.floor(np.nan_to_num(mean) + 0.5).astype(np.int64), both_bad


def number(value: float) -> float | None:
    """As it is stored: rounded, None for NaN."""
    return None if value != value else round(value, DIGITS)


def numbers(values: Numbers) -> list[float | None]:
    return [number(value) for value in values.tolist()]


def mixed(*columns: npt.NDArray[Any]) -> Hashes:
    """A 64-bit hash of each row of the columns (n,): rows differ in it unless they are equal, but for a chance of about
    n² / 2⁶⁵."""
    hashes = np.full(len(columns[0]), START)
    for column in columns:
        exact = column.astype(np.float64) + 0.0 if column.dtype.kind == "f" else column.astype(np.int64)
        hashes = (hashes ^ exact.view(np.uint64)) * PRIME
        hashes ^= hashes >> SHIFT
        hashes *= START
        hashes ^= hashes >> np.uint64(32)
    return hashes
