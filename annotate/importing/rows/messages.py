"""Prompts and completions: a text, or chat messages with tool calls, results and content parts."""

from typing import Any

from annotate.importing.problems import RowProblem
from annotate.importing.rows.values import checked_list, checked_object, named

Message = dict[str, Any]
Text = str | list[Message]

LONGEST_TEXT = 2_000_000
ROLES = ("system", "user", "assistant", "tool")
FIELDS = ("role", "content", "name", "tool_calls", "tool_call_id")
"""What is kept of a message. Chats in the wild carry more, such as the model that wrote them: annotators get messages
as they are stored, so the rest is dropped."""


def checked_text(value: Any, field: str) -> str:
    """The value, if it is a string of at most LONGEST_TEXT characters; it may be empty."""
    if not isinstance(value, str):
        raise RowProblem(field, f"must be a string, not {named(value)}")
    if len(value) > LONGEST_TEXT:
        raise RowProblem(field, f"has {len(value):,} characters; {LONGEST_TEXT:,} are allowed")
    return value


def text_or_messages(value: Any, field: str) -> Text:
    """The value, if it is a text that is not blank, or a list of at least one message."""
    if isinstance(value, list):
        return checked_messages(value, field)
    if not isinstance(value, str):
        raise RowProblem(field, f"must be a text or a list of messages, not {named(value)}")
    if not value.strip():
        raise RowProblem(field, "must not be empty")
    return checked_text(value, field)


def checked_messages(value: Any, field: str) -> list[Message]:
    """The messages {role, content}, of which there must be at least one, without fields that are not kept."""
    messages = checked_list(value, field)
    if not messages:
        raise RowProblem(field, 'needs at least one message, like {"role": "user", "content": "…"}')
    for index, message in enumerate(messages):
        _check(checked_object(message, f"{field}[{index}]"), f"{field}[{index}]")
    return [{name: part for name, part in message.items() if name in FIELDS} for message in messages]


def _check(message: Message, field: str) -> None:
    if message.get("role") not in ROLES:
        raise RowProblem(f"{field}.role", f"must be one of {', '.join(ROLES)}, not {message.get('role')!r}")
    content, calls = message.get("content"), message.get("tool_calls")
    for index, call in enumerate(checked_list(calls, f"{field}.tool_calls")):
        checked_object(call, f"{field}.tool_calls[{index}]")
    if content is None and not calls:
        raise RowProblem(f"{field}.content", "may be null only in a message with tool_calls")
    if isinstance(content, list):
        for index, part in enumerate(content):
            _check_part(part, f"{field}.content[{index}]")
    elif content is not None:
        checked_text(content, f"{field}.content")


def _check_part(value: Any, field: str) -> None:
    part = checked_object(value, field)
    kind = part.get("type")
    if not isinstance(kind, str):
        raise RowProblem(f"{field}.type", 'must say what the part is, like "text" or "image_url"')
    if kind == "text":
        checked_text(part.get("text"), f"{field}.text")
