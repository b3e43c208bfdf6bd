"""Writes rows to a file as they come: JSONL or Parquet, with a hash of the content beside that of the file."""

import hashlib
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from annotate.errors import Invalid

FILE_TYPES = ("jsonl", "parquet")
ROW_GROUP = 5000


class Writer:
    """A context manager with `write(row)`; on leaving, the file is complete.

    `content` hashes the rows as canonical JSONL, which does not change with the file type or Arrow's version.
    """

    def __init__(self, path: Path, file_type: str, schema: pa.Schema | None) -> None:
        self.path, self.file_type, self.schema = path, file_type, schema
        self.content = hashlib.sha256()
        self.rows = 0
        self.buffer: list[dict[str, Any]] = []

    def __enter__(self) -> "Writer":
        self.put: Callable[[dict[str, Any], bytes], None]
        if self.file_type == "parquet":
            self.parquet = pq.ParquetWriter(self.path, self.schema)
            self.put, self.close = self._put_parquet, self._close_parquet
        else:
            self.file = self.path.open("wb")
            self.put, self.close = lambda row, line: _ignore(self.file.write(line)), self.file.close
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def write(self, row: dict[str, Any]) -> None:
        line = json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
        self.content.update(line)
        self.rows += 1
        self.put(row, line)

    def _put_parquet(self, row: dict[str, Any], line: bytes) -> None:
        self.buffer.append(row)
        if len(self.buffer) >= ROW_GROUP:
            self._flush()

    def _flush(self) -> None:
        self.parquet.write_table(pa.Table.from_pylist(self.buffer, schema=self.schema))
        self.buffer = []

    def _close_parquet(self) -> None:
        if self.buffer or not self.rows:
            self._flush()
        self.parquet.close()


def _ignore(_: Any) -> None:
    return None


def check_file_type(file_type: Any, allowed: Sequence[str] = FILE_TYPES, what: str = "") -> str:
    """Raises `Invalid` for a file type that is not among the allowed ones (those of the format `what`)."""
    if file_type not in allowed:
        right = " or ".join(allowed) + (f" for the format {what}" if what and file_type in FILE_TYPES else "")
        raise Invalid(f"file_type must be {right}", {"file_type": f"must be {right}"})
    return str(file_type)


def file_hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
