"""The long table behind the report: one row for each thing that a judge labelled."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from routing.reliability.labels import Label, Thing

Reference = Literal["people", "gold"]
REFERENCES: tuple[Reference, ...] = ("people", "gold")


@dataclass(slots=True)
class Row:
    """One thing of one unit. `label` is the judge's first answer, None where there is none; `again` its repeats.

    `people` are the labels of the people of the base design. Of a pair taken in both orders, `orders` are
    P(first slot) with its first completion in the first slot, and in the second; `longer` is +1 where the first
    completion of a pair is the longer, −1 where the second is, 0 where neither.
    """

    unit: int
    item: str
    cluster: int
    thing: Thing
    is_pair: bool = False
    label: Label | None = None
    confidence: float | None = None
    orders: tuple[float, float] | None = None
    longer: int = 0
    again: list[Label] = field(default_factory=list)
    people: list[Label] = field(default_factory=list)
    gold: Label | None = None
    fitted: bool = False

    def reference(self, name: Reference) -> Label | None:
        """The label it is held against; None where there is none, and where the judge was fitted on it."""
        if self.fitted:
            return None
        return self.gold if name == "gold" else majority(self.people, self.is_pair)

    @property
    def s1(self) -> float | None:
        return self.orders[0] if self.orders else None

    @property
    def s2(self) -> float | None:
        return self.orders[1] if self.orders else None

    @property
    def rounds(self) -> list[Label]:
        return self.again if self.label is None else [self.label, *self.again]


@dataclass(slots=True)
class Table:
    """The rows of one judge and question, in the order of their units, and what was left out of them."""

    question: str
    kind: str
    rows: list[Row] = field(default_factory=list)
    routed: int = 0
    fitted: int = 0

    def against(self, name: Reference) -> list[tuple[Row, Label]]:
        """The rows with a reference, whether or not the judge decided."""
        return [(row, label) for row in self.rows if (label := row.reference(name)) is not None]


def majority(labels: Sequence[Label], is_pair: bool = False) -> Label | None:
    """The most frequent label. Where several are, a pair is a tie (0), and anything else has no majority."""
    counts = Counter(labels).most_common(2)
    if not counts:
        return None
    if len(counts) == 2 and counts[0][1] == counts[1][1]:
        return 0 if is_pair else None
    return counts[0][0]
