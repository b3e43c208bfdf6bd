"""What a reader gives."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from annotate.importing.problems import RowProblem

ACCEPTED = {
    "jsonl": "JSON Lines (.jsonl, .ndjson): one object per line",
    "json": "JSON (.json): an array of objects",
    "csv": "CSV or TSV (.csv, .tsv): a header and one row per line, separated by comma, semicolon or tab",
    "parquet": "Parquet (.parquet)",
}
EXTENSIONS = {
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "json",
    ".csv": "csv",
    ".tsv": "csv",
    ".tab": "csv",
    ".parquet": "parquet",
    ".pq": "parquet",
}
ACCEPTED_TEXT = "Crosscheck reads " + "; ".join(ACCEPTED.values()) + "."


class SourceRow(NamedTuple):
    """A data row, counted from 1 (a CSV header is no row): its value, or what is wrong with it."""

    number: int
    value: dict[str, Any] | None
    error: RowProblem | None


@dataclass(frozen=True, slots=True)
class Source:
    """What a file is: its type (a key of ACCEPTED), its encoding (None for Parquet), its first rows.

    `columns` are the fields in order of appearance; for a CSV they are the cells of its first line.
    `delimiter` is set for CSV only. `sample_rows` holds good rows only.
    """

    file_type: str
    encoding: str | None
    columns: Sequence[str]
    sample_rows: Sequence[Mapping[str, Any]]
    delimiter: str | None = None
