"""UltraFeedback: answers to an instruction, rated by aspect (Cui et al. 2023, arXiv 2310.01377)."""

from collections.abc import Mapping, Sequence
from typing import Any

from annotate.importing.mapping.base import Options, Row, RowMapping, Sample
from annotate.importing.mapping.fields import decoded, rest, text_field
from annotate.importing.problems import RowProblem


class UltraFeedback(RowMapping):
    name = "ultrafeedback"
    title = "UltraFeedback"
    describe = "Rows with `instruction` and `completions` of several models; their ratings become metadata."

    def matches(self, columns: Sequence[str], sample: Sample) -> float:
        return 0.95 if {"instruction", "completions"} <= set(columns) and all(map(_has_responses, sample)) else 0

    def row(self, value: Mapping[str, Any], options: Options) -> Row:
        completions = decoded(value.get("completions"))
        if not isinstance(completions, list):
            raise RowProblem("completions", "must be a list of {model, response, annotations}")
        return {
            "prompt": text_field(value, "instruction"),
            "completions": [_completion(part, f"completions[{i}]") for i, part in enumerate(completions)],
            "metadata": rest(value, {"instruction", "completions"}),
        }


def _completion(part: Any, field: str) -> Row:
    if not isinstance(part, dict) or not isinstance(part.get("response"), str):
        raise RowProblem(f"{field}.response", "must be a string")
    model = part.get("model") or None
    return {"text": part["response"], "model": model, "metadata": rest(part, {"response", "model"})}


def _has_responses(value: Mapping[str, Any]) -> bool:
    completions = decoded(value.get("completions"))
    return isinstance(completions, list) and all(isinstance(part, dict) and "response" in part for part in completions)
