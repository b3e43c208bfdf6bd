"""Figures as the report stores them: plain JSON, labels in words, tables in the labels' order."""

from collections.abc import Sequence
from dataclasses import asdict, is_dataclass
from typing import Any

import numpy as np

from annotate.stats.agreement import Agreement
from routing.reliability.labels import Label

SIDES: dict[int, str] = {1: "first", 0: "equal", -1: "second"}
ORDER = ["first", "equal", "second", "yes", "no", "na"]
MOST_LABELS = 12  # a larger table of confusions says nothing


def plain(value: Any) -> Any:
    """A figure, or what holds figures, as JSON."""
    if is_dataclass(value) and not isinstance(value, type):
        return plain(asdict(value))
    if isinstance(value, dict):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    if isinstance(value, np.ndarray):
        return plain(value.tolist())
    if isinstance(value, np.generic):
        return value.item()
    return value


def in_words(label: Label, is_pair: bool) -> str:
    """How a label is written: the side of a pair, a number without needless places, or the text itself."""
    if is_pair:
        return SIDES[int(label)]
    return f"{label:g}" if isinstance(label, float) else str(label)


def confusions(found: Agreement, is_pair: bool) -> dict[str, Any] | None:
    """The table of the judge's labels (rows) against the reference (columns); None with too many labels for one."""
    if len(found.labels) > MOST_LABELS or not found.n:
        return None
    names = [in_words(label, is_pair) for label in found.labels]  # type: ignore[arg-type]
    order = sorted(range(len(names)), key=lambda n: _place(names[n], found.labels[n]))
    return {
        "labels": [names[n] for n in order],
        "table": [[found.table[row][column] for column in order] for row in order],
    }


def _place(name: str, label: Any) -> tuple[int, float, str]:
    if name in ORDER:
        return 0, ORDER.index(name), name
    return (1, label, name) if isinstance(label, float) else (2, 0, name)


def sampled(rows: Sequence[Any], most: int) -> list[Any]:
    """At most so many of the rows, spread evenly over them."""
    if len(rows) <= most:
        return list(rows)
    return [rows[n] for n in np.linspace(0, len(rows) - 1, most).astype(int)]
