"""HaluQuestQA: experts' spans on a person's and a model's answer (Sachdeva et al. 2024, arXiv 2407.11930)."""

import ast
import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from annotate.importing.mapping.anchors import anchor_remark, anchored
from annotate.importing.mapping.base import Options, Row, RowMapping, Sample
from annotate.importing.mapping.fields import text_field
from annotate.importing.problems import RowProblem
from annotate.kinds.source import PROMPT

ASPECTS = {
    "factuality": "Not factual",
    "irrelevance": "Not relevant",
    "incomplete_ans": "Incomplete",
    "reference_example": "Reference or example",
    "ques_misconception": "Misconception in the question",
}
"""What is marked, by the beginning of its columns, which is also the label."""
ANSWERS = {"answer1": "a", "answer2": "b"}
PREFERRED = {"Answer 1": "a", "Answer 2": "b"}
NEEDED = {"question_text", "ans1_text", "ans2_text", "ans1_label", "ans2_label", "ans_preference"}
KEPT = ("category", "source_file")
SCORES = ("_model_score", "_human_score")
SHORTENED = 80


class HaluQuestQA(RowMapping):
    name = "haluquestqa"
    title = "HaluQuestQA"
    describe = "A question with two answers, the spans that experts marked in them, and which answer they prefer."
    options = {
        "spans": "The span question that the marks answer (default: errors).",
        "preference": "The pairwise question that the preference answers (default: preference).",
        "reason": "The text question that the reason answers (default: reason).",
    }

    def matches(self, columns: Sequence[str], sample: Sample) -> float:
        wanted = {*NEEDED, *(f"{aspect}_span" for aspect in ASPECTS)}
        return 0.95 if wanted <= set(columns) else 0

    def proposes(self, options: Options) -> Sequence[Row]:
        labels = [{"key": key, "text": text, "whole": key == "incomplete_ans"} for key, text in ASPECTS.items()]
        return [
            {
                "name": _named(options, "spans"),
                "kind": "span",
                "shows": "all",
                "title": "Mark what is wrong in the answers, what helps as an example, and misconceptions asked about",
                "config": {"labels": labels, "targets": ["completions", PROMPT], "overlap": True},
            },
            {
                "name": _named(options, "preference"),
                "kind": "pairwise",
                "shows": "all",
                "title": "Which answer is better?",
            },
            {"name": _named(options, "reason"), "kind": "text", "shows": "all", "title": "Why?", "required": False},
        ]

    def row(self, value: Mapping[str, Any], options: Options) -> Row:
        texts = {"a": text_field(value, "ans1_text"), "b": text_field(value, "ans2_text")}
        preferred = value.get("ans_preference")
        if not isinstance(preferred, str) or preferred not in PREFERRED:
            raise RowProblem("ans_preference", f"must be Answer 1 or Answer 2, not {preferred!r}")
        answers: Row = {
            _named(options, "spans"): _marks(value, texts | {PROMPT: text_field(value, "question_text")}),
            _named(options, "preference"): {"preferred": PREFERRED[preferred]},
        }
        if reason := str(value.get("ans_preference_reason") or "").strip():
            answers[_named(options, "reason")] = reason
        key = str(value.get("source_file") or "").removesuffix(".txt")
        return {
            **({"key": key} if key else {}),
            "prompt": value["question_text"],
            "completions": [
                {"key": "a", "text": texts["a"], "model": value.get("ans1_label") or None},
                {"key": "b", "text": texts["b"], "model": value.get("ans2_label") or None},
            ],
            "metadata": _metadata(value),
            "annotations": [{**_who(value), "answers": answers, "shown": ["a", "b"]}],
        }

    def remarks(self, row: Row) -> Sequence[RowProblem]:
        """A remark for every span that is not in its text exactly once."""
        marks = next((a for a in row["annotations"][0]["answers"].values() if isinstance(a, dict) and PROMPT in a), {})
        return [
            RowProblem(f"{mark['label']}_span", said)
            for target in marks.values()
            for mark in target
            if (said := anchor_remark(mark))
        ]


def _named(options: Options, option: str) -> str:
    return str(options.get(option) or {"spans": "errors"}.get(option, option))


def _who(value: Mapping[str, Any]) -> Row:
    return {"annotator": value.get("annotator") or "expert", "kind": "human"}


def _marks(value: Mapping[str, Any], texts: Mapping[str, str]) -> dict[str, list[Row]]:
    marks: dict[str, list[Row]] = {target: [] for target in texts}
    for aspect in ASPECTS:
        for span, reason, label, helpful in _spans(value, aspect):
            target = PROMPT if aspect == "ques_misconception" else ANSWERS.get(label)
            if target is None:
                raise RowProblem(f"{aspect}_label", f"must name answer1 or answer2, not {label!r}")
            mark: Row = {"label": aspect, **anchored(texts[target], span)}
            if reason.strip():
                mark["note"] = reason
            if isinstance(helpful, bool):
                mark["attributes"] = {**mark.get("attributes", {}), "helpful": helpful}
            marks[target].append(mark)
    return marks


def _spans(value: Mapping[str, Any], aspect: str) -> Iterator[tuple[str, str, str, Any]]:
    """(span, reason, label, whether it helps) of every mark of an aspect."""
    spans, reasons, labels = (_list(value, f"{aspect}_{part}") for part in ("span", "reason", "label"))
    helpful = _list(value, f"{aspect}_helpful")
    for index, span in enumerate(spans):
        reason, label = (str(part[index]) if index < len(part) else "" for part in (reasons, labels))
        yield str(span), reason, label, helpful[index] if index < len(helpful) else None


def _list(value: Mapping[str, Any], column: str) -> list[Any]:
    """A list written as a Python literal; an empty cell is an empty one. Raises RowProblem."""
    cell = value.get(column)
    if isinstance(cell, list) or not cell:
        return cell or []
    try:
        found = ast.literal_eval(str(cell))
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError) as error:
        raise RowProblem(column, f"must be a list, like ['…'], not {str(cell)[:SHORTENED]!r}") from error
    if not isinstance(found, list):
        raise RowProblem(column, f"must be a list, like ['…'], not {str(cell)[:SHORTENED]!r}")
    return found


def _metadata(value: Mapping[str, Any]) -> Row:
    kept: Row = {name: value[name] for name in KEPT if value.get(name)}
    for name, cell in value.items():
        if name.endswith(SCORES) and cell not in (None, ""):
            kept[name] = _score(cell, name)
    return kept


def _score(cell: Any, column: str) -> float:
    """A finite number. Raises RowProblem."""
    try:
        score = float(cell)
    except (TypeError, ValueError, OverflowError):
        score = math.nan
    if not math.isfinite(score):
        raise RowProblem(column, f"must be a number, not {str(cell)[:SHORTENED]!r}")
    return score
