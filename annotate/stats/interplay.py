"""The interplay of feedback and evaluation (*Peering Through Preferences*, arXiv 2308.15812).

Models trained on ratings or on rankings are evaluated by ratings or by rankings. Each cell of the 2×2 table is a win
rate against one reference: a win counts 1, a tie ½, a loss 0, plus or minus 1.96 standard errors of the mean. The
interaction is (rr − kr) − (rk − kk), with cells named trained on, evaluated by, r ratings and k rankings: how much
better the model of either feedback does under its own protocol than under the other.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from annotate.stats.intervals import NOTHING, Figure, without

Cell = tuple[str, str]
Counts = tuple[int, int, int]
PROTOCOLS = ("rating", "ranking")
CELLS: tuple[Cell, ...] = tuple((trained, by) for trained in PROTOCOLS for by in PROTOCOLS)
Z = 1.96


@dataclass(frozen=True, slots=True)
class Interplay:
    """`cells` are win rates between 0 and 1 by (trained on, evaluated by); n counts comparisons. `interaction` is
    above 0 where each protocol favours the model that was trained on it; None until all four cells are there."""

    cells: dict[Cell, Figure]
    interaction: Figure


def interplay(counts: Mapping[Cell, Counts]) -> Interplay:
    """The table of (wins, ties, losses) by cell; cells may be missing. Raises ValueError for negative counts and
    unknown cells."""
    if unknown := set(counts) - set(CELLS):
        raise ValueError(f"{sorted(unknown)} are no cells; they are {CELLS}")
    found = {cell: win_rate(*counts[cell]) if cell in counts else (NOTHING, 0.0) for cell in CELLS}
    cells = {cell: rate for cell, (rate, _) in found.items()}
    return Interplay(cells, _interaction(cells, {cell: error for cell, (_, error) in found.items()}))


def win_rate(wins: int, ties: int, losses: int) -> tuple[Figure, float]:
    """The mean of 1, ½ and 0 with its interval, and its standard error.

    Where all comparisons came out alike there is no error to tell; the interval then goes the share 1 − .025^(1/n) of
    the way to either bound, which for 0 and 1 is Clopper–Pearson."""
    if min(wins, ties, losses) < 0:
        raise ValueError("wins, ties and losses must not be negative")
    n = wins + ties + losses
    if not n:
        return NOTHING, 0.0
    value = (wins + ties / 2) / n
    squares = wins * (1 - value) ** 2 + ties * (0.5 - value) ** 2 + losses * value**2
    error = float(np.sqrt(squares / (n - 1) / n)) if n > 1 else 0.0
    if error:
        return Figure(value, (max(0.0, value - Z * error), min(1.0, value + Z * error)), n, n, "1.96 SEM"), error
    unlike = 1 - 0.025 ** (1 / n)
    return Figure(value, (value * (1 - unlike), value + unlike * (1 - value)), n, n, "no variation"), unlike / Z


def _interaction(cells: Mapping[Cell, Figure], errors: Mapping[Cell, float]) -> Figure:
    n = sum(rate.n for rate in cells.values())
    values = [rate.value for rate in cells.values()]
    if any(value is None for value in values):
        return without(Figure(None, None, n, n, ""), "all four cells are needed")
    rr, rk, kr, kk = (value or 0.0 for value in values)
    found, error = (rr - kr) - (rk - kk), float(np.sqrt(sum(each**2 for each in errors.values())))
    return Figure(found, (max(-2.0, found - Z * error), min(2.0, found + Z * error)), n, n, "1.96 SEM")
