"""The five shares in words, and the table of sides with its margins."""

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
