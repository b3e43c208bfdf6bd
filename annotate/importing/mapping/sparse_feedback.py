"""Rankings with ratings beside them (Bansal et al. 2023, Peering Through Preferences, arXiv 2308.15812)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from annotate.importing.mapping.base import MappedRow, Options, Row, RowMapping, Sample, attempt
from annotate.importing.mapping.fields import text_field
from annotate.importing.mapping.sparse_ratings import RATING_COLUMNS, instruction_prompt, rating_of
from annotate.importing.problems import FileProblem, RowProblem
from annotate.importing.readers import read_rows
from annotate.importing.readers.source import SourceRow

PREFERRED = {"(a)": "a", "(b)": "b", "equal": None}
OUTPUTS = {"a": "output_1", "b": "output_2"}
Ratings = Mapping[tuple[str, str, str], int]


class SparseFeedback(RowMapping):
    name = "sparse_feedback"
    title = "Sparse feedback: rankings and ratings"
    describe = "Two CSV files without headers: an item per ranking, and the ratings of its two outputs."
    columns = ("instruction", "input", "output_1", "output_2", "preference")
    companions = {"ratings": "The CSV of ratings: instruction, input, output, rating from 1 to 7."}
    options = {
        "rating": "The rating question that the ratings answer (default: rating).",
        "preference": "The pairwise question that the rankings answer (default: preference).",
        "annotator": "The judge who gave them (default: gpt-3.5-turbo).",
    }

    def matches(self, columns: Sequence[str], sample: Sample) -> float:
        lines = [list(columns), *(list(value.values()) for value in sample)]
        return 0.95 if all(len(line) == 5 and line[4] in PREFERRED for line in lines) else 0

    def row(self, value: Mapping[str, Any], options: Options) -> Row:
        return ranked_item(value, {}, options)

    def rows(
        self, source: Iterable[SourceRow], options: Options, companions: Mapping[str, Path]
    ) -> Iterator[MappedRow]:
        ratings = read_ratings(companions["ratings"]) if "ratings" in companions else {}
        for number, value, error in source:
            make = lambda value, options: ranked_item(value, ratings, options)  # noqa: E731
            yield number, error or attempt(make, value, options)


def read_ratings(path: Path) -> Ratings:
    """Rating by (instruction, input, output); the first row wins where these repeat. Raises FileProblem."""
    ratings: dict[tuple[str, str, str], int] = {}
    for number, value, error in read_rows(path, "csv", columns=RATING_COLUMNS):
        try:
            if value is None:
                raise error or RowProblem("", "has no value")
            key = (value["instruction"], value["input"], value["output"])
            ratings.setdefault(key, rating_of(value))
        except RowProblem as problem:
            raise FileProblem(f"The ratings beside the rankings cannot be used: row {number}: {problem}.") from problem
    return ratings


def ranked_item(value: Mapping[str, Any], ratings: Ratings, options: Options) -> Row:
    """The item of a ranking row, annotated with the ranking and with what ratings there are."""
    label = text_field(value, "preference").strip()
    if label not in PREFERRED:
        raise RowProblem("preference", f"must be (a), (b) or equal, not {label!r}")
    answers: list[Row] = []
    for key, column in OUTPUTS.items():
        rating = ratings.get((value["instruction"], value["input"], value[column]))
        if rating is not None:
            answers.append({options.get("rating") or "rating": {key: rating}})
    answers.append({options.get("preference") or "preference": {"preferred": PREFERRED[label]}})
    annotator = options.get("annotator") or "gpt-3.5-turbo"
    return {
        "prompt": instruction_prompt(value),
        "completions": [{"key": key, "text": text_field(value, column)} for key, column in OUTPUTS.items()],
        "annotations": [{"annotator": annotator, "kind": "judge", "answers": answer} for answer in answers],
    }
