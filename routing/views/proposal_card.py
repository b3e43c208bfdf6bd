"""A proposed checklist as the page shows it."""

import zlib
from dataclasses import dataclass
from typing import Any

from annotate.errors import AnnotateError
from annotate.item_points import in_use
from routing.models import Proposal
from routing.points.deciding import mark_of
from routing.points.editing import Row, rows_of

WORDS = {"proposed": "to review", "accepted": "accepted", "rejected": "turned down", "failed": "failed"}


@dataclass(slots=True)
class Told:
    """What became of a form: the rows as typed, the key of the one in hand, what was wrong, what was decided.

    `meanwhile`: somebody else decided before.
    """

    rows: list[Row] | None = None
    in_hand: str = ""
    error: AnnotateError | None = None
    decided: bool = False
    meanwhile: bool = False


def card(proposal: Proposal, told: Told | None = None) -> dict[str, Any]:
    """What the template needs of a proposal. What was typed is shown again unless it has been decided."""
    told = told or Told()
    accepted = proposal.state == Proposal.State.ACCEPTED
    typed = told.rows if told.rows is not None and not told.decided else None
    rows = typed if typed is not None else rows_of(proposal.accepted or proposal.points)
    return {
        "proposal": proposal,
        "word": WORDS[proposal.state],
        "rows": [_row(proposal, row, told) for row in rows],
        "seen": mark_of(proposal),
        "told": told,
        "accepted": accepted,
        "frozen": in_use(proposal.item) if accepted else "",
        "theirs": proposal.accepted if told.meanwhile and not accepted else None,
        "edited": not accepted and proposal.accepted is not None,
        "open": not accepted or typed is not None,
        "problem": "" if told.error is None or _of_rows(told.error) else told.error.message,
    }


def _of_rows(error: AnnotateError) -> bool:
    """Whether the messages stand beside fields of rows."""
    return bool(error.fields) and all("." in name for name in error.fields)


def _row(proposal: Proposal, row: Row, told: Told) -> dict[str, Any]:
    """A row with the id of its elements, which stays when it moves, so that the focus does."""
    problems = told.error.fields if told.error else {}
    key = row["key"]
    return {
        **row,
        "id": f"point-{proposal.pk}-{zlib.crc32(key.encode())}",
        "problems": {name: problems.get(f"{name}.{key}", "") for name in ("key", "text", "weight")},
        "focused": key == told.in_hand,
    }
