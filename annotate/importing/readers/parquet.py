"""Parquet, in batches. pyarrow takes some 50 MB, so a process that reads none never loads it."""

import base64
import datetime
import decimal
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from annotate.importing.problems import FileProblem
from annotate.importing.readers.source import SourceRow
from annotate.importing.storable import unstorable

BATCH = 200


def read_parquet(path: Path, start: int = 0) -> Iterator[SourceRow]:
    """The rows after the first `start`; row groups before them are not read."""
    import pyarrow

    file = _open(path)
    number = 0
    groups: list[int] = []
    for group in range(file.metadata.num_row_groups):
        rows = file.metadata.row_group(group).num_rows
        if not groups and number + rows <= start:
            number += rows
        else:
            groups.append(group)
    try:
        for batch in file.iter_batches(batch_size=BATCH, row_groups=groups) if groups else ():
            skipped = min(max(start - number, 0), batch.num_rows)
            number += skipped
            for value in batch.slice(skipped).to_pylist(maps_as_pydicts="lossy"):
                number += 1
                yield _row(number, value)
    except (pyarrow.ArrowException, OSError) as error:
        raise FileProblem(
            f"The Parquet file is damaged behind row {number}: {error}. Only the rows before could be read;"
            " write the file again and import it: nothing is added twice."
        ) from error


def count_parquet(path: Path) -> int:
    """The number of rows, from the file's metadata."""
    return int(_open(path).metadata.num_rows)


def parquet_columns(path: Path) -> list[str]:
    """The names of the columns. Raises FileProblem where two are the same."""
    names = list(_open(path).schema_arrow.names)
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise FileProblem(f"The file has {', '.join(map(repr, twice))} more than once; rename a column.")
    return names


def _open(path: Path) -> Any:
    import pyarrow
    from pyarrow import parquet

    try:
        return parquet.ParquetFile(path)
    except (pyarrow.ArrowException, OSError) as error:
        raise FileProblem(
            f"The Parquet file cannot be read ({error}); it may be cut off. Write or upload it again."
        ) from error


def _row(number: int, value: dict[str, Any]) -> SourceRow:
    row = {name: jsonable(part) for name, part in value.items()}
    problem = unstorable(row)
    return SourceRow(number, None, problem) if problem else SourceRow(number, row, None)


def jsonable(value: Any) -> Any:
    """A value of pyarrow in JSON's types: times in ISO 8601, durations in seconds, binary data in base64."""
    if value is None or isinstance(value, str | bool | int | float):
        return value
    if isinstance(value, dict):
        return {str(name): jsonable(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [jsonable(part) for part in value]
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, datetime.timedelta):
        return value.total_seconds()
    if isinstance(value, decimal.Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, uuid.UUID):
        return str(value)
    raise TypeError(f"no JSON for {type(value).__name__}")
