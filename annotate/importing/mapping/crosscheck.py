"""Our own shape."""

from collections.abc import Mapping, Sequence
from typing import Any

from annotate.importing.mapping.base import Options, Row, RowMapping, Sample
from annotate.importing.mapping.fields import decoded, text_or_chat
from annotate.importing.rows.item import FIELDS

STRUCTURED = ("completions", "tools", "points", "metadata", "gold", "annotations")


class Crosscheck(RowMapping):
    name = "crosscheck"
    title = "Crosscheck"
    describe = "Rows with `prompt` and `completions`, and what else Crosscheck itself writes."

    def matches(self, columns: Sequence[str], sample: Sample) -> float:
        if not {"prompt", "completions"} <= set(columns) or not all(map(_has_completions, sample)):
            return 0
        return 1 if set(columns) <= set(FIELDS) else 0.4

    def row(self, value: Mapping[str, Any], options: Options) -> Row:
        """The row itself. In a CSV an empty cell is an absent field, and lists and objects are JSON."""
        row = {name: part for name, part in value.items() if name == "prompt" or part != ""}
        for name in STRUCTURED:
            if name in row:
                row[name] = decoded(row[name])
        if "prompt" in row:
            row["prompt"] = text_or_chat(row["prompt"])
        return row


def _has_completions(value: Mapping[str, Any]) -> bool:
    completions = decoded(value.get("completions"))
    return isinstance(completions, list) and all(
        isinstance(part, dict) and ("text" in part or "messages" in part) for part in completions
    )
