"""Prompts and completions as plain text and as chat messages; both occur, in one campaign even."""

from collections.abc import Mapping, Sequence
from typing import Any

from annotate.kinds.source import content_text, said_parts
from annotate.models import Completion

Message = dict[str, Any]


def prompt_text(prompt: str | Sequence[Mapping[str, Any]]) -> str:
    """A prompt as one text; the turns of a chat are headed by their role."""
    if isinstance(prompt, str):
        return prompt
    if len(prompt) == 1 and prompt[0]["role"] == "user":
        return content_text(prompt[0].get("content"))
    return "\n\n".join(f"{m['role'].capitalize()}: {content_text(m.get('content'))}" for m in prompt)


def context_text(context: str | Sequence[Mapping[str, Any]] | None) -> str | None:
    """A context as one text, its passages under their titles; None where there is none."""
    if not context:
        return None
    if isinstance(context, str):
        return context
    texts = zip(context, said_parts(context), strict=True)
    return "\n\n".join(f"{passage['title']}\n{text}" if passage.get("title") else text for passage, text in texts)


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
