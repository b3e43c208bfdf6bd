"""Contexts: a text, or passages whose sentences are numbered once and for all."""

from typing import Any

from sentencex import segment

from annotate.importing.problems import RowProblem
from annotate.importing.rows.messages import checked_text
from annotate.importing.rows.values import checked_list, checked_object, known_fields, named, short_string

FIELDS = ("title", "text", "sentences")
LONGEST_TITLE = 1000


def text_or_passages(value: Any, field: str) -> str | list[dict[str, Any]]:
    """A text; or passages {title?, sentences} or {title?, text}, of which a text is split into sentences."""
    if isinstance(value, str):
        return checked_text(value, field)
    if not isinstance(value, list):
        raise RowProblem(field, f"must be a text or a list of passages, not {named(value)}")
    return [_passage(part, f"{field}[{i}]") for i, part in enumerate(value)]


def _passage(value: Any, field: str) -> dict[str, Any]:
    if isinstance(value, str):
        value = {"text": value}
    part = checked_object(value, field)
    known_fields(part, FIELDS, field)
    if ("text" in part) == ("sentences" in part):
        raise RowProblem(field, 'needs either a "text" or its "sentences"')
    if "text" in part:
        sentences = [s.strip() for s in segment("en", checked_text(part["text"], f"{field}.text")) if s.strip()]
    else:
        given = checked_list(part["sentences"], f"{field}.sentences")
        sentences = [checked_text(s, f"{field}.sentences[{i}]") for i, s in enumerate(given)]
    if not any(s.strip() for s in sentences):
        raise RowProblem(field, "must not be empty")
    title = short_string(part["title"], f"{field}.title", LONGEST_TITLE) if part.get("title") else None
    return {"title": title, "sentences": sentences} if title else {"sentences": sentences}
