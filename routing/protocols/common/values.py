"""Text and JSON that a model gave, held against what was asked for before anything is made of them."""

from collections.abc import Mapping
from typing import Any

from annotate.importing.storable import unstorable
from routing.judges.parsing import problem

LONGEST_PROBLEM = 300


def wrong_json(schema: Mapping[str, Any], value: Any) -> str | None:
    """Why `value` does not fit the JSON schema, or cannot be kept; None where all is well."""
    return problem(value, schema) or _unkept(value)


def wrong_text(value: Any) -> str | None:
    """Why `value` is no text that can be used."""
    if not isinstance(value, str) or not value.strip():
        return "the reply holds no text"
    return _unkept(value)


def _unkept(value: Any) -> str | None:
    found = unstorable(value)
    return f"the reply cannot be kept: {found.message}"[:LONGEST_PROBLEM] if found else None
