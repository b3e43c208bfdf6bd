"""Mappings that make one item of several rows."""

from abc import abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from annotate.importing.mapping.base import MappedRow, Options, Row, RowMapping, attempt
from annotate.importing.problems import RowProblem
from annotate.importing.readers.source import SourceRow

MOST_JOINED = 100


class JoinedMapping(RowMapping):
    """Consecutive rows with the same prompt, one item (of at most MOST_JOINED rows)."""

    @abstractmethod
    def prompt(self, value: Mapping[str, Any]) -> str:
        """What joins rows. Raises RowProblem."""

    @abstractmethod
    def item(self, values: Sequence[Mapping[str, Any]], options: Options) -> Row:
        """The item of rows that share a prompt. Raises RowProblem."""

    def row(self, value: Mapping[str, Any], options: Options) -> Row:
        return self.item([value], options)

    def rows(
        self, source: Iterable[SourceRow], options: Options, companions: Mapping[str, Path]
    ) -> Iterator[MappedRow]:
        group: list[Row] = []
        shared, last = "", 0
        waiting: list[MappedRow] = []  # a bad row does not tear the rows around it apart
        for number, value, error in source:
            prompt = error or self._prompt(value or {})
            if isinstance(prompt, RowProblem):
                waiting.append((number, prompt))
                continue
            if group and (prompt != shared or len(group) == MOST_JOINED):
                yield from self._in_order(last, group, waiting, options)
                group, waiting = [], []
            group.append(value or {})
            shared, last = prompt, number
        yield from self._in_order(last, group, waiting, options)

    def _in_order(
        self, last: int, group: Sequence[Row], waiting: Sequence[MappedRow], options: Options
    ) -> Iterator[MappedRow]:
        item = [(last, attempt(self.item, group, options))] if group else []
        yield from sorted([*waiting, *item], key=lambda row: row[0])

    def _prompt(self, value: Mapping[str, Any]) -> str | RowProblem:
        try:
            return self.prompt(value)
        except RowProblem as problem:
            return problem
