"""Annotations that come along with an item, and its gold answers."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from annotate.importing.problems import RowProblem
from annotate.importing.rows.aids import parse_aids
from annotate.importing.rows.values import (
    checked_list,
    checked_object,
    known_fields,
    number_or_none,
    object_or_none,
    optional,
    short_string,
)
from annotate.kinds.base import brief

LONGEST_NAME = 200
MOST_ROUNDS = 32_767
MOST_REVISIONS = 1_000_000
GOLD_FIELDS = ("answers", "shown")
FIELDS = (
    "annotator",
    "kind",
    "answers",
    "shown",
    "round",
    "probabilities",
    "created_at",
    "active_seconds",
    "revision",
    "aids",
    "purpose",
)
PURPOSES = ("repeat", "again")


@dataclass(frozen=True, slots=True)
class AnnotationRow:
    """An annotation that comes along. `created_at` has a time zone (UTC where none was given).

    `revision` counts how often it was given; earlier answers do not come along. `aids` are the reading aids used, and
    what was noted of judges' suggestions. `purpose` is that of `Assignment`, of what people answered beside the base
    design.
    """

    annotator: str
    kind: str
    answers: dict[str, Any]
    shown: tuple[str, ...] | None
    round: int
    probabilities: dict[str, Any] | None
    created_at: datetime | None
    active_seconds: float | None
    revision: int = 1
    aids: dict[str, Any] | None = None
    purpose: str = ""

    @property
    def in_slot(self) -> bool:
        """Whether it takes a slot of its unit, and no row of its own beside them."""
        return self.kind == "human" and self.round == 0


def parse_annotation(value: Any, field: str, keys: Collection[str]) -> AnnotationRow:
    """One checked annotation; `keys` are the item's completion keys."""
    part = checked_object(value, field)
    known_fields(part, FIELDS, field)
    if part.get("kind") not in ("human", "judge"):
        raise RowProblem(f"{field}.kind", f'must be "human" or "judge", not {part.get("kind")!r}')
    found = AnnotationRow(
        annotator=short_string(part.get("annotator"), f"{field}.annotator", LONGEST_NAME),
        kind=part["kind"],
        answers=_answers(part.get("answers"), f"{field}.answers"),
        shown=_shown(part.get("shown"), f"{field}.shown", keys),
        round=optional(part.get("round"), f"{field}.round", _round) or 0,
        probabilities=object_or_none(part.get("probabilities"), f"{field}.probabilities"),
        created_at=optional(part.get("created_at"), f"{field}.created_at", moment),
        active_seconds=number_or_none(part.get("active_seconds"), f"{field}.active_seconds"),
        revision=optional(part.get("revision"), f"{field}.revision", _revision) or 1,
        aids=optional(part.get("aids"), f"{field}.aids", parse_aids),
        purpose=optional(part.get("purpose"), f"{field}.purpose", _purpose) or "",
    )
    if found.purpose and found.kind != "human":
        raise RowProblem(f"{field}.purpose", "only people are asked again; a judge's answers have a round")
    if found.purpose == "repeat" and not found.round:
        raise RowProblem(f"{field}.purpose", "a repeat has a round of its own, from 1")
    return found


def parse_gold(value: Any, keys: Collection[str]) -> dict[str, Any] | None:
    """{"answers", "shown"?}, checked, or None."""
    gold = object_or_none(value, "gold")
    if gold is None:
        return None
    known_fields(gold, GOLD_FIELDS, "gold")
    shown = _shown(gold.get("shown"), "gold.shown", keys)
    answers = _answers(gold.get("answers"), "gold.answers")
    return {"answers": answers} if shown is None else {"answers": answers, "shown": list(shown)}


def _round(value: Any, field: str) -> int:
    if type(value) is int and 0 <= value <= MOST_ROUNDS:
        return value
    raise RowProblem(field, f"must be a whole number from 0 to {MOST_ROUNDS:,}, not {value!r}")


def _purpose(value: Any, field: str) -> str:
    if value in PURPOSES:
        return str(value)
    raise RowProblem(field, f"must be {' or '.join(PURPOSES)}, or left out, not {brief(value)}")


def _revision(value: Any, field: str) -> int:
    if type(value) is int and 1 <= value <= MOST_REVISIONS:
        return value
    raise RowProblem(field, f"must be a whole number from 1 to {MOST_REVISIONS:,}, not {value!r}")


def _answers(value: Any, field: str) -> dict[str, Any]:
    answers = object_or_none(value, field)
    if not answers:
        raise RowProblem(field, 'must map question names to answers, like {"better": {"preferred": "a"}}')
    return answers


def _shown(value: Any, field: str, keys: Collection[str]) -> tuple[str, ...] | None:
    if value is None:
        return None
    shown = checked_list(value, field)
    if not shown or any(key not in keys for key in shown) or len(set(shown)) < len(shown):
        have = ", ".join(map(repr, keys))
        raise RowProblem(field, f"must name completions of the item, each once; its keys are {have}")
    return tuple(shown)


def moment(value: Any, field: str) -> datetime:
    """A time in ISO 8601; in UTC where it names no time zone."""
    try:
        given = datetime.fromisoformat(value)
        return given.replace(tzinfo=UTC) if given.tzinfo is None else given.astimezone(UTC)
    except (TypeError, ValueError, OverflowError) as error:
        message = f'must be a time in ISO 8601, like "2026-11-05T09:30:00Z", not {value!r}'
        raise RowProblem(field, message) from error
