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
from annotate.frames.columns import Flags, Ids
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
        return mixed(
            said.view(np.int64), self.one, self.two, decided.value, exact, confidence, self.strength, self.both_bad
        )

    def stored(self, thing: int) -> Thing:
        """A thing as `annotate.consensus.answers` has it."""
        rows = self.order[self.starts[thing] : self.starts[thing + 1]]
        decided = self.decided
        optional: dict[str, Any] = {
            "confidence": number(decided.confidence[thing]),
            "mean": number(decided.exact[thing]),
            "tied": bool(decided.tied[thing]) or None,
            "strength": int(self.strength[thing]) or None,
            "both_bad": bool(self.both_bad[thing]) or None,
        }
        return {
            "of": self._of(thing),
            "said": self._said(rows),
            "n": len(rows),
            "answer": self._answer(thing),
        } | {name: value for name, value in optional.items() if value is not None}

    def _of(self, thing: int) -> list[Any]:
        one = self.ones[int(self.one[thing])]
        if self.votes.asks.scale == "span":
            told = self.twos[int(self.two[thing])]
            return [one, *json.loads(told)] if told else [one]
        return [one, self.twos[int(self.two[thing])]] if self.twos else [one]

    def _said(self, rows: Ids) -> dict[str, float]:
        said: dict[str, float] = {}
        for label, weight in zip(self.votes.label[rows].tolist(), self.votes.weight[rows].tolist(), strict=True):
            name = self.votes.labels[label]
            said[name] = round(said.get(name, 0) + weight, DIGITS)
        return dict(sorted(said.items())) if len(said) <= MOST_SAID else {}

    def _answer(self, thing: int) -> Any:
        value = self.decided.value[thing]
        if np.isnan(value):
            return None
        yields = kind(self.votes.asks.kind).yields
        if PreferenceRow in yields or LabelRow in yields or MarkRow in yields:
            return self.votes.labels[int(np.searchsorted(self.votes.values, value))]
        return int(value) if float(value).is_integer() else round(float(value), 9)


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
    return None if np.isnan(value) else round(float(value), DIGITS)


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
