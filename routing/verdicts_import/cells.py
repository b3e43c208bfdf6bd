"""A verdict from the cells of a CSV: JSON in them, or columns `first_1`, `preferred_1`, `probability_1`, `first_2` …"""

import json
from collections.abc import Mapping
from typing import Any

from annotate.importing.problems import RowProblem

AS_JSON = ("keys", "orders", "answer", "probabilities", "gold")
NUMBERS = ("repeat", "score", "strength", "confidence")
PLACES = ("1", "2")
TIE = "tie"


def row_of_cells(cells: Mapping[str, Any]) -> dict[str, Any]:
    """The row that the cells hold; empty ones are absent. Raises RowProblem."""
    given = {name: value for name, value in cells.items() if not (isinstance(value, str) and not value.strip())}
    orders = [order for place in PLACES if (order := _order(given, place))]
    row = {name: _value(name, value) for name, value in given.items() if not _is_of_order(name)}
    if orders and "orders" in row:
        raise RowProblem("orders", "is there twice: as a cell, and as columns first_1, preferred_1 and so on")
    return {**row, "orders": orders} if orders else row


def _is_of_order(name: str) -> bool:
    what, _, place = name.rpartition("_")
    return what in ("first", "preferred", "probability") and place in PLACES


def _order(cells: Mapping[str, Any], place: str) -> dict[str, Any]:
    found = {
        what: cells[f"{what}_{place}"] for what in ("first", "preferred", "probability") if f"{what}_{place}" in cells
    }
    if "probability" in found:
        found["probability"] = _number(found["probability"], f"probability_{place}")
    if found.get("preferred") == TIE:
        found["preferred"] = None
    return found


def _value(name: str, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if name in NUMBERS:
        return _number(value, name)
    if name == "gold" and value.strip()[:1] not in '{["0123456789':
        return value
    return _json(name, value) if name in AS_JSON else value


def _json(name: str, text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise RowProblem(name, f"must be JSON in this cell, not {text[:40]!r}") from error


def _number(text: Any, name: str) -> Any:
    try:
        number = float(text)
    except (TypeError, ValueError) as error:
        raise RowProblem(name, f"must be a number, not {str(text)[:40]!r}") from error
    return int(number) if number.is_integer() and abs(number) < 1e15 else number
