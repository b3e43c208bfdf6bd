"""What an uploaded file would become: the mapping that is meant, and the first item it gives."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from annotate.errors import Invalid
from annotate.importing.mapping import Guess, RowMapping, guess
from annotate.importing.problems import FileProblem, RowProblem
from annotate.importing.readers import SAMPLED, Source, detect, read_rows
from annotate.importing.rows import ItemRow, parse_row

Check = Callable[[int, ItemRow], object]
"""Raises `RowProblem` where the row does not fit the campaign."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A file as it looks: `name` is what the user calls it."""

    path: Path
    name: str
    source: Source
    guess: Guess


@dataclass(frozen=True, slots=True)
class Tried:
    """The first rows as they would be imported. `problem` is about the file or the mapping as a whole."""

    item: ItemRow | None = None
    good: int = 0
    problems: Sequence[tuple[int, RowProblem]] = ()
    completions: Sequence[int] = ()
    problem: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        return self.good + len(self.problems)


def looked_at(path: Path, name: str) -> Candidate:
    """Raises `FileProblem` for a file that cannot be read, or of whose first rows none can."""
    source = detect(path)
    if not source.sample_rows:
        first = next(read_rows(path, source.file_type), None)
        if first and first.error:
            raise FileProblem(f"None of the first rows can be read. Row {first.number}: {first.error}")
    return Candidate(path, name, source, guess(source.columns, source.sample_rows))


def main_of(candidates: Sequence[Candidate], mappings: Mapping[str, RowMapping]) -> int:
    """Which of several files has the items: the one whose mapping takes another as its companion, else the surest."""

    def rank(index: int) -> tuple[bool, float, int]:
        one = candidates[index].guess
        return bool(mappings[one.mapping].companions), one.confidence, -index

    return max(range(len(candidates)), key=rank)


def tried(
    candidate: Candidate,
    mapping: RowMapping,
    options: Mapping[str, Any],
    companions: Mapping[str, Path],
    check: Check,
) -> Tried:
    """The first SAMPLED rows through the mapping and the campaign's check; nothing is written."""
    try:
        mapping.check(options, candidate.source.columns)
        source = read_rows(candidate.path, candidate.source.file_type, columns=mapping.columns)
        found = list(islice(mapping.rows(source, options, companions), SAMPLED))
    except Invalid as error:
        return Tried(problem=error.message, fields=error.fields)
    items: list[ItemRow] = []
    problems = []
    for number, value in found:
        try:
            if isinstance(value, RowProblem):
                raise value
            item = parse_row(value)
            check(number, item)
            items.append(item)
        except RowProblem as problem:
            problems.append((number, problem))
    return Tried(
        items[0] if items else None,
        len(items),
        problems,
        [len(item.completions) for item in items],
        "" if found else "The file has no rows.",
    )
