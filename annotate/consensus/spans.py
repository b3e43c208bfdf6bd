"""Marks as votes: a stretch of text between the ends of any marks, with a label, is a thing; each annotator of the unit
says yes by a mark that covers it, or no.

That somebody marked anything at all is a thing of its own, so that a unit without marks has its votes too.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db.models import Prefetch

from annotate.consensus.votes import NO, YES, Votes, weights_by_annotator
from annotate.frames import Asks, Frames
from annotate.frames.columns import Ids
from annotate.frames.reading import codes, column, read
from annotate.frames.things import numbered
from annotate.kinds.base import MarkRow
from annotate.kinds.source import Source
from annotate.models import Completion, Mark, Unit
from annotate.options import option

WHOLE = -2
"""Where a mark about the whole text is put, so that it covers a stretch that no other can."""
ANSWERED = """
    SELECT n.id, n.unit_id, u.prompt_group_id, n.annotator_id,
           s.slot IS NOT NULL AND s.purpose = '' OR a.kind = 'judge'
    FROM annotate_annotation n JOIN annotate_assignment s ON s.id = n.assignment_id
    JOIN annotate_unit u ON u.id = n.unit_id JOIN annotate_item i ON i.id = u.item_id
    JOIN annotate_annotator a ON a.id = n.annotator_id
    WHERE n.campaign_id = {campaign} AND n.round = 0 AND n.answers ? {question} AND i.withdrawn_at IS NULL
      AND (a.kind = 'human' OR {everybody}) AND n.annotator_id <> ALL ({excluded}::bigint[]) ORDER BY n.id
"""
ANSWERED_TYPES = {**dict.fromkeys(("annotation", "unit", "group", "annotator"), "int64"), "base": "bool_"}
MARKS = """
    SELECT annotation_id, target, label, coalesce(part, 0), coalesce("start", -2), coalesce("end", -1)
    FROM annotate_mark WHERE campaign_id = {campaign} AND question = {question} ORDER BY annotation_id
"""
MARK_TYPES = {
    "annotation": "int64",
    "target": "string",
    "label": "string",
    **dict.fromkeys(("part", "start", "end"), "int64"),
}


def span_votes(frames: Frames, asks: Asks) -> Votes:
    """The votes on the stretches of every unit; `points` are JSON [label, part, start, end], "" for whether anything
    was marked."""
    values = {
        "campaign": frames.campaign.pk,
        "question": asks.name,
        "everybody": option("consensus_of", frames.campaign.current.config) == "all",
        "excluded": [who.id for who in frames.annotators.values() if who.excluded],
    }
    answered = read(ANSWERED, values, ANSWERED_TYPES)
    who = {name: column(answered, name) for name in ANSWERED_TYPES}
    marks = read(MARKS, {name: values[name] for name in ("campaign", "question")}, MARK_TYPES)
    counts = np.isin(column(marks, "annotation"), who["annotation"])
    target, targets = codes(marks, "target")
    label, labels = codes(marks, "label")
    part, start, end = (column(marks, name)[counts] for name in ("part", "start", "end"))
    target, label = target[counts], label[counts]
    by = np.searchsorted(who["annotation"], column(marks, "annotation")[counts])
    unit = who["unit"][by]
    segment, mark = _covered(numbered(unit, target, part, label), start, end)
    ends = np.unique(numbered(segment[:, 0], segment[:, 1], segment[:, 2]), return_index=True, return_inverse=True)[1:]
    first, of = ends
    told = np.array(
        [
            json.dumps([labels[label[m]], int(part[m]), *segment[n, 1:].tolist()])
            for n, m in zip(first.tolist(), mark[first].tolist(), strict=True)
        ],
        object,
    )
    texts, point = np.unique(told.astype(str), return_inverse=True) if len(told) else (np.array([], str), first)
    thing_unit, thing_target = unit[mark[first]], target[mark[first]]
    units, unit_of = np.unique(who["unit"], return_inverse=True)
    row, thing = _everybody(unit_of, np.searchsorted(units, thing_unit))
    yes = np.isin(row * max(len(first), 1) + thing, by[mark] * max(len(first), 1) + of)
    any_yes = np.isin(np.arange(len(unit_of)), by)
    row, thing = np.append(row, np.arange(len(unit_of))), np.append(thing, len(first) + unit_of)
    annotators, number = np.unique(who["annotator"], return_inverse=True)
    none = np.zeros(len(row), np.int64)
    return Votes(
        asks=asks,
        thing=numbered(thing),
        label=np.append(yes, any_yes).astype(np.int64),
        by=number[row].astype(np.int64),
        weight=weights_by_annotator(frames, annotators)[number[row]],
        annotation=who["annotation"][row],
        unit=who["unit"][row],
        group=who["group"][row],
        base=who["base"][row],
        one=np.append(thing_target + 1, np.zeros(len(units), np.int64))[thing],
        two=np.append(point + 1, np.zeros(len(units), np.int64))[thing],
        strength=none,
        both_bad=none.astype(bool),
        annotators=annotators,
        labels=(NO, YES),
        values=np.array([0.0, 1.0]),
        targets=("", *targets),
        points=("", *texts.tolist()),
    )


def _covered(key: Ids, start: Ids, end: Ids) -> tuple[Ids, Ids]:
    """The stretches that marks cover, (rows, 3) as key, start, end, with the mark that does, (rows,): a stretch is what
    lies between two neighbouring ends of marks of one key."""
    far = int(max(end.max(initial=0), 0)) + 4
    low, high = key * far + start + 2, key * far + end + 2
    cuts = np.unique(np.append(low, high))
    first, last = np.searchsorted(cuts, low), np.searchsorted(cuts, high)
    mark = np.repeat(np.arange(len(key)), last - first)
    place = np.arange(len(mark)) - np.repeat(np.cumsum(last - first) - (last - first), last - first) + first[mark]
    begins, ends = cuts[place], cuts[np.minimum(place + 1, max(len(cuts) - 1, 0))]
    return np.stack([key[mark], begins % far - 2, ends % far - 2], axis=1), mark


def _everybody(unit_of: Ids, thing_unit: Ids) -> tuple[Ids, Ids]:
    """Every pair of an annotation (by its row) and a thing of its unit; units by number."""
    order = np.argsort(unit_of, kind="stable")
    starts = np.searchsorted(unit_of[order], thing_unit)
    counts = np.searchsorted(unit_of[order], thing_unit, "right") - starts
    thing = np.repeat(np.arange(len(thing_unit)), counts)
    within = np.arange(len(thing)) - np.repeat(np.cumsum(counts) - counts, counts)
    return order[starts[thing] + within], thing


@dataclass(frozen=True, slots=True)
class Texts:
    """What a unit's marks are held against: its completions' keys, its item's texts, and the marks that were made."""

    keys: tuple[str, ...]
    source: Source
    marks: Sequence[Mark]


def texts_of(units: Collection[int], question: str) -> dict[int, Texts]:
    """The texts and marks of units (ids)."""
    rows = Unit.objects.filter(pk__in=units).select_related("item")
    rows = rows.prefetch_related(Prefetch("item__completions", Completion.objects.order_by("position")))
    marks: dict[int, list[Mark]] = {}
    for mark in Mark.objects.filter(unit__in=units, question=question, round=0).order_by("pk"):
        marks.setdefault(mark.unit_id, []).append(mark)
    return {unit.pk: Texts(tuple(unit.keys), unit.item.source, marks.get(unit.pk, ())) for unit in rows}


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
    def overlap(mark: Mark) -> int:
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
