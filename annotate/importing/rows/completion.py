"""The completions of an item."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from annotate.importing.problems import RowProblem
from annotate.importing.rows.messages import Message, Text, checked_messages, checked_text, text_or_messages
from annotate.importing.rows.values import (
    checked_list,
    checked_object,
    known_fields,
    object_or_none,
    optional,
    short_string_or_none,
)

LONGEST_KEY = 40
LONGEST_MODEL = 200
FIELDS = ("key", "text", "messages", "model", "prompt", "metadata")


@dataclass(frozen=True, slots=True)
class CompletionRow:
    """One completion: exactly one of `text` and `messages`; `prompt` where it differs from the item's."""

    key: str
    text: str | None
    messages: list[Message] | None
    model: str | None
    prompt: Text | None
    metadata: dict[str, Any]

    @property
    def said(self) -> Text:
        """The text, or the messages."""
        return (self.text or "") if self.messages is None else self.messages


def parse_completions(value: Any) -> tuple[CompletionRow, ...]:
    """The checked completions, each with a key: its own or the next free letter."""
    parts = checked_list(value, "completions")
    if not parts:
        raise RowProblem("completions", 'needs at least one completion, like [{"text": "…"}, {"text": "…"}]')
    given: dict[str, int] = {}
    for index, part in enumerate(parts):
        key = _completion_key(checked_object(part, f"completions[{index}]"), f"completions[{index}].key")
        if key in given:
            raise RowProblem(
                f"completions[{index}].key",
                f"is {key!r} like that of completions[{given[key]}]; keys are unique in an item",
            )
        if key is not None:
            given[key] = index
    by_index = {index: key for key, index in given.items()}
    rows = []
    for index, part in enumerate(parts):
        key = by_index.get(index) or _free_key(index, given)
        given.setdefault(key, index)
        rows.append(_completion(part, key, f"completions[{index}]"))
    return tuple(rows)


def _completion_key(part: Mapping[str, Any], field: str) -> str | None:
    key = short_string_or_none(part.get("key"), field, LONGEST_KEY)
    if key is not None and key.startswith("@"):
        raise RowProblem(field, "must not start with @ (spans use @prompt and @context)")
    return key


def _free_key(index: int, taken: Collection[str]) -> str:
    """a, b, c, … by position, then c27, c28, …; the next free one where it is taken."""
    while (key := chr(ord("a") + index) if index < 26 else f"c{index + 1}") in taken:
        index += 1
    return key


def _completion(part: Mapping[str, Any], key: str, field: str) -> CompletionRow:
    known_fields(part, FIELDS, field, f" (anything else of yours belongs in `{field}.metadata`)")
    text, messages = part.get("text"), part.get("messages")
    if (text is None) == (messages is None):
        raise RowProblem(field, "needs exactly one of `text` and `messages`")
    return CompletionRow(
        key=key,
        text=optional(text, f"{field}.text", checked_text),
        messages=optional(messages, f"{field}.messages", checked_messages),
        model=short_string_or_none(part.get("model"), f"{field}.model", LONGEST_MODEL),
        prompt=optional(part.get("prompt"), f"{field}.prompt", text_or_messages),
        metadata=object_or_none(part.get("metadata"), f"{field}.metadata") or {},
    )
