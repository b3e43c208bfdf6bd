"""Marks as votes: a stretch of text between the ends of any marks, with a label, is a thing; each annotator of the unit
says yes by a mark that covers it, or no.

That somebody marked anything at all is a thing of its own, so that a unit without marks has its votes too.
"""

import json
from dataclasses import dataclass

import numpy as np

from annotate.consensus.votes import NO, YES, Votes, counted_kinds, weights_by_annotator
from annotate.frames import Asks, Frames
from annotate.frames.columns import Flags, Ids
from annotate.frames.reading import codes, column, read
from annotate.frames.things import numbered

ANSWERED = """
    SELECT n.id, n.unit_id, u.prompt_group_id, n.annotator_id,
           s.slot IS NOT NULL AND s.purpose = '' OR a.kind = 'judge'
    FROM annotate_annotation n JOIN annotate_assignment s ON s.id = n.assignment_id
    JOIN annotate_unit u ON u.id = n.unit_id JOIN annotate_item i ON i.id = u.item_id
    JOIN annotate_annotator a ON a.id = n.annotator_id
    WHERE n.campaign_id = {campaign} AND n.round = 0 AND n.answers ? {question} AND i.withdrawn_at IS NULL
      AND a.kind = ANY ({kinds}) AND n.annotator_id <> ALL ({excluded}::bigint[]) ORDER BY n.id
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


@dataclass(frozen=True, slots=True)
class _Stretches:
    """Stretches (s,): their unit, their target (a code into `targets`) and what they are (a code into `points`); and
    which annotation (by its row) says yes to which stretch, shape (yes,)."""

    unit: Ids
    target: Ids
    point: Ids
    targets: tuple[str, ...]
    points: tuple[str, ...]
    by: Ids
    of: Ids


def span_votes(frames: Frames, asks: Asks) -> Votes:
    """The votes on the stretches of every unit; `points` are JSON [label, part, start, end], "" for whether anything
    was marked."""
    values = {**frames.values_of(asks.name), "kinds": counted_kinds(frames)}
    answered = read(ANSWERED, values, ANSWERED_TYPES)
    who = {name: column(answered, name) for name in ANSWERED_TYPES}
    found = _stretches(who, values)
    units, unit_of = np.unique(who["unit"], return_inverse=True)
    row, thing, yes = _said(found, units, unit_of)
    annotators, number = np.unique(who["annotator"], return_inverse=True)
    none = np.zeros(len(row), np.int64)
    anything = np.zeros(len(units), np.int64)
    return Votes(
        asks=asks,
        thing=numbered(thing),
        label=yes.astype(np.int64),
        by=number[row].astype(np.int64),
        weight=weights_by_annotator(frames, annotators)[number[row]],
        annotation=who["annotation"][row],
        unit=who["unit"][row],
        group=who["group"][row],
        base=who["base"][row],
        one=np.append(found.target + 1, anything)[thing],
        two=np.append(found.point + 1, anything)[thing],
        strength=none,
        both_bad=none.astype(bool),
        annotators=annotators,
        labels=(NO, YES),
        values=np.array([0.0, 1.0]),
        targets=("", *found.targets),
        points=("", *found.points),
    )


def _stretches(who: dict[str, Ids], values: dict[str, object]) -> _Stretches:
    marks = read(MARKS, {name: values[name] for name in ("campaign", "question")}, MARK_TYPES)
    counts = np.isin(column(marks, "annotation"), who["annotation"])
    (target, targets), (label, labels) = codes(marks, "target"), codes(marks, "label")
    part, start, end = (column(marks, name)[counts] for name in ("part", "start", "end"))
    target, label = target[counts], label[counts]
    by = np.searchsorted(who["annotation"], column(marks, "annotation")[counts])
    unit = who["unit"][by]
    (key, begins, ends), mark = _covered(numbered(unit, target, part, label), start, end)
    first, of = np.unique(numbered(key, begins, ends), return_index=True, return_inverse=True)[1:]
    by_mark = mark[first]
    told = np.stack([label[by_mark], part[by_mark], begins[first], ends[first]])
    point, place = np.unique(numbered(*told), return_index=True, return_inverse=True)[1:]
    points = [json.dumps([labels[code], *rest]) for code, *rest in told[:, point].T.tolist()]
    return _Stretches(unit[by_mark], target[by_mark], place.astype(np.int64), targets, tuple(points), by[mark], of)


def _said(found: _Stretches, units: Ids, unit_of: Ids) -> tuple[Ids, Ids, Flags]:
    """Every annotation (by its row) with everything that it says yes or no to, and whether it is yes: the stretches of
    its unit, and after all stretches whether it marked anything."""
    stretches, annotations = len(found.unit), np.arange(len(unit_of))
    row, thing = _everybody(unit_of, np.searchsorted(units, found.unit))
    width = max(stretches, 1)
    yes = np.isin(row * width + thing, found.by * width + found.of)
    any_yes = np.isin(annotations, found.by)
    return np.append(row, annotations), np.append(thing, stretches + unit_of), np.append(yes, any_yes)


def _covered(key: Ids, start: Ids, end: Ids) -> tuple[tuple[Ids, Ids, Ids], Ids]:
    """The stretches that marks cover as key, start and end, (rows,) each, with the mark that does, (rows,): a stretch
    is what lies between two neighbouring ends of marks of one key."""
    far = int(max(end.max(initial=0), 0)) + 4
    low, high = key * far + start + 2, key * far + end + 2
    cuts = np.unique(np.append(low, high))
    first, last = np.searchsorted(cuts, low), np.searchsorted(cuts, high)
    mark = np.repeat(np.arange(len(key)), last - first)
    place = np.arange(len(mark)) - np.repeat(np.cumsum(last - first) - (last - first), last - first) + first[mark]
    begins, ends = cuts[place], cuts[np.minimum(place + 1, max(len(cuts) - 1, 0))]
    return (key[mark], begins % far - 2, ends % far - 2), mark


def _everybody(unit_of: Ids, thing_unit: Ids) -> tuple[Ids, Ids]:
    """Every pair of an annotation (by its row) and a thing of its unit; units by number."""
    order = np.argsort(unit_of, kind="stable")
    starts = np.searchsorted(unit_of[order], thing_unit)
    counts = np.searchsorted(unit_of[order], thing_unit, "right") - starts
    thing = np.repeat(np.arange(len(thing_unit)), counts)
    within = np.arange(len(thing)) - np.repeat(np.cumsum(counts) - counts, counts)
    return order[starts[thing] + within], thing
