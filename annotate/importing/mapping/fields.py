"""Reading fields of foreign rows, where text may be a number, and a list may be JSON in a CSV cell."""

import json
from collections.abc import Mapping
from typing import Any

from annotate.importing.problems import RowProblem
from annotate.importing.storable import unstorable


def text_field(value: Mapping[str, Any], name: str) -> str:
    """A field that must be a string. Raises RowProblem."""
    field = value.get(name)
    if isinstance(field, str):
        return field
    raise RowProblem(name, "is missing" if field is None else f"must be a string, not {type(field).__name__}")


def as_text(value: Any) -> str:
    """Any value as text: lists one line a part, objects as JSON."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, list):
        return "\n".join(map(as_text, value))
    return json.dumps(value, ensure_ascii=False)


def is_messages(value: Any) -> bool:
    """Whether the value is a list of chat messages."""
    return isinstance(value, list) and bool(value) and all(isinstance(part, dict) and "role" in part for part in value)


def decoded(value: Any) -> Any:
    """A list or object that is written as JSON in a string; any other value as it is. Raises RowProblem."""
    if not isinstance(value, str) or value.lstrip()[:1] not in ("[", "{"):
        return value
    try:
        found = json.loads(value)
    except (ValueError, RecursionError):
        return value
    problem = unstorable(found)
    if problem:
        raise problem
    return found


def text_or_chat(value: Any) -> Any:
    """Messages where the value is messages or JSON of messages; any other value as it is."""
    found = decoded(value)
    return found if is_messages(found) else value


def rest(value: Mapping[str, Any], used: set[str]) -> dict[str, Any]:
    """The fields that are not used otherwise and hold something: an item's metadata."""
    return {name: part for name, part in value.items() if name not in used and part not in (None, "")}
