"""A form field as the templates show it: label, control, hint, and what is wrong."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Field:
    """`widget` is text, number, area, lines, flag, select, several or radio; `choices` are (value, label)."""

    name: str
    label: str
    widget: str = "text"
    value: Any = ""
    hint: str = ""
    error: str = ""
    choices: Sequence[tuple[str, str]] = ()
    rows: int = 3
    locked: bool = False
    required: bool = False
    focused: bool = False

    @property
    def id(self) -> str:
        return f"id_{self.name}"

    @property
    def described_by(self) -> str:
        """The ids of the hint and the error, for `aria-describedby`."""
        return " ".join(f"{self.id}_{part}" for part in ("hint", "error") if getattr(self, part))

    @property
    def chosen(self) -> set[str]:
        """The values that are chosen, of a select or of radio buttons."""
        return {str(v) for v in self.value} if isinstance(self.value, list | tuple) else {str(self.value)}
