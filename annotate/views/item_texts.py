"""Prompts, contexts and completions as the page shows them: turns of a chat, with their code apart."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from annotate.kinds.source import content_text

FENCE = re.compile(r" {0,3}(`{3,}|~{3,})[ \t]*([^\s`]*)[^`\n]*")
ROLES = {"system": "Instructions", "user": "User", "assistant": "Assistant", "tool": "Tool result"}


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of prose, or a fenced code block in `language` (which may be empty)."""

    text: str
    code: bool = False
    language: str = ""


@dataclass(frozen=True, slots=True)
class Turn:
    """What one speaker says; `speaker` is empty where there is nobody else."""

    speaker: str
    role: str
    blocks: tuple[Block, ...]


def split_code(text: str) -> Iterator[Block]:
    """The text's prose and its fenced code, in order. A fence that is never closed runs to the end."""
    fence, language, lines = "", "", list[str]()
    for line in text.replace("\r\n", "\n").split("\n"):
        opening = FENCE.fullmatch(line) if not fence else None
        closing = fence and line.strip().startswith(fence) and not line.strip().strip(fence[0])
        if not opening and not closing:
            lines.append(line)
            continue
        yield from _block(lines, bool(fence), language)
        fence, language = (opening.group(1), opening.group(2)) if opening else ("", "")
        lines = []
    yield from _block(lines, bool(fence), language)


def _block(lines: Sequence[str], code: bool, language: str) -> Iterator[Block]:
    text = "\n".join(lines) if code else "\n".join(lines).strip("\n")
    if code or text.strip():
        yield Block(text, code, language)


def turns(said: str | Sequence[Mapping[str, Any]], alone: str = "") -> tuple[Turn, ...]:
    """A text, or a chat. A single message of the role `alone` is shown without its speaker."""
    if isinstance(said, str):
        return (Turn("", alone, tuple(split_code(said))),)
    quiet = len(said) == 1 and said[0].get("role") == alone
    return tuple(_turn(message, quiet) for message in said)


def _turn(message: Mapping[str, Any], quiet: bool) -> Turn:
    role = str(message.get("role", ""))
    blocks = list(split_code(content_text(message.get("content"))))
    if calls := message.get("tool_calls"):
        blocks.append(Block(json.dumps(calls, ensure_ascii=False, indent=2), True, "tool calls"))
    return Turn("" if quiet else ROLES.get(role, role), role, tuple(blocks))
