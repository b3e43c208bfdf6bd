"""What a mapping is: how rows of a known or described shape become rows of ours."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

from annotate.errors import Invalid
from annotate.importing.problems import RowProblem
from annotate.importing.readers.source import SourceRow

Row = dict[str, Any]
Options = Mapping[str, Any]
Sample = Sequence[Mapping[str, Any]]
MappedRow = tuple[int, Row | RowProblem]


class RowMapping(ABC):
    """One source row, one item. `describe` is one sentence for the person who chooses.

    `columns` names the cells of a CSV without a header (pass them to `read_rows`); `companions` says which
    further files the mapping takes, `options` what can be set, each with a sentence.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    describe: ClassVar[str]
    columns: ClassVar[Sequence[str] | None] = None
    companions: ClassVar[Mapping[str, str]] = {}
    options: ClassVar[Mapping[str, str]] = {}

    @abstractmethod
    def matches(self, columns: Sequence[str], sample: Sample) -> float:
        """How surely a file with these columns and first rows is meant for this mapping, from 0 to 1.

        Of a CSV `columns` is the first line, though that is data where the file has no header.
        """

    @abstractmethod
    def row(self, value: Mapping[str, Any], options: Options) -> Row:
        """The row in our shape. Raises RowProblem naming the source's field."""

    def remarks(self, row: Row) -> Sequence[RowProblem]:
        """What somebody should know about a mapped row that goes in: the import lists it beside the row errors."""
        return ()

    def proposes(self, options: Options) -> Sequence[Row] | None:
        """Questions that take everything such a file holds, named as `options` name them; None to leave it open."""
        return None

    def guess(self, columns: Sequence[str], sample: Sample) -> Row:
        """The options that fit the file."""
        return {}

    def check(self, options: Options, columns: Sequence[str]) -> None:
        """Raises Invalid where an option is not one of ours, or does not fit the file's columns."""
        for name in options:
            if name not in self.options:
                known = f"its options are {', '.join(self.options)}" if self.options else "it has no options"
                raise Invalid(f"the mapping {self.name!r} has no option {name!r}; {known}", {name: known})

    def rows(
        self, source: Iterable[SourceRow], options: Options, companions: Mapping[str, Path]
    ) -> Iterator[MappedRow]:
        """(row number, row in our shape or what is wrong), for every source row.

        Numbers grow. Where rows are joined, the number is that of the last one, so that work that was
        interrupted goes on by dropping what it has dealt with, up to and including a number.
        """
        for number, value, error in source:
            yield number, error or attempt(self.row, value or {}, options)


def attempt(make: Callable[[Any, Options], Row], value: Any, options: Options) -> Row | RowProblem:
    """What `make` gives, or its RowProblem as a value."""
    try:
        return make(value, options)
    except RowProblem as problem:
        return problem
