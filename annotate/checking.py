"""What every door refuses: text and JSON that the database cannot keep."""

from typing import Any

from annotate.errors import Invalid
from annotate.importing.storable import unstorable


def check_storable(value: Any, field: str) -> None:
    """Raises `Invalid` for what PostgreSQL cannot keep: NUL, half a surrogate pair, NaN, nesting past a hundred levels.

    `field` is where `value` stands in the request; empty for the request itself.
    """
    problem = unstorable(value)
    if problem is None:
        return
    separator = "." if field and problem.field and not problem.field.startswith("[") else ""
    where = f"{field}{separator}{problem.field}"
    raise Invalid(f"{where or 'the request'}: {problem.message}", {where: problem.message})
