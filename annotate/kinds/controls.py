"""What a kind tells its template: the fields of the form, their options, and the keys that choose these.

`values` of a field are the form values that stand for the answer: the inverse of `Kind.from_form`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

DIGITS = "123456789"

Filled = Mapping[str, Sequence[str]]
"""Form values by field name."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A completion as the annotator meets it: its key, its neutral name, its text."""

    key: str
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Option:
    """One radio button or checkbox. `about` completes the label where it is heard; `keys` are separated by spaces."""

    value: str
    label: str
    keys: str = ""
    about: str = ""
    chosen: bool = False

    @property
    def key(self) -> str:
        """The key that is shown on it."""
        return self.keys.split(" ")[0].upper()


@dataclass(frozen=True, slots=True)
class Field:
    """One value (or set of values) of the form; `label` names the completion where there are several.

    `about` is a text that the answer is about, such as the completion that a correction starts from.
    """

    name: str
    label: str
    values: Sequence[str]
    options: Sequence[Option] = ()
    about: str = ""

    @property
    def value(self) -> str:
        return self.values[0] if self.values else ""


def field_name(question: str, key: str | None = None) -> str:
    """The name of a field; question names have no dot."""
    return question if key is None else f"{question}.{key}"


def filled_by_completion(question: str, answer: Any, keys: Iterable[str]) -> dict[str, list[str]]:
    """The form values of an answer `{key: value}`; of a draft in another shape nothing."""
    given = answer if isinstance(answer, Mapping) else {}
    return {field_name(question, key): form_values(given[key]) for key in keys if given.get(key) is not None}


def form_values(value: Any) -> list[str]:
    """A value, or each of a list, as a form sends it; whole numbers without a point."""
    values = value if isinstance(value, list) else [value]
    return [_plain(v) for v in values if isinstance(v, str | int | float)]


def _plain(value: str | float) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def digit(position: int) -> str:
    """The key of the nth option, counted from 0; the tenth has none."""
    return DIGITS[position] if position < len(DIGITS) else ""
