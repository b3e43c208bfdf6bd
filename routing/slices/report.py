"""The report: every question's slices against the rest, with the false discovery rate under control per question."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from annotate.frames import Asks, Frames
from annotate.frames.columns import Flags, Ids
from annotate.frames.slices import FEWEST, Slice, slicing
from annotate.stats.discovery import adjusted
from routing.reliability.figures import plain
from routing.slices.headline import headline
from routing.slices.measures import Measure, counted, measures

RATE = 0.05
MOST_SLICES = 120
DIGITS = 5
NOTHING: Mapping[str, Any] = {"computed_at": None, "rate": RATE, "questions": [], "left_out": [], "headline": []}
"""What stands for a report that was not made yet."""


def slices(frames: Frames) -> dict[str, Any]:
    """For each question and slice: the slice's figures, their difference from the rest, and which are discoveries."""
    found = slicing(frames)
    questions = [
        each
        for asks in frames.questions.values()
        if asks.scale not in ("span", "text") and (each := _of_question(frames, asks, found.slices)) is not None
    ]
    return {
        "rate": RATE,
        "fewest": FEWEST,
        "questions": questions,
        "left_out": [{"key": each.key, "why": each.why} for each in found.left_out],
        "headline": headline(questions),
    }


def _of_question(frames: Frames, asks: Asks, slices: tuple[Slice, ...]) -> dict[str, Any] | None:
    found = counted(frames, asks)
    if not len(found):
        return None
    rows = found.rows
    unit = np.unique(rows.unit, return_inverse=True)[1]
    masks = [(each, each.chosen(rows)) for each in slices[:MOST_SLICES]]
    large = [(each, mask) for each, mask in masks if _enough(unit, mask)]
    held = [_of_measure(measure, large, unit) for measure in measures(frames, found)]
    _call(held)
    return {
        "name": asks.name,
        "title": asks.title,
        "kind": asks.kind,
        "rows": len(rows),
        "units": int(unit.max()) + 1,
        "slices": [{"key": each.key, "by": each.by, "value": each.value} for each, _ in large],
        "too_small": len(masks) - len(large),
        "tests": sum(cell["p"] is not None for measure in held for cell in measure["slices"]),
        "discoveries": sum(cell["different"] for measure in held for cell in measure["slices"]),
        "measures": held,
    }


def _enough(unit: Ids, mask: Flags) -> bool:
    """Whether the slice has so many units, and the rest as well."""
    total = len(unit) and int(unit.max()) + 1
    return all(np.count_nonzero(np.bincount(unit[part], minlength=total)) >= FEWEST for part in (mask, ~mask))


def _of_measure(measure: Measure, slices: list[tuple[Slice, Flags]], unit: Ids) -> dict[str, Any]:
    own = np.unique(unit[measure.at], return_inverse=True)[1] if len(measure.at) else measure.at
    cells = []
    for number, (_, mask) in enumerate(slices):
        chosen = mask[measure.at]
        if _enough(own, chosen):
            found = measure.against_the_rest(chosen)
            cells.append(
                {
                    "slice": number,
                    "inside": shortened(plain(found.inside)),
                    "difference": shortened(plain(found.difference)),
                    "p": found.p,
                    "adjusted": None,
                    "different": False,
                }
            )
    return {
        "name": measure.name,
        "title": measure.title,
        "unit": measure.unit,
        "sentence": measure.sentence,
        "whole": shortened(plain(measure.whole)),
        "slices": cells,
    }


def _call(held: list[dict[str, Any]]) -> None:
    """Writes into the cells which of all tests of the question are discoveries."""
    cells = [cell for measure in held for cell in measure["slices"] if cell["p"] is not None]
    for cell, q in zip(cells, adjusted([cell["p"] for cell in cells]).tolist(), strict=True):
        cell["different"] = q <= RATE
        cell["adjusted"], cell["p"] = float(f"{q:.3g}"), float(f"{cell['p']:.3g}")


def shortened(figure: dict[str, Any]) -> dict[str, Any]:
    """The figure with as many digits as it is worth storing."""

    def short(number: float | None) -> float | None:
        return None if number is None else float(f"{number:.{DIGITS}g}")

    interval = figure["interval"]
    return {**figure, "value": short(figure["value"]), "interval": interval and [short(each) for each in interval]}
