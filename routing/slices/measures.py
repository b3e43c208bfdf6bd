"""What a slice is held against the rest in: how much people agree, tie, contradict themselves, give, and take."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from annotate.frames import Asks, Columns, Frames, Preferences, Scores, Things, things_of
from annotate.frames.columns import Flags, Ids
from annotate.frames.things import numbered
from annotate.kinds import kinds_that_yield
from annotate.kinds.base import ScoreRow
from annotate.stats.contrasts import Contrast, contrast, median_contrast, rows, sorted_rows
from annotate.stats.intervals import Figure
from routing.inconsistency.pairs import by_same_annotator
from routing.reliability.left_out import routed

MOST_RATINGS = 3
"""Rating questions against which one ranking question is held."""


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure of some of a question's counted rows: `at` are their numbers, shape (m,), `against_the_rest` takes a
    mask of that shape."""

    name: str
    title: str
    unit: str
    sentence: str
    at: Ids
    against_the_rest: Callable[[Flags], Contrast]

    @property
    def whole(self) -> Figure:
        return self.against_the_rest(np.ones(len(self.at), bool)).inside


def counted(frames: Frames, asks: Asks) -> Things:
    """People's answers in the base design, without units that they got because of a route. Raises ValueError for
    texts and marks, which are not held against each other here."""
    found = things_of(frames, asks.name)
    left = routed(frames.campaign)
    apart = np.isin(found.rows.unit, np.fromiter(left.units, np.int64, len(left.units)))
    apart |= np.isin(found.rows.item, np.fromiter(left.items, np.int64, len(left.items)))
    return found.where(found.rows.base & ~apart)


def measures(frames: Frames, found: Things) -> Iterator[Measure]:
    """The measures that the question's counted answers allow."""
    if found.asks.scale != "set":
        yield from _agreement(found)
    if isinstance(found.rows, Preferences):
        yield from _ties(found.rows)
        yield from _inconsistency(frames, found.rows)
    if isinstance(found.rows, Scores):
        yield from _ratings(found.rows)
    yield from _seconds(frames, found.rows)


def _agreement(found: Things) -> Iterator[Measure]:
    """Of each answer: with how many of the others about the same thing it agrees."""
    said = numbered(found.thing, np.unique(found.value, return_inverse=True)[1])
    others, same = np.bincount(found.thing)[found.thing] - 1, np.bincount(said)[said] - 1
    at = np.flatnonzero(others > 0).astype(np.int64)
    held = rows(same[at] / others[at], np.ones(len(at)), found.rows.group[at])
    if len(at):
        yield Measure(
            "agreement",
            "Agreement",
            "percent",
            "how many of the others who answered about the same thing said exactly the same",
            at,
            lambda chosen: contrast(held, chosen),
        )


def _ties(found: Preferences) -> Iterator[Measure]:
    held = rows(found.sign == 0, np.ones(len(found)), found.group)
    if (found.sign == 0).any():
        yield Measure(
            "ties",
            "Ties",
            "percent",
            "how many of the comparisons call both equal",
            np.arange(len(found)),
            lambda chosen: contrast(held, chosen),
        )


def _inconsistency(frames: Frames, found: Preferences) -> Iterator[Measure]:
    """The same annotator's ratings against his ranking, for each rating question."""
    names = [asks.name for asks in frames.questions.values() if asks.kind in kinds_that_yield(ScoreRow)]
    for name in names[:MOST_RATINGS]:
        scores = frames.scores(name)
        pairs = by_same_annotator(scores.where(scores.base), found, frames.completions)
        if not len(pairs):
            continue
        of = frames.completions
        keys = _pair_keys(found.annotation, of.position[of.at(found.a)], of.position[of.at(found.b)])
        order = np.argsort(keys, kind="stable")
        wanted = _pair_keys(pairs.annotation, of.position[pairs.a], of.position[pairs.b])
        at = order[np.searchsorted(keys[order], wanted)].astype(np.int64)
        held = rows(1 - pairs.same, np.ones(len(pairs)), pairs.group)
        yield Measure(
            f"inconsistency:{name}",
            f"Inconsistency with {frames.questions[name].title}",
            "percent",
            "how many of the pairs an annotator ranked otherwise than he rated them",
            at,
            lambda chosen, held=held: contrast(held, chosen),  # type: ignore[misc]
        )


def _pair_keys(annotation: Ids, one: Ids, two: Ids) -> Ids:
    """A number for each pair of places in an annotation; an item has fewer than 1,000 completions."""
    return np.asarray((annotation * 1000 + one) * 1000 + two, np.int64)


def _ratings(found: Scores) -> Iterator[Measure]:
    held = rows(found.value, np.ones(len(found)), found.group, None)
    yield Measure(
        "rating",
        "Mean rating",
        "number",
        "the mean of the ratings",
        np.arange(len(found)),
        lambda chosen: contrast(held, chosen),
    )


def _seconds(frames: Frames, found: Columns) -> Iterator[Measure]:
    """Once for each annotation that says how long its author was active."""
    annotation, first = np.unique(found.annotation, return_index=True)
    seconds = frames.seconds_of(annotation)
    known = np.isfinite(seconds)
    at = first[known].astype(np.int64)
    if not len(at):
        return
    held = sorted_rows(seconds[known], found.group[at])
    yield Measure(
        "seconds",
        "Median seconds",
        "number",
        "the median of the active seconds that an answer took",
        at,
        lambda chosen: median_contrast(held, chosen),
    )
