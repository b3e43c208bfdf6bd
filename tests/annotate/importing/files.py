"""Writing small files and reading them back."""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from annotate.importing.problems import RowProblem
from annotate.importing.readers import SourceRow, read_rows


def write(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def write_lines(folder: Path, rows: Iterable[Any], name: str = "rows.jsonl") -> Path:
    return write(folder, name, "".join(json.dumps(row) + "\n" for row in rows))


def values(path: Path, **how: Any) -> list[dict[str, Any] | None]:
    return [row.value for row in read_rows(path, **how)]


def problems(path: Path, **how: Any) -> list[tuple[int, str]]:
    return [(row.number, str(row.error)) for row in read_rows(path, **how) if row.error]


def source(rows: Sequence[dict[str, Any] | RowProblem]) -> list[SourceRow]:
    return [
        SourceRow(number, None, row) if isinstance(row, RowProblem) else SourceRow(number, row, None)
        for number, row in enumerate(rows, start=1)
    ]
