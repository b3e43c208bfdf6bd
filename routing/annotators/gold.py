"""Which answers are the gold ones."""

from typing import Any

import numpy as np

from annotate.frames import Asks, Frames, Labels, Preferences, Scores
from annotate.frames.columns import Ids
from annotate.frames.things import numbered
from annotate.kinds import Asked
from annotate.kinds.source import Source
from annotate.models import Completion, Item, Unit
from routing.agreement.coded import Coded
from routing.reliability.labels import Label, Thing, gold_labels

NO_GOLD, WRONG, RIGHT = -1, 0, 1
MOST_ITEMS = 20_000
Known = list[tuple[int, int, int, float]]
"""Unit, the two numbers that name a thing in it, and the gold answer as the rows write it."""


def gold_hits(frames: Frames, held: Coded) -> Ids:
    """For each row of a question 1 where it says what gold says, 0 where not, −1 without gold; shape (n,). Of more than
    20,000 gold items the first count."""
    one, two, said = _named(held.rows)
    known = _known(frames, held.asks, held.rows) if len(held) else []
    if not known:
        return np.full(len(held), NO_GOLD)
    unit, first, second = (np.array([row[n] for row in known], np.int64) for n in range(3))
    truth = np.array([row[3] for row in known])
    both = ((held.rows.unit, unit), (one, first), (two, second))
    code = numbered(*(np.concatenate(columns) for columns in both))
    right = np.full(int(code.max()) + 1, np.nan)
    right[code[len(held) :]] = truth
    wanted = right[code[: len(held)]]
    return np.where(np.isnan(wanted), NO_GOLD, np.where(np.abs(said - wanted) < 1e-9, RIGHT, WRONG)).astype(np.int64)


def _named(rows: Any) -> tuple[Ids, Ids, Any]:
    """What each row is about, as two numbers, and what it says."""
    if isinstance(rows, Preferences):
        return rows.a, rows.b, rows.sign.astype(float)
    if isinstance(rows, Labels):
        return rows.target, rows.point, rows.value.astype(float)
    if isinstance(rows, Scores):
        return rows.completion, np.zeros(len(rows), np.int64), rows.value
    raise TypeError(f"{type(rows).__name__} has no answers to hold against gold")


def _known(frames: Frames, asks: Asks, rows: Any) -> Known:
    golden = Item.objects.filter(campaign=frames.campaign, withdrawn_at=None, gold__answers__has_key=asks.name)
    items = {item.pk: item for item in golden.only("gold", "points").order_by("pk")[:MOST_ITEMS]}
    if not items:
        return []
    keys = Completion.objects.filter(item__in=items).values_list("item", "key", "pk")
    completions = {(item, key): pk for item, key, pk in keys}
    known: Known = []
    for unit, item, shown in Unit.objects.filter(item__in=items, view=asks.view).values_list("pk", "item", "keys"):
        source = Source(points=items[item].points) if asks.config.get("points_from") == "item" else Source()
        asked = Asked(asks.name, asks.kind, asks.config, shows=asks.shows, keys=tuple(shown), source=source)
        for thing, label in gold_labels(asked, items[item].gold).items():
            if (row := _row(rows, completions, item, thing, label)) is not None:
                known.append((unit, *row))
    return known


def _row(
    rows: Any, completions: dict[tuple[int, str], int], item: int, thing: Thing, label: Label
) -> tuple[int, int, float] | None:
    """A gold label as the rows write it; None where nobody's answer could be it."""
    if isinstance(rows, Labels):
        target, point = (*thing, "")[:2]
        try:
            return rows.targets.index(target), rows.points.index(point), _code(rows, label)
        except ValueError:
            return None
    ids = [completions.get((item, key), 0) for key in thing]
    return ids[0], ids[1] if len(ids) > 1 else 0, float(label)


def _code(rows: Labels, label: Label) -> float:
    """The code of a label; one that nobody gave makes every answer wrong."""
    return float(rows.values.index(str(label))) if str(label) in rows.values else -1.0
