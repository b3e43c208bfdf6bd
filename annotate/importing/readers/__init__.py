"""Streaming readers of JSON Lines, JSON arrays, CSV and Parquet: constant memory, row-level problems."""

from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from annotate.importing.readers.delimited import header_of, read_delimited, sniff_delimiter
from annotate.importing.readers.detect import file_type_of
from annotate.importing.readers.encoding import encoding_of, undecodable
from annotate.importing.readers.json_array import read_json_array
from annotate.importing.readers.json_lines import count_lines, read_json_lines
from annotate.importing.readers.parquet import count_parquet, parquet_columns, read_parquet
from annotate.importing.readers.source import Source, SourceRow

__all__ = ["SAMPLED", "Source", "SourceRow", "count_rows", "detect", "read_rows"]

SAMPLED = 20


def read_rows(
    path: Path, file_type: str | None = None, *, start: int = 0, columns: Sequence[str] | None = None
) -> Iterator[SourceRow]:
    """The rows of a file after the first `start` ones, one at a time.

    `file_type` is a key of `ACCEPTED`, found by the content where it is left out. `columns` names the cells
    of a CSV without a header. A bad row comes with its RowProblem and reading goes on; FileProblem is raised
    where it cannot, at once or behind the rows that could be read.
    """
    found = file_type_of(path, file_type)
    if found == "parquet":
        return read_parquet(path, start)
    encoding = _encoding(path, found)
    if found == "jsonl":
        return read_json_lines(path, encoding, start)
    if found == "json":
        return read_json_array(path, encoding, start)
    return read_delimited(path, encoding, sniff_delimiter(path, encoding), start, columns)


def detect(path: Path, file_type: str | None = None) -> Source:
    """What the file is, with its columns and up to SAMPLED good rows. Raises FileProblem."""
    found = file_type_of(path, file_type)
    encoding = None if found == "parquet" else _encoding(path, found)
    delimiter = sniff_delimiter(path, encoding) if found == "csv" and encoding else None
    sample = [row.value for row in islice(read_rows(path, found), SAMPLED) if row.value is not None]
    if delimiter and encoding:
        columns = header_of(path, encoding, delimiter)
    elif found == "parquet":
        columns = parquet_columns(path)
    else:
        columns = list(dict.fromkeys(name for value in sample for name in value))
    return Source(found, encoding, columns, sample, delimiter)


def count_rows(path: Path, file_type: str | None = None) -> int | None:
    """How many rows to expect, for progress: exact for Parquet, lines for JSON Lines, else None."""
    found = file_type_of(path, file_type)
    if found == "parquet":
        return count_parquet(path)
    return count_lines(path, _encoding(path, found)) if found == "jsonl" else None


def _encoding(path: Path, file_type: str) -> str:
    encoding, bad = encoding_of(path)
    # One bad byte costs JSON Lines one row; elsewhere the rest of the file cannot be trusted.
    if bad is not None and file_type != "jsonl":
        raise undecodable(encoding, bad)
    if bad is not None and not encoding.startswith("utf-8"):
        raise undecodable(encoding, bad)
    return encoding
