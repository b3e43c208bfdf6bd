"""Which mapping a file is meant for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from annotate.importing.mapping.base import Row, RowMapping
from annotate.importing.mapping.registry import mappings
from annotate.importing.problems import RowProblem
from annotate.importing.readers.source import SourceRow


@dataclass(frozen=True, slots=True)
class Guess:
    """The likeliest mapping with its options; the first row it gives, or what is wrong with all it was shown.

    `confidence` goes from 0 (nothing fits: let the user choose) to 1.
    """

    mapping: str
    options: Mapping[str, Any]
    confidence: float
    preview: Row | None
    problem: RowProblem | None


def guess(columns: Sequence[str], sample: Sequence[Mapping[str, Any]]) -> Guess:
    """The best mapping for the columns and first rows that `detect` found."""
    confidence = {name: mapping.matches(columns, sample) for name, mapping in mappings().items()}
    best = mappings()[max(confidence, key=lambda name: confidence[name])]
    if not confidence[best.name]:
        best = mappings()["columns"]
    options = best.guess(columns, sample)
    row, problem = preview(best, options, columns, sample)
    return Guess(best.name, options, confidence[best.name], row, problem)


def preview(
    mapping: RowMapping,
    options: Mapping[str, Any],
    columns: Sequence[str],
    sample: Sequence[Mapping[str, Any]],
) -> tuple[Row | None, RowProblem | None]:
    """The first good row that the mapping gives for the sample; else the first problem."""
    lines: list[dict[str, Any]] = [dict(value) for value in sample]
    if mapping.columns is not None:  # no header: the sample is named after a line of data
        cells = [list(line.values()) for line in lines] or [list(columns)]
        lines = [dict(zip(mapping.columns, line, strict=False)) for line in cells]
    source = [SourceRow(number, line, None) for number, line in enumerate(lines, start=1)]
    found = [row for _, row in mapping.rows(source, options, {})]
    good = next((row for row in found if not isinstance(row, RowProblem)), None)
    return good, next((row for row in found if isinstance(row, RowProblem)), None) if good is None else None
