"""Anthropic's HH format: whole conversations in one string (Bai et al. 2022, arXiv 2204.05862)."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from annotate.importing.mapping.base import Options, Row, RowMapping, Sample
from annotate.importing.mapping.fields import rest, text_field
from annotate.importing.mapping.preferences import OPTIONS, labelled_item, split_chat
from annotate.importing.problems import RowProblem

TURN = re.compile(r"(?:^|\n\n)(Human|Assistant):")
ROLES = {"Human": "user", "Assistant": "assistant"}


class HH(RowMapping):
    name = "hh"
    title = "HH (Human: … Assistant: …)"
    describe = "Rows with `chosen` and `rejected` conversations that begin with “Human:”, as in Anthropic's HH."
    options = OPTIONS

    def matches(self, columns: Sequence[str], sample: Sample) -> float:
        if "prompt" in columns or not {"chosen", "rejected"} <= set(columns):
            return 0
        return 0.95 if sample and all(map(_is_conversation, sample)) else 0

    def row(self, value: Mapping[str, Any], options: Options) -> Row:
        parts = split_chat(None, conversation(value, "chosen"), conversation(value, "rejected"))
        return labelled_item(*parts, rest(value, {"chosen", "rejected"}), options)


def conversation(value: Mapping[str, Any], field: str) -> list[Row]:
    """The turns of a conversation as messages. Raises RowProblem."""
    before, *turns = TURN.split(text_field(value, field))
    if before.strip() or not turns:
        raise RowProblem(field, "must begin with “Human:”")
    if turns[-2] != "Assistant":
        raise RowProblem(field, "must end with what the assistant says (“Assistant: …”)")
    return [{"role": ROLES[who], "content": said.strip()} for who, said in zip(turns[::2], turns[1::2], strict=True)]


def _is_conversation(value: Mapping[str, Any]) -> bool:
    return all(str(value.get(name)).lstrip().startswith("Human:") for name in ("chosen", "rejected"))
