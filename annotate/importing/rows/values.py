"""Checks of single values; each raises RowProblem naming the field and what would be right."""

import difflib
import math
from collections.abc import Callable, Collection, Mapping
from typing import Any, TypeVar

from annotate.importing.problems import RowProblem

T = TypeVar("T")


def checked_object(value: Any, field: str) -> dict[str, Any]:
    """The value, if it is an object."""
    if isinstance(value, dict):
        return value
    raise RowProblem(field, f"must be an object, not {named(value)}")


def object_or_none(value: Any, field: str) -> dict[str, Any] | None:
    """The value, if it is an object or null."""
    return None if value is None else checked_object(value, field)


def checked_list(value: Any, field: str) -> list[Any]:
    """The value, if it is a list; an empty one for null."""
    if value is None:
        return []
    if isinstance(value, list):
        return value
    raise RowProblem(field, f"must be a list, not {named(value)}")


def short_string(value: Any, field: str, longest: int) -> str:
    """The value, if it is a string of 1 to `longest` characters that are not all blank."""
    if not isinstance(value, str):
        raise RowProblem(field, f"must be a string, not {named(value)}")
    if not value.strip() or len(value) > longest:
        raise RowProblem(field, f"must have 1 to {longest:,} characters, and has {len(value):,}")
    return value


def short_string_or_none(value: Any, field: str, longest: int) -> str | None:
    """The value, if it is such a string or null."""
    return None if value is None else short_string(value, field, longest)


def number_or_none(value: Any, field: str) -> float | None:
    """The value, if it is null or a finite number of 0 or more."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise RowProblem(field, f"must be a number, not {named(value)}")
    if not 0 <= value < 1e15 or not math.isfinite(value):
        raise RowProblem(field, f"must be 0 or more, not {value}")
    return float(value)


def named(value: Any) -> str:
    """What a value is, in JSON's words."""
    if value is None:
        return "missing or null"
    if isinstance(value, bool):
        return "true or false"
    names = {str: "a string", dict: "an object", list: "a list", int: "a number", float: "a number"}
    shown = repr(value)
    return f"{names.get(type(value), 'a value')} ({shown if len(shown) <= 40 else shown[:39] + '…'})"


def optional(value: Any, field: str, check: Callable[[Any, str], T]) -> T | None:
    """The checked value, or None for null."""
    return None if value is None else check(value, field)


def known_fields(part: Mapping[str, Any], fields: Collection[str], at: str, hint: str = "") -> None:
    """Refuses a field that we do not know, naming the nearest one."""
    for name in part:
        if name not in fields:
            near = difflib.get_close_matches(name, fields, n=1)
            known = f"did you mean `{near[0]}`?" if near else f"the fields are {', '.join(fields)}"
            raise RowProblem(f"{at}.{name}" if at else name, f"is not a field of ours; {known}{hint}")
