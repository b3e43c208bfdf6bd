"""Win rates of models trained on ratings or rankings, evaluated by either: imported, and held against each other."""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from annotate.errors import Invalid
from annotate.models import Campaign
from annotate.stats.interplay import CELLS, PROTOCOLS, interplay
from routing.models import WinRate
from routing.reliability.figures import plain

NAMES = ("trained_on", "evaluated_by")
COUNTS = ("wins", "ties", "losses")
LARGEST = 2**31 - 1
LONGEST = 20_000
EXAMPLE = "trained_on,evaluated_by,wins,ties,losses"


def read_win_rates(text: str) -> list[dict[str, Any]]:
    """The rows of a JSON array or of CSV with a header line. Raises `Invalid`."""
    if len(text) > LONGEST:
        raise Invalid(f"that is more than four rows can be: {len(text):,} characters", {"text": "four rows at most"})
    if text.lstrip().startswith(("[", "{")):
        try:
            found = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise Invalid(f"this is not JSON: {error}", {"text": "a JSON array, or CSV"}) from None
        return found if isinstance(found, list) else [found]
    rows = list(csv.DictReader(io.StringIO(text.strip())))
    if not rows:
        raise Invalid(f"give a header line and up to four rows: {EXAMPLE}", {"text": "a header line and rows"})
    return [{str(name).strip(): value for name, value in row.items()} for row in rows]


def save_win_rates(campaign: Campaign, rows: Sequence[Any]) -> None:
    """Stores the cells that the rows give, all or none; those of before are replaced, others stay. Raises `Invalid`
    naming the row (from 1) and the field."""
    if not isinstance(rows, list | tuple) or not 1 <= len(rows) <= len(CELLS):
        raise Invalid("give one to four rows, one for each cell", {"rows": "a list of one to four rows"})
    problems: dict[str, str] = {}
    clean = [_clean(f"[{n}]", row, problems) for n, row in enumerate(rows)]
    cells = [(row.get("trained_on"), row.get("evaluated_by")) for row in clean]
    for n, cell in enumerate(cells):
        if None not in cell and cell in cells[:n]:
            problems[f"[{n}]"] = f"{cell[0]} evaluated by {cell[1]} stands in row {cells.index(cell) + 1} already"
    if problems:
        raise Invalid("; ".join(f"{_in_words(path)}: {said}" for path, said in problems.items()), problems)
    with transaction.atomic():
        for row in clean:
            key = {name: row[name] for name in NAMES}
            counts = {name: row[name] for name in COUNTS}
            WinRate.objects.update_or_create(campaign=campaign, **key, defaults=counts)


def _clean(path: str, row: Any, problems: dict[str, str]) -> dict[str, Any]:
    if not isinstance(row, Mapping):
        problems[path] = "must be an object " + "{" + EXAMPLE.replace(",", ", ") + "}"
        return {}
    for name in row:
        if name not in NAMES + COUNTS:
            problems[f"{path}.{str(name)[:40]}"] = f"is not known; a row has {EXAMPLE}"
    clean: dict[str, Any] = {}
    for name in NAMES:
        given = str(row.get(name) or "").strip().lower()
        if given in PROTOCOLS:
            clean[name] = given
        else:
            problems[f"{path}.{name}"] = f"must be {' or '.join(PROTOCOLS)}" + (
                f", not {given[:40]!r}" if given else ""
            )
    for name in COUNTS:
        found = _count(row.get(name, 0 if name == "ties" else None))
        if found is None:
            problems[f"{path}.{name}"] = "must be a whole number from 0"
        else:
            clean[name] = found
    if len(clean) == len(NAMES + COUNTS) and not any(clean[name] for name in COUNTS):
        problems[path] = "has no comparison: wins, ties and losses are all 0"
    return clean


def _count(value: Any) -> int | None:
    text = str(value).strip() if isinstance(value, str | int) and not isinstance(value, bool) else ""
    found = int(text) if text.isascii() and text.isdecimal() and len(text) < 12 else LARGEST + 1
    return found if found <= LARGEST else None


def _in_words(path: str) -> str:
    row, _, name = path[1:].partition("]")
    return f"row {int(row) + 1}" + (f", {name[1:]}" if name else "")


def win_rates(campaign: Campaign) -> dict[str, Any]:
    """The table of a campaign: a row for each cell, with counts and win rate (None where nothing was imported), and
    the interaction."""
    stored = {(row.trained_on, row.evaluated_by): row for row in WinRate.objects.filter(campaign=campaign)}
    found = interplay({cell: (row.wins, row.ties, row.losses) for cell, row in stored.items()})
    cells = [
        {
            "trained_on": trained,
            "evaluated_by": by,
            **{name: getattr(stored.get((trained, by)), name, 0) for name in COUNTS},
            "win_rate": plain(found.cells[trained, by]),
        }
        for trained, by in CELLS
    ]
    return {"cells": cells, "interaction": plain(found.interaction)}


def forget_win_rates(campaign: Campaign) -> None:
    WinRate.objects.filter(campaign=campaign).delete()
