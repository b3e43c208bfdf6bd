"""The comparisons of models in a question's answers: preferences, or the signs of differences of scores."""

from dataclasses import dataclass, fields, replace
from typing import Literal

import numpy as np

from annotate.frames import Asks, Columns, Frames, Preferences, Scores
from annotate.frames.columns import Flags, Ids, Numbers
from annotate.kinds import kind
from annotate.kinds.base import PreferenceRow, ScoreRow
from annotate.stats.games import Games, games

MOST_MODELS = 50
EQUAL_MEANS = 1e-9
MOST_PAIRS = 2_000_000
"""Pairs of scores; of more, a random part of annotators' items is taken."""
Basis = Literal["comparison", "score"]


@dataclass(frozen=True, slots=True)
class Compared:
    """n comparisons of two models: `rows` as preferences, `first` and `second` as codes into `models`, `longer` the
    characters of a's answer less those of b's, `weight` what the annotator weighs.

    `left_out` counts the answers that compare no two models, by reason.
    """

    basis: Basis
    rows: Preferences
    models: tuple[str, ...]
    first: Ids
    second: Ids
    longer: Numbers
    weight: Numbers
    left_out: dict[str, int]

    def __len__(self) -> int:
        return len(self.first)

    def where(self, chosen: Flags) -> "Compared":
        if chosen.all():
            return self
        return replace(
            self,
            rows=self.rows.where(chosen),
            first=self.first[chosen],
            second=self.second[chosen],
            longer=self.longer[chosen],
            weight=self.weight[chosen],
        )

    def games(self) -> Games:
        return games(self.first, self.second, self.rows.sign, self.rows.group, len(self.models), self.weight)


def basis_of(asks: Asks) -> Basis | None:
    """Whether answers to a question compare completions, score them, or neither."""
    yields = kind(asks.kind).yields
    return "comparison" if PreferenceRow in yields else "score" if ScoreRow in yields else None


def compared(frames: Frames, asks: Asks) -> Compared | None:
    """The comparisons of models by first answers (round 0); None for a question that yields none."""
    basis = basis_of(asks)
    if basis is None:
        return None
    if basis == "comparison":
        found = frames.preferences(asks.name)
        rows = found if not found.round.any() else found.where(found.round == 0)
        later = len(found) - len(rows)
    else:
        rows, later = scored_pairs(frames.scores(asks.name)), 0
    of = frames.completions
    a, b = of.at(rows.a), of.at(rows.b)
    known = np.array([bool(name) for name in of.models], bool)
    named = known[of.model[a]] & known[of.model[b]]
    differ = of.model[a] != of.model[b]
    codes, chosen = _most_played(of.model[a], of.model[b], named & differ, len(of.models))
    out = {
        "later_rounds": later,
        "no_model": int((~named).sum()),
        "same_model": int((named & ~differ).sum()),
        "other_models": int((named & differ & ~chosen).sum()),
    }
    kept = rows if chosen.all() else rows.where(chosen)
    place = np.zeros(len(of.models), np.int64)
    place[codes] = np.arange(len(codes))
    a, b = a[chosen], b[chosen]
    longer = (of.characters[a] - of.characters[b]).astype(float)
    models = tuple(of.models[code] for code in codes)
    return Compared(
        basis, kept, models, place[of.model[a]], place[of.model[b]], longer, _weights(frames, kept.annotator), out
    )


def _most_played(first: Ids, second: Ids, counted: Flags, models: int) -> tuple[list[int], Flags]:
    """The models with most games, in the order of their names, and which rows are between them."""
    often = np.bincount(first[counted], minlength=models) + np.bincount(second[counted], minlength=models)
    order = np.argsort(-often, kind="stable")[:MOST_MODELS]
    codes = sorted(int(code) for code in order if often[code])
    inside = np.zeros(models, bool)
    inside[codes] = True
    return codes, counted & inside[first] & inside[second]


def _weights(frames: Frames, annotator: Ids) -> Numbers:
    ids, place = np.unique(annotator, return_inverse=True)
    weights = [frames.annotators[int(each)].weight if int(each) in frames.annotators else 1.0 for each in ids]
    return np.asarray(weights, float)[place]


def scored_pairs(found: Scores) -> Preferences:
    """Pairs of completions of an item that one annotator scored, both in round 0: the higher score is preferred. A
    completion that he scored several times (in several pairs, say) has the mean."""
    rows, values = _once(found if not found.round.any() else found.where(found.round == 0))
    one, two = _within(rows.annotator, rows.item)
    gap = values[one] - values[two]
    common = {each.name: getattr(rows, each.name)[one] for each in fields(Columns)}
    n = len(one)
    return Preferences(
        **common,
        a=rows.completion[one],
        b=rows.completion[two],
        sign=np.where(np.abs(gap) < EQUAL_MEANS, 0, np.sign(gap)).astype(np.int64),
        strength=np.zeros(n, np.int64),
        probability=np.full(n, np.nan),
        both_bad=np.zeros(n, bool),
        a_first=rows.position[one] < rows.position[two],
    )


def _once(rows: Scores) -> tuple[Scores, Numbers]:
    """A row for each annotator and completion, sorted by annotator, item and completion, and the mean value."""
    rows = rows.where(np.lexsort((rows.completion, rows.item, rows.annotator)))
    new = np.ones(len(rows), bool)
    new[1:] = (rows.completion[1:] != rows.completion[:-1]) | (rows.annotator[1:] != rows.annotator[:-1])
    if new.all():
        return rows, rows.value
    place = np.cumsum(new) - 1
    return rows.where(new), np.asarray(np.bincount(place, rows.value) / np.bincount(place), float)


def _within(*keys: Ids) -> tuple[Ids, Ids]:
    """All pairs of places with equal keys, which are sorted: shape (pairs,) twice."""
    n = len(keys[0])
    new = np.ones(n, bool)
    new[1:] = np.any([key[1:] != key[:-1] for key in keys], axis=0)
    run = np.cumsum(new) - 1
    size = np.bincount(run, minlength=1)
    pairs = int((size * (size - 1) // 2).sum())
    kept = np.ones(n, bool)
    if pairs > MOST_PAIRS:
        kept = (np.random.default_rng(0).random(len(size)) < MOST_PAIRS / pairs)[run]
    one, two = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    for apart in range(1, int(size.max(initial=0))):
        start = np.flatnonzero(kept[:-apart] & (run[apart:] == run[:-apart]))
        one.append(start)
        two.append(start + apart)
    return np.concatenate(one), np.concatenate(two)
