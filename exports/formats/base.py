"""What an export format is: it turns what it reads (decided pairs, or whole items) into rows."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, Literal, TypeVar

import pyarrow as pa

from annotate.models import Annotation, Completion, Item
from annotate.texts import Message
from exports.files import FILE_TYPES

Prompt = str | list[Message]


@dataclass(frozen=True, slots=True)
class Pair:
    """A decided comparison: `chosen` beat `rejected`, by votes or because a researcher `adjudicated` it.

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
    adjudicated: bool = False


@dataclass(frozen=True, slots=True)
class Whole:
    """An item with its completions, and all annotations of it with their unit, view, assignment and annotator.

    `names` are the annotators' by id: where two of one kind have the same, the later one's has its id behind it.
    """

    item: Item
    answered: list[Annotation]
    names: Mapping[int, str]

    @property
    def annotations(self) -> list[int]:
        return [annotation.pk for annotation in self.answered]

    @property
    def judged(self) -> bool:
        """Whether judges answered, and nobody else."""
        return bool(self.answered) and all(one.annotator.kind == "judge" for one in self.answered)

    @property
    def adjudicated(self) -> bool:
        """An item is exported as it was answered."""
        return False


class Dropped(Exception):
    """The pair cannot become a row of this format; the argument is the reason that the manifest counts."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


Read = TypeVar("Read", Pair, Whole)


class Format(ABC, Generic[Read]):
    """One export format: one file in this package. `reads` says what it makes rows of."""

    name: ClassVar[str]
    title: ClassVar[str]
    describe: ClassVar[str]
    reads: ClassVar[Literal["pairs", "items"]] = "pairs"
    file_types: ClassVar[Sequence[str]] = FILE_TYPES

    @abstractmethod
    def row(self, read: Read, options: Mapping[str, Any]) -> dict[str, Any]:
        """The row of a pair or an item. Raises `Dropped`."""

    def schema(self, options: Mapping[str, Any]) -> pa.Schema | None:
        """The Arrow schema of the rows; None where they have none, and Parquet is not among the file types."""
        return None


TEXT = pa.string()
MESSAGES = pa.list_(pa.struct([("role", TEXT), ("content", TEXT)]))
TRACE = [("item", TEXT), ("question", TEXT), ("annotation_ids", pa.list_(pa.int64()))]


def trace(pair: Pair) -> dict[str, Any]:
    """The columns that lead from a row back to the annotations behind it."""
    return {"item": pair.item, "question": pair.question, "annotation_ids": pair.annotations}
