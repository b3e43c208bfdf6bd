"""Reads the long table of a judge and a question: its verdicts, people's annotations, gold, lengths.

Of people only the base design counts (assignments with a slot, first round): adjudications and asked-again items are
picked for being hard, and would make any judge look worse than it is.
"""

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet, TextField
from django.db.models.fields.json import KeyTransform
from django.db.models.functions import Cast, Coalesce, Length

from annotate.kinds import kinds_that_yield
from annotate.kinds.base import PreferenceRow
from annotate.models import Annotation, Annotator, Completion
from annotate.standing import excluded_in
from routing.models import Judge, Verdict
from routing.reliability.labels import Thing, gold_labels, is_compared, labels_of
from routing.reliability.left_out import fitted_groups, routed
from routing.reliability.table import Row, Table
from routing.reliability.units import Units

VERDICT = ("assignment__unit", "assignment__version", "assignment__round", "status", "answer", "confidence", "details")
AT_ONCE = 5000

Rows = dict[tuple[int, Thing], Row]


def gather(judge: Judge, question: str, kind: str) -> Table:
    """The table; without rows where the kind's answers cannot be held against each other."""
    table = Table(question, kind)
    verdicts = Verdict.objects.filter(judge=judge, question=question, kind=kind)
    if not is_compared(kind):
        return table
    views = set(verdicts.order_by().values_list("assignment__unit__view", flat=True).distinct())
    units = Units(judge.campaign, question, kind, views)
    rows = _judged(verdicts, units, kind in kinds_that_yield(PreferenceRow))
    _add_people(judge, units, rows, table)
    _set_apart(judge, rows, table)
    if kind in kinds_that_yield(PreferenceRow):
        _measure(judge, units, rows)
    table.rows = list(rows.values())
    return table


def _judged(verdicts: QuerySet[Verdict], units: Units, is_pair: bool) -> Rows:
    """The judge's labels; where it abstained or failed after both orders were read, the orders alone."""
    rows: Rows = {}
    ordered = verdicts.order_by("assignment__unit", "assignment__round").values_list(*VERDICT)
    for unit, version, turn, status, answer, confidence, details in ordered.iterator(AT_ONCE):
        asked = units.asked(unit, version)
        if asked is None:
            continue

        def row_of(thing: Thing, unit: int = unit) -> Row:
            if (unit, thing) not in rows:
                rows[unit, thing] = Row(unit, units.item_key(unit), units.group(unit), thing, is_pair)
            return rows[unit, thing]

        for thing, label in labels_of(asked, answer).items() if status == "ok" else ():
            if turn:
                row_of(thing).again.append(label)
            else:
                row_of(thing).label, row_of(thing).confidence = label, confidence
        if turn == 0 and is_pair and len(asked.keys) == 2 and None not in (details.get("s1"), details.get("s2")):
            row_of(asked.keys).orders = details["s1"], details["s2"]
        if gold := units.gold(unit):
            for thing, label in gold_labels(asked, gold).items():
                if (unit, thing) in rows:
                    rows[unit, thing].gold = label
    return rows


def _add_people(judge: Judge, units: Units, rows: Rows, table: Table) -> None:
    apart = routed(judge.campaign)
    left_out = set()
    for unit, version, answer in _people(judge, table.question, units):
        asked = units.asked(unit, version)
        if answer is None or asked is None:
            continue
        if apart.holds(unit, units.item(unit)):
            left_out.add(unit)
            continue
        for thing, label in labels_of(asked, answer).items():
            if row := rows.get((unit, thing)):
                row.people.append(label)
    table.routed = len(left_out)


def _people(judge: Judge, question: str, units: Units) -> Iterator[tuple[int, int, Any]]:
    found = Annotation.objects.filter(
        campaign=judge.campaign,
        annotator__kind=Annotator.Kind.HUMAN,
        round=0,
        assignment__slot__isnull=False,
        assignment__purpose="",
        unit__view__in=units.views,
    )
    found = found.exclude(annotator__in=excluded_in(judge.campaign))
    answers = found.order_by("unit", "pk").annotate(answer=KeyTransform(question, "answers"))
    yield from answers.values_list("unit", "assignment__version", "answer").iterator(AT_ONCE)


def _set_apart(judge: Judge, rows: Rows, table: Table) -> None:
    groups = fitted_groups(judge, table.question, table.kind)
    for row in rows.values():
        row.fitted = row.cluster in groups
    table.fitted = len({row.unit for row in rows.values() if row.fitted and (row.people or row.gold is not None)})


def _measure(judge: Judge, units: Units, rows: Rows) -> None:
    """Which completion of each pair is the longer, in characters."""
    text = Coalesce("text", Cast("messages", TextField()), output_field=TextField())
    found = Completion.objects.filter(item__campaign=judge.campaign).annotate(length=Length(text))
    sized = found.values_list("item", "key", "length").iterator(AT_ONCE)
    lengths = {(item, key): length for item, key, length in sized}
    for row in rows.values():
        item = units.item(row.unit)
        a, b = (lengths.get((item, key), 0) for key in row.thing)
        row.longer = (a > b) - (a < b)
