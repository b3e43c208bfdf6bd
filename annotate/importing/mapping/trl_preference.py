"""TRL's preference data: prompt, chosen, rejected, as text or as messages, the prompt explicit or not."""

from collections.abc import Mapping, Sequence
from typing import Any

from annotate.importing.mapping.base import Options, Row, RowMapping, Sample
from annotate.importing.mapping.fields import is_messages, rest, text_or_chat
from annotate.importing.mapping.preferences import OPTIONS, labelled_item, split_chat, split_text
from annotate.importing.problems import RowProblem

COLUMNS = ("prompt", "chosen", "rejected")


class TrlPreference(RowMapping):
    name = "trl_preference"
    title = "TRL preference"
    describe = "Rows with `chosen` and `rejected`, as text or messages, and a `prompt` unless they share one."
    options = OPTIONS

    def matches(self, columns: Sequence[str], sample: Sample) -> float:
        return 0.9 if {"chosen", "rejected"} <= set(columns) and all(map(_is_pair, sample)) else 0

    def row(self, value: Mapping[str, Any], options: Options) -> Row:
        prompt, chosen, rejected = (text_or_chat(value.get(name)) for name in COLUMNS)
        if is_messages(chosen) and is_messages(rejected):
            parts = split_chat(prompt, chosen, rejected)
        elif isinstance(chosen, str) and isinstance(rejected, str):
            parts = split_text(prompt, chosen, rejected)
        else:
            raise RowProblem("chosen", "and `rejected` must both be text, or both be lists of messages")
        return labelled_item(*parts, rest(value, set(COLUMNS)), options)


def _is_pair(value: Mapping[str, Any]) -> bool:
    return all(isinstance(value.get(name), str | list) for name in ("chosen", "rejected"))
