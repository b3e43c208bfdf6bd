"""A judge against itself: both orders of a pair, and repeats of the same question."""

from typing import Any

import numpy as np

from annotate.stats.orders import orders
from annotate.stats.repeats import Repeats, repeats
from routing.reliability.figures import plain, sampled
from routing.reliability.table import Reference, Table

MOST_POINTS = 400


def both_orders(table: Table) -> dict[str, Any] | None:
    """Flips, the first slot's share and the slot bias, with pairs to draw; None where no pair has both orders."""
    taken = [(row.orders, row.cluster) for row in table.rows if row.orders is not None]
    if not taken:
        return None
    s1, s2 = np.array([both for both, _ in taken], float).T
    figures: dict[str, Any] = plain(orders(s1, s2, [cluster for _, cluster in taken]))
    figures["points"] = [[round(each, 4) for each in both] for both, _ in sampled(taken, MOST_POINTS)]
    sides = np.sign(s1 - 0.5).astype(int), -np.sign(s2 - 0.5).astype(int)
    figures["sides"] = [[int(np.sum((sides[0] == i) & (sides[1] == j))) for j in (1, 0, -1)] for i in (1, 0, -1)]
    return figures


def repeated(table: Table, reference: Reference) -> Repeats | None:
    """The figures of units that were asked again; None where none was."""
    rows = [row for row in table.rows if row.rounds]
    if not any(len(row.rounds) > 1 for row in rows):
        return None
    clusters = [row.cluster for row in rows]
    return repeats([row.rounds for row in rows], clusters, [row.reference(reference) for row in rows])
