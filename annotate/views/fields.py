"""A form field as the templates show it: label, control, hint, and what is wrong."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

LEAST_ROWS, MOST_ROWS = 3, 12
ENTRY = re.compile(r"\[(\d+)\](?:\.(\w+))?")


def rows_for(value: Any) -> int:
    """How high a text field is that shows all its lines, within reason."""
    lines = value.count("\n") + 1 if isinstance(value, str) else 0
    return min(max(lines, LEAST_ROWS), MOST_ROWS)


def problem_at(path: str, problems: dict[str, str]) -> str:
    """Takes the problems of a setting and of its entries out of `problems`, in the words of the form: lines, labels."""
    mine = [given for given in problems if given == path or given.startswith((path + ".", path + "["))]
    said = [_in_lines(given.removeprefix(path), problems.pop(given)) for given in mine]
    own = path.removeprefix("config.") + " "
    return "; ".join(message.removeprefix(own) for message in said)


def _in_lines(entry: str, message: str) -> str:
    found = ENTRY.match(entry)
    if not found:
        return message
    part = f", {found[2]}" if found[2] else ""
    return f"line {int(found[1]) + 1}{part}: {message}"


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
