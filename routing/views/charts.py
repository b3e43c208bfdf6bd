"""The geometry of the charts: SVG made of attributes alone, in percent of its width, with a table behind each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from annotate.stats.consistency import SIDES

SHARES = (
    ("agree", "Agree", "both name the same side"),
    ("both_equal", "Both equal", "equal ratings, and a tie in the ranking"),
    ("contradict", "Contradict", "they name opposite sides"),
    ("rating_only", "Only the ratings decide", "the ratings differ, the ranking is a tie"),
    ("ranking_only", "Only the ranking decides", "the ratings are equal, the ranking names a side"),
)
CONSISTENT = ("agree", "both_equal")
NARROWEST_LETTER = 3.0  # percent of the width below which a letter does not fit


@dataclass(frozen=True, slots=True)
class Segment:
    """One share of a stacked bar: `x`, `width` and `middle` are percentages of the bar."""

    name: str
    letter: str
    title: str
    meaning: str
    share: float
    x: float
    width: float

    @property
    def consistent(self) -> bool:
        return self.name in CONSISTENT

    @property
    def middle(self) -> float:
        return round(self.x + self.width / 2, 2)

    @property
    def has_letter(self) -> bool:
        return self.width >= NARROWEST_LETTER


def stacked(shares: Mapping[str, float]) -> list[Segment]:
    """The five shares side by side, the consistent ones first; together they are the whole width."""
    segments, x = [], 0.0
    for letter, (name, title, meaning) in zip("abcde", SHARES, strict=True):
        width = 100 * shares[name]
        segments.append(Segment(name, letter, title, meaning, shares[name], round(x, 2), round(width, 2)))
        x += width
    return segments


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row of the 3×3 table: the rating's side, then (count, whether on the diagonal) per ranking side."""

    side: str
    cells: Sequence[tuple[int, bool]]
    total: int


SIDE_WORDS = {"A": "first", "B": "second", "equal": "equal"}


def three_by_three(table: Mapping[str, Mapping[str, int]]) -> dict[str, Any]:
    """The table with its margins, for the template."""
    rows = [
        TableRow(SIDE_WORDS[side], [(table[side][other], side == other) for other in SIDES], sum(table[side].values()))
        for side in SIDES
    ]
    totals = [sum(table[side][other] for side in SIDES) for other in SIDES]
    return {"sides": [SIDE_WORDS[side] for side in SIDES], "rows": rows, "totals": totals, "n": sum(totals)}
