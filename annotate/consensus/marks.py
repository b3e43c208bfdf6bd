"""The marks that a consensus keeps, and the texts that they are held against."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple

from annotate.consensus.votes import YES, counted_kinds
from annotate.frames import Frames
from annotate.kinds.base import MarkRow
from annotate.kinds.source import Said, Source
from annotate.models import Completion, Mark, Unit

WHOLE = -2
"""Where a mark about the whole text is put, so that it covers a stretch that no other can."""


class Made(NamedTuple):
    """A mark that somebody made."""

    target: str
    label: str
    part: int | None
    start: int | None
    end: int | None
    severity: str | None
    refs: list[str] | None
    note: str | None


@dataclass(frozen=True, slots=True)
class Texts:
    """What a unit's marks are held against: its completions' keys, its item's texts, and the marks that were made."""

    keys: tuple[str, ...]
    source: Source
    marks: Sequence[Made]


def texts_of(frames: Frames, units: Collection[int], question: str) -> dict[int, Texts]:
    """The texts of units (ids), and the marks of those whose votes count."""
    rows = list(Unit.objects.filter(pk__in=units).values_list("pk", "keys", "item", "item__prompt", "item__context"))
    said: dict[int, list[tuple[str, Said]]] = defaultdict(list)
    completions = Completion.objects.filter(item__in={row[2] for row in rows}).order_by("position")
    for item, key, text, messages in completions.values_list("item", "key", "text", "messages"):
        said[item].append((key, (text or "") if messages is None else messages))
    marks = _marks(frames, units, question)
    return {
        unit: Texts(
            tuple(keys), Source(prompt, context, completions=partial(said.__getitem__, item)), marks.get(unit, ())
        )
        for unit, keys, item, prompt, context in rows
    }


def _marks(frames: Frames, units: Collection[int], question: str) -> dict[int, list[Made]]:
    found = Mark.objects.filter(unit__in=units, question=question, round=0, annotator_kind__in=counted_kinds(frames))
    found = found.exclude(annotator__in=frames.values_of(question)["excluded"]).order_by("pk")
    names = ("target", "label", "part", "start", "end", "severity", "refs", "note")
    marks: dict[int, list[Made]] = {}
    for unit, *mark in found.values_list("unit", *names):
        marks.setdefault(unit, []).append(Made(*mark))
    return marks


def kept_marks(things: Sequence[Mapping[str, Any]], texts: Texts) -> list[MarkRow]:
    """The marks that stretches with a majority make together; severity, note and refs are those of the mark with this
    label that overlaps most."""
    kept = sorted(tuple(thing["of"]) for thing in things if thing["answer"] == YES and len(thing["of"]) > 1)
    joined: list[tuple[str, str, int, int, int]] = []
    for target, label, part, start, end in kept:
        last = joined[-1] if joined else None
        if last and last[:3] == (target, label, part) and last[4] == start != WHOLE:
            joined[-1] = (*last[:4], end)
        else:
            joined.append((target, label, part, start, end))
    return [_mark(*each, texts) for each in joined]


def _mark(target: str, label: str, part: int, start: int, end: int, texts: Texts) -> MarkRow:
    def overlap(mark: Made) -> int:
        if mark.start is None or mark.end is None:
            return 1 if start == WHOLE else 0
        return max(0, min(mark.end, end) - max(mark.start, start))

    made = [m for m in texts.marks if (m.target, m.label, m.part or 0) == (target, label, part)]
    best = max(made, key=overlap, default=None)
    several = len(texts.source.parts(target)) > 1
    return MarkRow(
        target,
        label,
        None if start == WHOLE else start,
        None if start == WHOLE else end,
        best.severity if best else None,
        refs=best.refs if best else None,
        part=part if several and (start != WHOLE or (best and best.part is not None)) else None,
        note=best.note if best else None,
    )
