"""The ratings of the sparse feedback data alone, without the rankings."""

from collections.abc import Mapping, Sequence
from typing import Any

from annotate.importing.mapping.base import Options, Row, Sample
from annotate.importing.mapping.fields import text_field
from annotate.importing.mapping.joined import JoinedMapping
from annotate.importing.problems import RowProblem

RATING_COLUMNS = ("instruction", "input", "output", "rating")
RATINGS = {str(rating): rating for rating in range(1, 8)}


class SparseRatings(JoinedMapping):
    name = "sparse_ratings"
    title = "Sparse feedback: ratings alone"
    describe = "A CSV without a header, a rating per row; to have the rankings too, import them with this beside."
    columns = RATING_COLUMNS
    options = {
        "rating": "The rating question that the ratings answer (default: rating).",
        "annotator": "The judge who gave them (default: gpt-3.5-turbo).",
    }

    def matches(self, columns: Sequence[str], sample: Sample) -> float:
        lines = [list(columns), *(list(value.values()) for value in sample)]
        return 0.85 if all(len(line) == 4 and line[3] in RATINGS for line in lines) else 0

    def prompt(self, value: Mapping[str, Any]) -> str:
        text_field(value, "output")
        rating_of(value)
        return instruction_prompt(value)

    def item(self, values: Sequence[Mapping[str, Any]], options: Options) -> Row:
        outputs: dict[str, int] = {}
        for value in values:
            outputs.setdefault(value["output"], rating_of(value))
        keys = [f"c{index}" for index in range(1, len(outputs) + 1)]
        question, annotator = options.get("rating") or "rating", options.get("annotator") or "gpt-3.5-turbo"
        return {
            "prompt": self.prompt(values[0]),
            "completions": [{"key": key, "text": text} for key, text in zip(keys, outputs, strict=True)],
            "annotations": [
                {"annotator": annotator, "kind": "judge", "answers": {question: {key: rating}}}
                for key, rating in zip(keys, outputs.values(), strict=True)
            ],
        }


def instruction_prompt(value: Mapping[str, Any]) -> str:
    """Instruction and input, a blank line between; the instruction alone where there is no input."""
    instruction, given = text_field(value, "instruction"), text_field(value, "input")
    return f"{instruction}\n\n{given}" if given else instruction


def rating_of(value: Mapping[str, Any]) -> int:
    """The rating, from 1 to 7. Raises RowProblem."""
    rating = text_field(value, "rating").strip()
    if rating not in RATINGS:
        raise RowProblem("rating", f"must be a whole number from 1 to 7, not {rating!r}")
    return RATINGS[rating]
