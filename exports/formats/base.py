"""What an export format is: it turns decided pairs into rows that a trainer takes."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import pyarrow as pa

from annotate.models import Completion
from annotate.texts import Message

Prompt = str | list[Message]


@dataclass(frozen=True, slots=True)
class Pair:
    """A decided comparison: `chosen` beat `rejected` by majority.

    `votes` counts the annotations for chosen, tie and rejected; `strength` is the mean signed strength for
    chosen (a tie or a vote without strength being 0 or 1), None where the question asks for none.
    """

    item: str
    question: str
    prompt: Prompt
    chosen: Completion
    rejected: Completion
    votes: tuple[int, int, int]
    strength: float | None
    annotations: list[int]
    judged: bool


class Dropped(Exception):
    """The pair cannot become a row of this format; the argument is the reason that the manifest counts."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Format(ABC):
    """One export format: one file in this package."""

    name: ClassVar[str]
    title: ClassVar[str]
    describe: ClassVar[str]

    @abstractmethod
    def row(self, pair: Pair, options: Mapping[str, Any]) -> dict[str, Any]:
        """The row of a pair. Raises `Dropped`."""

    @abstractmethod
    def schema(self, options: Mapping[str, Any]) -> pa.Schema:
        """The Arrow schema of the rows."""


TEXT = pa.string()
MESSAGES = pa.list_(pa.struct([("role", TEXT), ("content", TEXT)]))
TRACE = [("item", TEXT), ("question", TEXT), ("annotation_ids", pa.list_(pa.int64()))]


def trace(pair: Pair) -> dict[str, Any]:
    """The columns that lead from a row back to the annotations behind it."""
    return {"item": pair.item, "question": pair.question, "annotation_ids": pair.annotations}
