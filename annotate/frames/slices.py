"""Slices of a campaign: the rows about items with one value of metadata, with a tag, of a time, of a model, or with
prompts of some length."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Final

import numpy as np
from django.db.models import Max, Min

from annotate.frames.columns import Columns, Flags, Ids, Preferences, Scores
from annotate.frames.facts import LeftOut, facts_of, metadata_keys, tags_of
from annotate.frames.frames import Frames
from annotate.models import Annotation

FEWEST: Final = 10
"""A slice of fewer units is not reported."""
MOST_OF_A_KIND = 20
DAY, WEEK = 86_400, 7 * 86_400
THIRDS = ("short", "middling", "long")


@dataclass(frozen=True, slots=True)
class Slice:
    """Some of the rows: `chosen` marks them in columns of any question, shape (n,).

    `by` says what it is cut by ("metadata.topic", "tag", "time", "model", "prompt length"), `key` names it on a page.
    A preference belongs to the slices of both its models; labels belong to none.
    """

    by: str
    value: str
    key: str
    chosen: Callable[[Columns], Flags]


@dataclass(frozen=True, slots=True)
class Slicing:
    """All slices, and the metadata that makes none."""

    slices: tuple[Slice, ...]
    left_out: tuple[LeftOut, ...]


def slices_of(frames: Frames) -> list[Slice]:
    """The campaign's slices; whoever reports one holds it against `FEWEST` units."""
    return list(slicing(frames).slices)


def slicing(frames: Frames) -> Slicing:
    """The slices with what was left out, found once for all who ask."""
    return frames.kept("slices", lambda: _slicing(frames))


def _slicing(frames: Frames) -> Slicing:
    keys, left = metadata_keys(frames)
    facts, found = facts_of(frames, keys), list[Slice]()
    places = _Places(facts.item)
    everywhere = np.arange(len(facts.item))
    for key, (value, values) in facts.metadata.items():
        found += _of_values(places, f"metadata.{key}", key, everywhere, value, values)
    item, tag, tags = tags_of(frames)
    found += _of_values(places, "tag", "tag", np.searchsorted(facts.item, item), tag, tags)
    found += [*_of_lengths(places, facts.length), *_of_models(frames), *_of_time(frames)]
    return Slicing(tuple(found), tuple(left))


class _Places:
    """The last columns' rows as places in the items, since all slices ask for the same."""

    def __init__(self, item: Ids) -> None:
        self.item, self._seen, self._places = item, np.empty(0, np.int64), np.empty(0, np.int64)

    def of(self, rows: Columns) -> Ids:
        """The place of each row's item, or the number of items where it is not among them."""
        if self._seen is not rows.item:
            place = np.asarray(np.searchsorted(self.item, rows.item), np.int64)
            place[np.append(self.item, -1)[place] != rows.item] = len(self.item)
            self._seen, self._places = rows.item, place
        return self._places


def _of_values(places: _Places, by: str, title: str, place: Ids, value: Ids, values: tuple[str, ...]) -> list[Slice]:
    """A slice a value, the most frequent first; an empty text is no value. Items at `place` have the codes `value`."""
    often = np.bincount(value, minlength=len(values))
    order = [code for code in np.argsort(-often, kind="stable").tolist() if values[code]][:MOST_OF_A_KIND]
    if len(order) < 2 and by != "tag":
        return []
    return [Slice(by, values[code], f"{title}: {values[code]}", _among(places, place[value == code])) for code in order]


def _among(places: _Places, chosen: Ids) -> Callable[[Columns], Flags]:
    """Marks the rows about the items at these places."""
    flags = np.zeros(len(places.item) + 1, bool)
    flags[chosen] = True
    return lambda rows: np.asarray(flags[places.of(rows)])


def _of_lengths(places: _Places, length: Ids) -> list[Slice]:
    """Thirds of the items by the length of their prompts; equal lengths stay together."""
    limits = np.unique(np.quantile(length, [1 / 3, 2 / 3], method="lower")) if len(length) else np.empty(0)
    parts = np.searchsorted(limits, length)
    if len(np.unique(parts)) < len(THIRDS):
        return []
    ends = [f"up to {limits[0]:,}", f"up to {limits[1]:,}", f"over {limits[1]:,}"]
    return [
        Slice(
            "prompt length",
            name,
            f"prompt length: {name} ({end} characters)",
            _among(places, np.flatnonzero(parts == part)),
        )
        for part, (name, end) in enumerate(zip(THIRDS, ends, strict=True))
    ]


class _Models:
    """The models of the last columns' rows, since all slices ask for the same."""

    def __init__(self, frames: Frames) -> None:
        self.completions, self._seen, self._codes = frames.completions, np.empty(0, np.int64), list[Ids]()

    def of(self, rows: Columns) -> list[Ids]:
        """Codes of the models that each row is about, each of shape (n,): two of a preference, one of a score."""
        if self._seen is not rows.item:
            about = [rows.a, rows.b] if isinstance(rows, Preferences) else []
            about += [rows.completion] if isinstance(rows, Scores) else []
            self._codes = [self.completions.model[self.completions.at(ids)] for ids in about]
            self._seen = rows.item
        return self._codes


def _of_models(frames: Frames) -> list[Slice]:
    models, names = _Models(frames), frames.completions.models
    often = np.bincount(frames.completions.model, minlength=len(names))
    order = [code for code in np.argsort(-often, kind="stable").tolist() if names[code]]
    if len(order) < 2:
        return []
    return [
        Slice("model", names[code], f"model: {names[code]}", _by_model(models, code)) for code in order[:MOST_OF_A_KIND]
    ]


def _by_model(models: _Models, code: int) -> Callable[[Columns], Flags]:
    def chosen(rows: Columns) -> Flags:
        found = np.zeros(len(rows), bool)
        for codes in models.of(rows):
            found |= codes == code
        return found

    return chosen


def _of_time(frames: Frames) -> list[Slice]:
    """Days of a campaign under two weeks, else weeks from Monday; longer spans where there would be more than 20."""
    ends = Annotation.objects.filter(campaign=frames.campaign).aggregate(Min("created_at"), Max("created_at"))
    first, last = ends["created_at__min"], ends["created_at__max"]
    if first is None:
        return []
    days = (last - first) < timedelta(days=14)
    start = first.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    start -= timedelta(days=0 if days else start.weekday())
    step = DAY if days else WEEK * max(1, -(-int((last - start).total_seconds()) // (MOST_OF_A_KIND * WEEK)))
    limits = np.arange(start.timestamp(), last.timestamp() + step, step)
    if len(limits) < 3:
        return []
    word = "day" if days else "week of" if step == WEEK else f"{step // WEEK} weeks from"
    return [_between(low, high, word) for low, high in pairwise(limits.tolist())]


def _between(low: float, high: float, word: str) -> Slice:
    value = datetime.fromtimestamp(low, UTC).strftime("%Y-%m-%d")
    return Slice("time", value, f"{word} {value}", lambda rows: np.asarray((rows.at >= low) & (rows.at < high)))
