"""JSON Lines: one object per line. A broken line is a problem of its row only."""

import codecs
import json
from collections.abc import Iterator
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

from annotate.importing.problems import RowProblem
from annotate.importing.readers.encoding import CHUNK, open_text
from annotate.importing.readers.source import SourceRow
from annotate.importing.storable import DEEPEST, unstorable

LONGEST_LINE = 64 << 20


def read_json_lines(path: Path, encoding: str, start: int = 0) -> Iterator[SourceRow]:
    """The rows after the first `start`; blank lines are no rows."""
    number = 0
    for line_number, raw in zip(count(1), _lines(path, encoding), strict=False):
        if raw.isspace():
            continue
        number += 1
        if number <= start:
            continue
        if len(raw) == LONGEST_LINE:
            message = f"line {line_number} is longer than {LONGEST_LINE >> 20} MiB"
            yield SourceRow(number, None, RowProblem("", message))
        else:
            yield parsed_row(number, raw, f"line {line_number}")


def count_lines(path: Path, encoding: str) -> int:
    """The number of lines, blank ones included: what progress is measured against."""
    lines, last = 0, "\n"
    with open_text(path, encoding if _wide(encoding) else "latin-1", newline="") as text:
        while chunk := text.read(CHUNK):
            lines, last = lines + chunk.count("\n"), chunk[-1]
    return lines + (last != "\n")


def parsed_row(number: int, raw: bytes, where: str) -> SourceRow:
    """One line of UTF-8 as a row."""
    try:
        return checked_row(number, json.loads(raw.decode()), where)
    except RowProblem as problem:
        return SourceRow(number, None, problem)
    except UnicodeDecodeError as error:
        message = f"{where} is not valid UTF-8 at its byte {error.start + 1}; save the file as UTF-8"
    except json.JSONDecodeError as error:
        message = f"{where} is not valid JSON: {error.msg} at character {error.pos + 1}"
    except ValueError:  # Python refuses integers of more than 4,300 digits
        message = f"{where} holds a number of more than 4,300 digits; write it as a string"
    except RecursionError:
        message = f"{where} is nested more than {DEEPEST} levels deep; flatten it"
    return SourceRow(number, None, RowProblem("", message))


def checked_row(number: int, value: Any, where: str) -> SourceRow:
    """A decoded value as a row. Raises RowProblem where it is no object or cannot be stored."""
    if not isinstance(value, dict):
        raise RowProblem("", f'{where} holds {_called(value)}; a row is an object, like {{"prompt": …}}')
    problem = unstorable(value)
    if problem:
        raise problem
    return SourceRow(number, value, None)


def _called(value: Any) -> str:
    names = {list: "an array", str: "a string", bool: "true or false", int: "a number", float: "a number"}
    return names.get(type(value), "null")


def _wide(encoding: str) -> bool:
    return encoding.startswith(("utf-16", "utf-32"))


def _lines(path: Path, encoding: str) -> Iterator[bytes]:
    """Lines as UTF-8 bytes. UTF-8 itself is decoded line by line, so that one bad byte costs one row."""
    if not encoding.startswith("utf-8"):
        with open_text(path, encoding) as text:
            for line in text:
                yield line.encode()
        return
    with path.open("rb") as file:
        if file.read(3) != codecs.BOM_UTF8:
            file.seek(0)
        for raw in iter(partial(file.readline, LONGEST_LINE), b""):
            yield raw
            if len(raw) == LONGEST_LINE and not raw.endswith(b"\n"):
                _skip_line(partial(file.readline, LONGEST_LINE))


def _skip_line(readline: "partial[bytes]") -> None:
    while (rest := readline()) and not rest.endswith(b"\n"):
        pass
