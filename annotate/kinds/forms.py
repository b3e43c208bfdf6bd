"""Submitted HTML forms, as kinds read them."""

from typing import Any, Protocol


class Form(Protocol):
    """A submitted HTML form: one value, or all values, of a field."""

    def get(self, name: str, /) -> Any: ...
    def getlist(self, name: str, /) -> list[Any]: ...


def typed_number(value: str) -> Any:
    """The number that was typed; what is none stays as typed, for the validator to refuse by name."""
    try:
        return int(value)
    except ValueError:
        try:
            return float(value)
        except ValueError:
            return value
