"""Turns annotations into records: the long tables that statistics and exports read."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.db import transaction

from annotate.answers import asked_of
from annotate.kinds import Asked, kind
from annotate.kinds.base import LabelRow, MarkRow, PreferenceRow, RecordRow, ScoreRow
from annotate.models import (
    Annotation,
    Assignment,
    Campaign,
    Completion,
    Label,
    Mark,
    Preference,
    Record,
    Score,
)

MODELS: tuple[type[Record], ...] = (Score, Preference, Label, Mark)
REBUILT_AT_ONCE = 500
SAVED_AT_ONCE = 2000
Completions = Mapping[str, tuple[int, str | None]]
"""Completion key → (id, model)."""


def build_records(
    annotation: Annotation,
    common: Mapping[str, Any],
    shown: Sequence[str],
    asked: Iterable[Asked],
    completions: Completions,
) -> Iterator[Record]:
    """The unsaved records of one annotation. `common` holds campaign, item, prompt group, view, unit, annotator."""
    for question in asked:
        if question.name not in annotation.answers:
            continue
        fields = {**common, "question": question.name}
        probability = _probability(annotation, question)
        for row in kind(question.kind).records(question, annotation.answers[question.name]):
            yield _record(row, fields, shown, completions, probability)


def _probability(annotation: Annotation, question: Asked) -> float | None:
    """P(the first key is better), where a judge gave one."""
    given = (annotation.probabilities or {}).get(question.name)
    value = given.get(question.keys[0]) if isinstance(given, Mapping) else None
    return float(value) if isinstance(value, int | float) else None


def _record(
    row: RecordRow,
    fields: Mapping[str, Any],
    shown: Sequence[str],
    completions: Completions,
    probability: float | None,
) -> Record:
    match row:
        case ScoreRow():
            pk, model = completions[row.key]
            return Score(**fields, completion_id=pk, model=model, value=row.value, position_shown=shown.index(row.key))
        case PreferenceRow():
            (a, model_a), (b, model_b) = completions[row.a], completions[row.b]
            return Preference(
                **fields,
                a_id=a,
                b_id=b,
                model_a=model_a,
                model_b=model_b,
                sign=row.sign,
                strength=row.strength,
                probability=probability,
                both_bad=row.both_bad,
                a_shown_first=shown.index(row.a) < shown.index(row.b),
            )
        case LabelRow():
            return Label(**fields, target=row.target, point=row.point, value=row.value)
        case MarkRow():
            return Mark(
                **fields,
                target=row.target,
                label=row.label,
                start=row.start,
                end=row.end,
                severity=row.severity,
                quote=row.quote,
                refs=row.refs,
                part=row.part,
                note=row.note,
                attributes=row.attributes,
            )


def common_fields(annotation: Annotation, item: int, prompt_group: int, view: int) -> dict[str, Any]:
    """What every record of this annotation carries; the item, prompt group and view of its unit by their ids."""
    return {
        "campaign_id": annotation.campaign_id,
        "item_id": item,
        "prompt_group_id": prompt_group,
        "view_id": view,
        "unit_id": annotation.unit_id,
        "round": annotation.round,
        "annotation_id": annotation.pk,
        "annotator_id": annotation.annotator_id,
        "annotator_kind": annotation.annotator.kind,
        "created_at": annotation.created_at,
    }


def write_records(annotation: Annotation, assignment: Assignment, asked: Iterable[Asked]) -> None:
    """Writes the records of a new annotation, in the caller's transaction."""
    write_many_records([(annotation, assignment, asked)])


def write_many_records(made: Sequence[tuple[Annotation, Assignment, Iterable[Asked]]]) -> None:
    """Writes the records of new annotations, in the caller's transaction; completions are read for all at once."""
    items: dict[int, dict[str, tuple[int, str | None]]] = {assignment.unit.item_id: {} for _, assignment, _ in made}
    for item, key, pk, model in Completion.objects.filter(item__in=items).values_list("item", "key", "pk", "model"):
        items[item][key] = (pk, model)
    rows: list[Record] = []
    for annotation, assignment, asked in made:
        unit = assignment.unit
        common = common_fields(annotation, unit.item_id, unit.prompt_group_id, unit.view_id)
        rows += build_records(annotation, common, assignment.shown, asked, items[unit.item_id])
    save_records(rows)


def save_records(rows: Iterable[Record]) -> None:
    """Inserts unsaved records, table by table."""
    by_model: dict[type[Record], list[Record]] = {}
    for row in rows:
        by_model.setdefault(type(row), []).append(row)
    for model, records in by_model.items():
        model._default_manager.bulk_create(records, batch_size=SAVED_AT_ONCE)


def replace_records(annotation: Annotation, assignment: Assignment, asked: Iterable[Asked]) -> None:
    """Writes the records anew after the answers have changed."""
    delete_records(annotation)
    write_records(annotation, assignment, asked)


def delete_records(annotation: Annotation) -> None:
    for model in MODELS:
        model._default_manager.filter(annotation=annotation).delete()


def rebuild_records(campaign: Campaign) -> int:
    """Writes all records of a campaign anew from its annotations; returns how many annotations there were.

    Annotations are locked a batch at a time, so that a revision meanwhile neither doubles nor loses records.
    """
    rows = Annotation.objects.filter(campaign=campaign).order_by("pk")
    count, last = 0, 0
    while True:
        with transaction.atomic():
            batch = list(
                rows.filter(pk__gt=last)
                .select_for_update(of=("self",))
                .select_related("assignment__unit__view", "assignment__unit__item", "annotator")[:REBUILT_AT_ONCE]
            )
            if not batch:
                return count
            for model in MODELS:
                model._default_manager.filter(annotation__in=batch).delete()
            for annotation in batch:
                write_records(annotation, annotation.assignment, asked_of(annotation.assignment))
        count, last = count + len(batch), batch[-1].pk
