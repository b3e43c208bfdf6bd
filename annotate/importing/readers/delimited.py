"""CSV and TSV: a header, then rows; values are strings."""

import csv
from collections.abc import Iterator, Sequence
from itertools import count, islice
from pathlib import Path

from annotate.importing.problems import FileProblem, RowProblem
from annotate.importing.readers.encoding import open_text
from annotate.importing.readers.source import SourceRow
from annotate.importing.storable import unstorable

DELIMITERS = (",", ";", "\t")
LONGEST_CELL = 16 << 20
SNIFFED_ROWS = 20


def read_delimited(
    path: Path, encoding: str, delimiter: str, start: int = 0, columns: Sequence[str] | None = None
) -> Iterator[SourceRow]:
    """The rows after the first `start`. With `columns` the file has no header, and these name its cells."""
    csv.field_size_limit(LONGEST_CELL)
    with open_text(path, encoding, newline="") as text:
        reader = csv.reader(text, delimiter=delimiter, strict=True)
        names = list(columns) if columns is not None else _header(reader)
        number = 0
        while True:
            problem, cells = None, []
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                problem = RowProblem("", f"line {reader.line_num} is not valid CSV: {error}")
            if cells or problem:
                number += 1
                if number > start:
                    yield _row(number, names, cells, problem, reader.line_num)


def header_of(path: Path, encoding: str, delimiter: str) -> list[str]:
    """The names of the columns: an unnamed one is `column_N`, the second `answer` is `answer_2`."""
    csv.field_size_limit(LONGEST_CELL)
    with open_text(path, encoding, newline="") as text:
        return _header(csv.reader(text, delimiter=delimiter, strict=True))


def sniff_delimiter(path: Path, encoding: str) -> str:
    """The delimiter that gives most columns while most of the first rows agree on their number."""
    default = "\t" if path.suffix.lower() in (".tsv", ".tab") else ","
    widths = {delimiter: _width(path, encoding, delimiter) for delimiter in DELIMITERS}
    best = max(DELIMITERS, key=lambda delimiter: widths[delimiter])
    return best if widths[best] > (0, 1) and widths[best] > widths[default] else default


def _width(path: Path, encoding: str, delimiter: str) -> tuple[float, int]:
    """(share of rows as wide as the header, number of columns); (0, 0) where that is one column."""
    csv.field_size_limit(LONGEST_CELL)
    try:
        with open_text(path, encoding, newline="") as text:
            rows = [row for row in islice(csv.reader(text, delimiter=delimiter, strict=True), SNIFFED_ROWS) if row]
    except csv.Error:
        return 0, 0
    if not rows or len(rows[0]) < 2:
        return 0, 0
    return sum(len(row) == len(rows[0]) for row in rows) / len(rows), len(rows[0])


def _header(reader: Iterator[list[str]]) -> list[str]:
    try:
        cells = next(filter(None, reader), [])
    except csv.Error as error:
        raise FileProblem(f"The first line of the file is not valid CSV: {error}.") from error
    names: list[str] = []
    for index, cell in enumerate(cells, start=1):
        names.append(_unlike(cell.strip() or f"column_{index}", names))
    if "\0" in "".join(names):
        raise FileProblem("The header contains a NUL character; remove it.")
    return names


def _unlike(name: str, taken: Sequence[str]) -> str:
    numbered = (f"{name}_{index}" for index in count(2))
    return name if name not in taken else next(other for other in numbered if other not in taken)


def _row(number: int, names: Sequence[str], cells: Sequence[str], problem: RowProblem | None, line: int) -> SourceRow:
    if problem:
        return SourceRow(number, None, problem)
    if len(cells) != len(names):
        message = (
            f"has {len(cells)} columns; {len(names)} are expected (line {line}): {', '.join(names)[:200]}."
            " A value that contains the delimiter, a quote or a line break must be in double quotes"
        )
        return SourceRow(number, None, RowProblem("", message))
    value = dict(zip(names, cells, strict=True))
    wrong = unstorable(value)
    return SourceRow(number, None, wrong) if wrong else SourceRow(number, value, None)
