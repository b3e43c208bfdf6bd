"""Points as somebody types them: rows that may be half done, until they are read as points."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from annotate.errors import Invalid
from annotate.kinds.forms import Form, typed_number
from annotate.kinds.points import MOST_POINTS, Point, read_points

Row = dict[str, Any]
"""`key`, `text`, `weight` as typed, `fatal`."""
OWN_KEY = re.compile(r"p([0-9]{1,6})")
ACTIONS = ("up", "down", "remove")


def rows_of(points: Sequence[Mapping[str, Any]]) -> list[Row]:
    """Points as rows to edit; rows stay what they are."""
    return [{**point, "weight": _shown(point.get("weight", 1))} for point in points]


def _shown(weight: Any) -> str:
    return f"{weight:g}" if isinstance(weight, int | float) else str(weight)


def rows_in(form: Form) -> list[Row]:
    """The rows of a submitted form, in its order: fields `text.<key>`, `weight.<key>`, `fatal.<key>` for each `key`."""
    return [
        {
            "key": key,
            "text": str(form.get(f"text.{key}") or ""),
            "weight": str(form.get(f"weight.{key}") or ""),
            "fatal": bool(form.get(f"fatal.{key}")),
        }
        for key in dict.fromkeys(map(str, form.getlist("key")[:MOST_POINTS]))
    ]


def changed(rows: Sequence[Row], action: str) -> list[Row]:
    """The rows after `add`, or `up`, `down`, `remove` with a key behind a colon; whatever else leaves them as they
    are."""
    what, _, key = action.partition(":")
    kept = list(rows)
    if what == "add" and len(kept) < MOST_POINTS:
        kept.append({"key": fresh_key(kept), "text": "", "weight": "1", "fatal": False})
    place = next((n for n, row in enumerate(kept) if row["key"] == key), None)
    if place is None or what not in ACTIONS:
        return kept
    row = kept.pop(place)
    if what != "remove":
        kept.insert(max(0, place + (1 if what == "down" else -1)), row)
    return kept


def next_in_hand(before: Sequence[Row], after: Sequence[Row]) -> str:
    """The key of the row to go on with: the one that was added, or that stands where one was removed; empty else."""
    if len(after) > len(before):
        return str(after[-1]["key"])
    kept = {row["key"] for row in after}
    gone = next((n for n, row in enumerate(before) if row["key"] not in kept), None)
    return "" if gone is None or not after else str(after[min(gone, len(after) - 1)]["key"])


def fresh_key(rows: Sequence[Row]) -> str:
    """p1, p2, …: the one behind all that are taken."""
    numbers = [int(found[1]) for row in rows if (found := OWN_KEY.fullmatch(row["key"]))]
    return f"p{max(numbers, default=0) + 1}"


def read_rows(rows: Sequence[Row]) -> list[Point]:
    """The points that were typed; rows without a text are left out.

    Raises `Invalid` with a message for a row as `<field>.<key>`, such as `weight.p2`, or under `points`.
    """
    filled = [row for row in rows if row["text"].strip()]
    if not filled:
        raise Invalid("give at least one point", {"points": "give at least one point"})
    try:
        return read_points(
            [
                {
                    "key": row["key"],
                    "text": " ".join(row["text"].split()),
                    "weight": typed_number(row["weight"].strip() or "1"),
                    "fatal": row["fatal"],
                }
                for row in filled
            ]
        )
    except Invalid as error:
        path, message = next(iter(error.fields.items()))
        number, _, field = path.strip("[").partition("].")
        where = f"{field}.{filled[int(number)]['key']}" if number.isdecimal() and field else "points"
        raise Invalid(f"{field or 'points'} {message}", {where: message}) from error
