"""An item, checked: the one door between files and the database."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from annotate.errors import Invalid
from annotate.importing.problems import RowProblem
from annotate.importing.rows.annotation import AnnotationRow, moment, parse_annotation, parse_gold
from annotate.importing.rows.completion import CompletionRow, parse_completions
from annotate.importing.rows.messages import Text, checked_text, text_or_messages
from annotate.importing.rows.passages import text_or_passages
from annotate.importing.rows.values import (
    checked_list,
    checked_object,
    known_fields,
    object_or_none,
    optional,
    short_string,
    short_string_or_none,
)
from annotate.kinds.points import LONGEST_TEXT, read_points
from annotate.kinds.source import Source

LONGEST_KEY = 200
FIELDS = (
    "key",
    "prompt",
    "completions",
    "context",
    "reference",
    "tools",
    "points",
    "metadata",
    "gold",
    "annotations",
    "withdrawn_at",
)


@dataclass(frozen=True, slots=True)
class ItemRow:
    """A checked row. `key` is None where the row has none: `content_key` tells it apart.

    `withdrawn_at` says when it was taken out of a campaign: it comes along, and nobody gets it.
    """

    key: str | None
    prompt: Text
    completions: tuple[CompletionRow, ...]
    context: str | list[dict[str, Any]] | None
    reference: str | None
    tools: list[dict[str, Any]] | None
    points: list[dict[str, Any]] | None
    metadata: dict[str, Any]
    gold: dict[str, Any] | None
    annotations: tuple[AnnotationRow, ...]
    withdrawn_at: datetime | None = None

    @property
    def source(self) -> Source:
        """What kinds hold answers against."""
        return Source(self.prompt, self.context, self.points, lambda: [(c.key, c.said) for c in self.completions])


def parse_row(value: Mapping[str, Any]) -> ItemRow:
    """Checks a row and gives the completions their keys. An absent field and null are the same.

    Raises RowProblem with the dotted path of the field and what would be right. Whether the answers fit the
    campaign's questions is for their kinds to say.
    """
    known_fields(value, FIELDS, "", " (anything else of yours belongs in `metadata`)")
    prompt = text_or_messages(value.get("prompt"), "prompt")
    completions = parse_completions(value.get("completions"))
    keys = [completion.key for completion in completions]
    return ItemRow(
        key=short_string_or_none(value.get("key"), "key", LONGEST_KEY),
        prompt=prompt,
        completions=completions,
        context=optional(value.get("context"), "context", text_or_passages),
        reference=optional(value.get("reference"), "reference", checked_text),
        tools=optional(value.get("tools"), "tools", _objects),
        points=optional(value.get("points"), "points", _points),
        metadata=object_or_none(value.get("metadata"), "metadata") or {},
        gold=parse_gold(value.get("gold"), keys),
        annotations=tuple(
            parse_annotation(part, f"annotations[{index}]", keys)
            for index, part in enumerate(checked_list(value.get("annotations"), "annotations"))
        ),
        withdrawn_at=optional(value.get("withdrawn_at"), "withdrawn_at", moment),
    )


def _objects(value: Any, field: str) -> list[dict[str, Any]]:
    return [checked_object(part, f"{field}[{i}]") for i, part in enumerate(checked_list(value, field))]


def _points(value: Any, field: str) -> list[dict[str, Any]]:
    points = _objects(value, field)
    for index, point in enumerate(points):
        short_string(point.get("text"), f"{field}[{index}].text", LONGEST_TEXT)
    try:
        if points:
            read_points(points)
    except Invalid as error:
        path, message = next(iter(error.fields.items()))
        raise RowProblem(field + path, message) from error
    return points
