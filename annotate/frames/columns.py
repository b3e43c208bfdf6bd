"""The columns of each kind of record. Every array has shape (n,), a row a record; ids are those of the tables."""

from dataclasses import dataclass, fields
from typing import Self

import numpy as np
import numpy.typing as npt

Ids = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Columns:
    """What every record carries.

    `base` tells the base design (a person's answer in a slot of the overlap, first round) from what was asked
    because somebody chose the unit (asked again, adjudicated, repeated) and from judges; only it may be counted in
    figures of reliability. `again` tells what was asked again from silent repeats, `judge` judges from people. `at` is
    when it was answered, in seconds since 1970. `arm` is a code of `annotate.frames.columns.ARMS`.
    """

    annotation: Ids
    unit: Ids
    item: Ids
    group: Ids
    annotator: Ids
    judge: Flags
    round: Ids
    base: Flags
    again: Flags
    arm: Ids
    at: Numbers

    def __len__(self) -> int:
        return len(self.annotation)

    def where(self, chosen: npt.NDArray[np.bool_] | npt.NDArray[np.integer]) -> Self:
        """The rows chosen by a mask or by their numbers, in that order."""
        values = {each.name: getattr(self, each.name) for each in fields(self)}
        return type(self)(**{name: v[chosen] if isinstance(v, np.ndarray) else v for name, v in values.items()})


ARMS = ("", "with", "without")


@dataclass(frozen=True, slots=True)
class Scores(Columns):
    """A number given to a completion; `position` 0 is the first on the screen."""

    completion: Ids
    value: Numbers
    position: Ids


@dataclass(frozen=True, slots=True)
class Preferences(Columns):
    """a against b, in the item's order: `sign` +1 for a, 0 a tie, −1 for b. `strength` is 0 where none was given,
    `probability` (that a is better) NaN where there is none."""

    a: Ids
    b: Ids
    sign: Ids
    strength: Ids
    probability: Numbers
    both_bad: Flags
    a_first: Flags


@dataclass(frozen=True, slots=True)
class Labels(Columns):
    """A chosen option or an answered point: codes into `targets`, `points` and `values` (tuples of texts)."""

    target: Ids
    point: Ids
    value: Ids
    targets: tuple[str, ...]
    points: tuple[str, ...]
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Texts(Columns):
    """A free text: `text` is the same number for the same text, `characters` its length; `target` is a code into
    `targets`."""

    target: Ids
    text: Ids
    characters: Ids
    targets: tuple[str, ...]
