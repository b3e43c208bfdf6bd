"""Lists of things with a key as lines that a researcher reads and writes: `key = text | weight 2 | fatal`.

What a line cannot say (a line break, a text with ` | `) is written as JSON instead, so that every value survives.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from annotate.kinds.forms import typed_number

IS, AND = " = ", " | "
NOTHING = (None, "")


@dataclass(frozen=True, slots=True)
class Extra:
    """What may follow a bar: a word (a flag, which turns the default round), or a word and its value."""

    name: str
    word: str
    reads: Literal["flag", "number", "text"] = "text"
    default: Any = None

    def read(self, value: str) -> Any:
        if self.reads == "flag" and not value:
            return not self.default
        return typed_number(value) if self.reads == "number" else value

    def show(self, value: Any) -> str:
        return self.word if self.reads == "flag" else f"{self.word} {value}"


def split_lines(text: str) -> list[str]:
    """The lines of a form's text field that hold something, without outer white space."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return [line.strip() for line in lines if line.strip()]


def read_text(line: str) -> str:
    """The string that a line stands for."""
    value = _json(line)
    return value["key"] if value and list(value) == ["key"] and isinstance(value["key"], str) else line


def text_line(text: str) -> str:
    return text if read_text(text) == text and split_lines(text) == [text] else _dump({"key": text})


def read_entry(line: str, extras: Sequence[Extra] = ()) -> dict[str, Any] | str:
    """The entry that a line stands for; a bare key stays a string. Unknown words are left for the kind to refuse."""
    value = _json(line)
    if value is not None:
        return value
    head, *parts = [part.strip() for part in line.split(AND)]
    key, _, text = (part.strip() for part in head.partition(IS))
    entry: dict[str, Any] = {"key": key, "text": text} if text else {"key": head}
    for part in parts:
        name, read = _extra(part, extras)
        entry[name] = read
    return head if entry == {"key": head} else entry


def entry_line(entry: Any, extras: Sequence[Extra] = ()) -> str:
    if not isinstance(entry, Mapping):
        return text_line(str(entry))
    line = AND.join(_parts(entry, extras))
    same = split_lines(line) == [line] and _normal(read_entry(line, extras), extras) == _normal(entry, extras)
    return line if same else _dump(entry)


def _parts(entry: Mapping[str, Any], extras: Sequence[Extra]) -> Iterator[str]:
    key, text = entry.get("key"), entry.get("text")
    yield f"{key}{IS}{text}" if text and text != key else str(key)
    for extra in extras:
        value = entry.get(extra.name, extra.default)
        if value != extra.default and value not in NOTHING:
            yield extra.show(value)


def _extra(part: str, extras: Sequence[Extra]) -> tuple[str, Any]:
    for extra in extras:
        if part == extra.word or part.startswith(extra.word + " "):
            return extra.name, extra.read(part.removeprefix(extra.word).strip())
    word, _, value = part.partition(" ")
    return word, value.strip() or True


def _normal(entry: Mapping[str, Any] | str, extras: Sequence[Extra]) -> dict[str, Any]:
    """An entry without what a missing key says too."""
    given = {"key": entry} if isinstance(entry, str) else dict(entry)
    defaults = {"text": given.get("key")} | {extra.name: extra.default for extra in extras}
    return {k: v for k, v in given.items() if v not in NOTHING and (k not in defaults or v != defaults[k])}


def _json(line: str) -> dict[str, Any] | None:
    if not line.startswith("{"):
        return None
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _dump(value: Any) -> str:
    return json.dumps(dict(value), ensure_ascii=False)
