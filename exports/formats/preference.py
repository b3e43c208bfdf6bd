"""Preference pairs with an explicit prompt, as TRL's DPO, IPO, ORPO, CPO and SimPO trainers take them."""

from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from annotate.models import Completion
from annotate.texts import completion_messages, completion_text, prompt_messages
from exports.formats.base import MESSAGES, TEXT, TRACE, Dropped, Format, Pair, trace


class Preference(Format[Pair]):
    """`prompt`, `chosen`, `rejected`: all text, or all messages where any item of the campaign is a chat."""

    name = "preference"
    title = "Preference pairs"
    describe = "prompt, chosen, rejected: for DPO, IPO, ORPO, CPO and SimPO in TRL"

    def row(self, read: Pair, options: Mapping[str, Any]) -> dict[str, Any]:
        if options["shape"] == "messages":
            return {
                "prompt": plain(prompt_messages(read.prompt)),
                "chosen": plain(completion_messages(read.chosen)),
                "rejected": plain(completion_messages(read.rejected)),
                **trace(read),
            }
        if not isinstance(read.prompt, str) or read.chosen.messages or read.rejected.messages:
            raise Dropped("chat_in_text_shape")
        return {
            "prompt": read.prompt,
            "chosen": completion_text(read.chosen),
            "rejected": completion_text(read.rejected),
            **trace(read),
        }

    def schema(self, options: Mapping[str, Any]) -> pa.Schema:
        column = MESSAGES if options["shape"] == "messages" else TEXT
        return pa.schema([("prompt", column), ("chosen", column), ("rejected", column), *TRACE])


def plain(messages: list[dict[str, Any]]) -> list[dict[str, str]]:
    """Messages of role and text only. Raises `Dropped` for parts that are not text, and for tool calls."""
    rows = []
    for message in messages:
        content = message.get("content")
        if isinstance(content, list) and all(p.get("type") == "text" for p in content):
            content = "\n".join(p["text"] for p in content)
        if not isinstance(content, str) or message.get("tool_calls"):
            raise Dropped("not_plain_text")
        rows.append({"role": message["role"], "content": content})
    return rows


def conversation(prompt: Any, completion: Completion) -> list[dict[str, str]]:
    """The whole conversation that ends with the completion."""
    return plain(prompt_messages(prompt)) + plain(completion_messages(completion))
