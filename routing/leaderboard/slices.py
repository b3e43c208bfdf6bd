"""Strengths of models in slices of the comparisons, each held against the rest.

A strength is told against the average of the models fitted with it, so all slices have the same models: those of the
whole that have a fourth of the usual number of comparisons or more. A slice that cannot put them all on one scale has
no strengths.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.stats import norm

from annotate.frames import Frames
from annotate.frames.columns import Flags
from annotate.frames.slices import FEWEST, Slice, slices_of
from annotate.stats.bradley_terry import BradleyTerry
from annotate.stats.connectivity import connectivity
from annotate.stats.discovery import benjamini_hochberg
from annotate.stats.intervals import Figure
from annotate.stats.linearised import compact
from routing.leaderboard.board import beats_average, with_ties
from routing.leaderboard.rows import Compared

MOST_SLICES = 40
MOST_ROWS = 300_000
"""Of more comparisons slices see a random part: their intervals are narrow as it is."""
LEAST_PLAYED = 0.25
PLACES = 4


@dataclass(frozen=True, slots=True)
class _Cut:
    slice: Slice
    chosen: Flags
    n: int


def by_slice(frames: Frames, found: Compared, counted: Flags) -> dict[str, Any]:
    """For each slice of the comparisons that are counted, [value, low, high, games, differs] of every model: the share
    of decisive games that it would win there against the average model, None for a model that is not fitted.

    `differs` is whether its strength there is another than in the rest, at a false discovery rate of 5 % over all
    slices and models. Slices by model are left out, since they cut the leaderboard itself.
    """
    sampled = _sampled(found, counted)
    some = _core(sampled)
    played = some.games()
    whole = with_ties(played)
    core = whole.connected.main
    cuts = [cut for each in slices_of(frames) if each.by != "model" and (cut := _cut(each, some)) is not None]
    cuts = sorted(cuts, key=lambda cut: -cut.n)
    kept = sorted(cuts[:MOST_SLICES], key=lambda cut: (cut.slice.by, cut.slice.key))
    pairs = [(with_ties(played.where(cut.chosen)), with_ties(played.where(~cut.chosen))) for cut in kept]
    tests = [_tests(*pair) for pair in pairs]
    differs = _discoveries(tests)
    rows = [
        (cut, inside, flags)
        for cut, (inside, _), flags in zip(kept, pairs, differs, strict=True)
        if inside.connected.main == core and inside.ties == whole.ties
    ]
    return {
        "models": list(found.models),
        "whole": [_cell(each, False) for each in whole.strengths],
        "of": int(counted.sum()),
        "seen": len(sampled),
        "left_out": len(cuts) - len(kept),
        "untold": len(kept) - len(rows),
        "rows": [_row(*row) for row in rows],
    }


def _core(found: Compared) -> Compared:
    """The comparisons among models that can be compared and have a fourth of the usual number of them or more."""
    played = found.games()
    main = connectivity(*played.counts()).main
    often = np.bincount(found.first, minlength=played.models) + np.bincount(found.second, minlength=played.models)
    usual = float(np.median(often[list(main)])) if main else 0.0
    return found.where(played.among(tuple(model for model in main if often[model] >= LEAST_PLAYED * usual)))


def _sampled(found: Compared, counted: Flags) -> Compared:
    """The rows counted, or of more than `MOST_ROWS` those of a random part of the prompt groups."""
    n = int(counted.sum())
    if n <= MOST_ROWS:
        return found.where(counted)
    groups, place = compact(found.rows.group)
    kept = np.random.default_rng(0).random(len(groups)) < MOST_ROWS / n
    return found.where(np.asarray(kept[place] & counted))


def _cut(each: Slice, found: Compared) -> _Cut | None:
    """The slice's rows; None for one of fewer than ten units, or of all."""
    chosen = each.chosen(found.rows)
    n = int(chosen.sum())
    if n < FEWEST or n == len(chosen) or len(np.unique(found.rows.unit[chosen])) < FEWEST:
        return None
    return _Cut(each, chosen, n)


def _tests(inside: BradleyTerry, rest: BradleyTerry) -> list[float | None]:
    """Two-sided p-values of the difference of each model's strength in the slice and in the rest, where both fits
    hold the same models and take ties alike: strengths are told against their average, and smaller with half wins."""
    if (inside.connected.main, inside.ties) != (rest.connected.main, rest.ties):
        return [None] * len(inside.strengths)
    rows = zip(inside.strengths, rest.strengths, inside.errors, rest.errors, strict=True)
    return [_p(one, two, error, other) for one, two, error, other in rows]


def _p(one: Figure, two: Figure, error: float | None, other: float | None) -> float | None:
    if one.value is None or two.value is None or not error or not other:
        return None
    return float(2 * norm.sf(abs(one.value - two.value) / np.hypot(error, other)))


def _discoveries(tests: list[list[float | None]]) -> list[list[bool]]:
    flat = [p for row in tests for p in row if p is not None]
    flags = iter(benjamini_hochberg(flat).tolist())
    return [[p is not None and bool(next(flags)) for p in row] for row in tests]


def _row(cut: _Cut, inside: BradleyTerry, flags: list[bool]) -> dict[str, Any]:
    return {
        "by": cut.slice.by,
        "slice": cut.slice.key,
        "n": cut.n,
        "clusters": inside.clusters,
        "models": [_cell(each, flag) for each, flag in zip(inside.strengths, flags, strict=True)],
    }


def _cell(strength: Figure, differs: bool) -> list[float | int | bool | None] | None:
    found = beats_average(strength)
    if found.value is None:
        return None
    low, high = found.interval or (None, None)
    ends = [None if end is None else round(end, PLACES) for end in (low, high)]
    return [round(found.value, PLACES), *ends, found.n, differs]
