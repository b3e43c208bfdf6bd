"""HelpSteer2: a response a row, rated on five attributes (Wang et al. 2024, arXiv 2406.08673)."""

from collections.abc import Mapping, Sequence
from typing import Any

from annotate.importing.mapping.base import Options, Row, Sample
from annotate.importing.mapping.fields import rest, text_field
from annotate.importing.mapping.joined import JoinedMapping

ATTRIBUTES = ("helpfulness", "correctness", "coherence", "complexity", "verbosity")


class HelpSteer2(JoinedMapping):
    name = "helpsteer2"
    title = "HelpSteer2"
    describe = "A rated `response` a row; rows that follow each other with the same `prompt` become one item."

    def matches(self, columns: Sequence[str], sample: Sample) -> float:
        return 0.95 if {"prompt", "response", *ATTRIBUTES} <= set(columns) else 0

    def prompt(self, value: Mapping[str, Any]) -> str:
        text_field(value, "response")
        return text_field(value, "prompt")

    def item(self, values: Sequence[Mapping[str, Any]], options: Options) -> Row:
        return {
            "prompt": self.prompt(values[0]),
            "completions": [
                {"text": value["response"], "metadata": rest(value, {"prompt", "response"})} for value in values
            ],
        }
