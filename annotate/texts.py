"""Prompts and completions as plain text and as chat messages; both occur, in one campaign even."""

from collections.abc import Mapping, Sequence
from typing import Any

from annotate.models import Completion

Message = dict[str, Any]


def content_text(content: Any) -> str:
    """The text of a message's content: a string, or parts of which those that are not text are named."""
    if content is None:
        return ""
    if isinstance(content, str):
        return content
    parts = (p.get("text") if isinstance(p, Mapping) and p.get("type") == "text" else f"[{_type(p)}]" for p in content)
    return "\n".join(str(part) for part in parts)


def _type(part: Any) -> str:
    return str(part.get("type", "part")) if isinstance(part, Mapping) else "part"


def prompt_text(prompt: str | Sequence[Mapping[str, Any]]) -> str:
    """A prompt as one text; the turns of a chat are headed by their role."""
    if isinstance(prompt, str):
        return prompt
    if len(prompt) == 1 and prompt[0]["role"] == "user":
        return content_text(prompt[0].get("content"))
    return "\n\n".join(f"{m['role'].capitalize()}: {content_text(m.get('content'))}" for m in prompt)


def completion_text(completion: Completion) -> str:
    """A completion as one text."""
    if completion.text is not None:
        return completion.text
    messages = completion.messages or []
    if len(messages) == 1:
        return content_text(messages[0].get("content"))
    return prompt_text(messages)


def prompt_messages(prompt: str | Sequence[Mapping[str, Any]]) -> list[Message]:
    """A prompt as chat messages: a text is what the user says."""
    return [{"role": "user", "content": prompt}] if isinstance(prompt, str) else [dict(m) for m in prompt]


def completion_messages(completion: Completion) -> list[Message]:
    """A completion as chat messages: a text is what the assistant says."""
    if completion.messages is not None:
        return [dict(m) for m in completion.messages]
    return [{"role": "assistant", "content": completion.text}]
