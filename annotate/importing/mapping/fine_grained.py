"""Fine-grained feedback on question answering (Wu et al. 2023, Fine-Grained RLHF, arXiv 2306.01693)."""

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any

from annotate.importing.mapping.base import Options, Row, RowMapping, Sample
from annotate.importing.mapping.fields import decoded, text_field
from annotate.importing.problems import RowProblem

KEYS = ("1", "2", "3", "4")
JUDGED = "1"
"""Errors, missing information and the correction are about the first prediction."""
PREFERRED = {0: None, 1: 0, 2: 1}
"""Of the pairs (1, 2), (1, 3), (1, 4), (2, 3), (2, 4), (3, 4): 0 is a tie, 1 the first, 2 the second.

The data says so: the nine decided pairs whose first prediction was found free of errors all have 1, and of 1,611
decided pairs in which one is nearer to the gold answer (F1 of words), 62 % agree this way round.
"""
LABELS = {
    "Irrelevant": "Irrelevant",
    "Redundant": "Redundant",
    "Incoherent": "Incoherent",
    "Wrong-Grounding": "Contradicts the passages",
    "Unverifiable": "Not in the passages",
    "Missing-Answer": "Missing: the answer",
    "Missing-Major-Auxiliary": "Missing: major auxiliary information",
    "Missing-Minor-Auxiliary": "Missing: minor auxiliary information",
}
DEFAULTS = {"spans": "errors", "correction": "correction", "preference": "preference", "annotator": "dataset"}


class FineGrained(RowMapping):
    name = "fine_grained"
    title = "Fine-Grained RLHF"
    describe = "A question with passages and four predictions, the marked errors of the first, and all preferences."
    options = {
        "spans": "The span question that errors and missing information answer (default: errors).",
        "correction": "The text question that the corrected prediction answers (default: correction).",
        "preference": "The pairwise question that the preferences answer (default: preference).",
        "annotator": "Who gave them (default: dataset).",
    }

    def matches(self, columns: Sequence[str], sample: Sample) -> float:
        wanted = {"question", "passages", "feedback", "preference", *(f"prediction {key}" for key in KEYS)}
        return 0.95 if wanted <= set(columns) else 0

    def proposes(self, options: Options) -> Sequence[Row]:
        missing = [key for key in LABELS if key.startswith("Missing")]
        labels = [
            {"key": key, "text": text}
            | ({"whole": "required"} if key in missing else {})
            | ({"refs": "optional"} if key in missing or key == "Wrong-Grounding" else {})
            for key, text in LABELS.items()
        ]
        return [
            {
                "name": _named(options, "spans"),
                "kind": "span",
                "shows": "each",
                "title": "Mark every error, and what information is missing",
                "config": {"labels": labels, "overlap": True},
            },
            {
                "name": _named(options, "correction"),
                "kind": "text",
                "shows": "each",
                "title": "Correct the answer",
                "config": {"per": "completion", "prefill": True, "min_length": 0},
            },
            {
                "name": _named(options, "preference"),
                "kind": "pairwise",
                "shows": "pair",
                "title": "Which answer is better?",
            },
        ]

    def row(self, value: Mapping[str, Any], options: Options) -> Row:
        texts = {key: text_field(value, f"prediction {key}") for key in KEYS}
        row: Row = {
            "prompt": text_field(value, "question"),
            "context": _passages(decoded(value.get("passages"))),
            "completions": [{"key": key, "text": text} for key, text in texts.items()],
        }
        if value.get("gold"):
            row["reference"] = text_field(value, "gold")
        who = {"annotator": _named(options, "annotator"), "kind": "human"}
        feedback = _feedback(decoded(value.get("feedback")), texts[JUDGED], options)
        compared = _preferences(decoded(value.get("preference")), options)
        row["annotations"] = [{**who, **one} for one in (feedback, *compared)]
        return row


def _named(options: Options, option: str) -> str:
    return str(options.get(option) or DEFAULTS[option])


def _passages(given: Any) -> list[Row]:
    """Passages of a title and sentences. The data numbers sentences from 1; 0 is the title."""
    if not isinstance(given, list) or not all(_is_passage(passage) for passage in given):
        raise RowProblem("passages", "must be a list of passages, each a list of its title and its sentences")
    return [{"title": passage[0], "sentences": passage[1:]} for passage in given]


def _is_passage(passage: Any) -> bool:
    return isinstance(passage, list) and len(passage) > 1 and all(isinstance(part, str) for part in passage)


def _feedback(given: Any, text: str, options: Options) -> Row:
    """The answers about the first prediction: its marks and its correction."""
    if not isinstance(given, Mapping):
        raise RowProblem("feedback", "must be an object of errors, missing-info and corrected-prediction")
    marks = [*_errors(given.get("errors"), text), *_missing(given.get("missing-info"))]
    answers: Row = {_named(options, "spans"): {JUDGED: marks}}
    corrected = given.get("corrected-prediction")
    if isinstance(corrected, str):
        answers[_named(options, "correction")] = {JUDGED: corrected}
    return {"answers": answers, "shown": [JUDGED]}


def _errors(given: Any, text: str) -> Iterator[Row]:
    for index, error in _objects(given, "feedback.errors"):
        field = f"feedback.errors[{index}]"
        start, end, explained = error.get("start"), error.get("end"), error.get("explanation") or ""
        if not isinstance(start, int) or not isinstance(end, int) or not 0 <= start < end <= len(text):
            raise RowProblem(field, f"start and end must lie in prediction {JUDGED}, which has {len(text)} characters")
        mark: Row = {"label": error.get("error type"), "start": start, "end": end, "quote": text[start:end]}
        found = decoded(explained)
        if isinstance(found, dict):
            mark["refs"] = _refs(found, field)
        elif explained:
            mark["note"] = str(explained)
        yield mark


def _missing(given: Any) -> Iterator[Row]:
    for index, one in _objects(given, "feedback.missing-info"):
        yield {"label": one.get("error type"), "refs": _refs(one, f"feedback.missing-info[{index}]")}


def _objects(given: Any, field: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    if not isinstance(given, list) or not all(isinstance(one, Mapping) for one in given):
        raise RowProblem(field, "must be a list of objects")
    for index, one in enumerate(given):
        label = one.get("error type")
        if not isinstance(label, str) or label not in LABELS:
            raise RowProblem(f"{field}[{index}].error type", f"must be one of {', '.join(LABELS)}")
        yield index, one


def _refs(given: Mapping[str, Any], field: str) -> list[str]:
    """`passage.sentence` of each sentence that is pointed at."""
    passage, sentences = given.get("passage_id"), given.get("sentence_id")
    if not isinstance(passage, int) or not isinstance(sentences, list):
        raise RowProblem(field, f"must name a passage_id and a list sentence_id, not {json.dumps(given)[:80]}")
    return [f"{passage}.{sentence}" for sentence in sentences]


def _preferences(given: Any, options: Options) -> Iterator[Row]:
    """A comparison for each pair. The file does not say which was on which side: they stand in its order."""
    pairs = list(combinations(KEYS, 2))
    if not isinstance(given, list) or len(given) != len(pairs) or any(one not in (0, 1, 2) for one in given):
        raise RowProblem("preference", f"must be {len(pairs)} numbers, 0 for a tie, 1 for the first, 2 for the second")
    for pair, number in zip(pairs, given, strict=True):
        won = PREFERRED[number]
        preferred = None if won is None else pair[won]
        yield {"answers": {_named(options, "preference"): {"preferred": preferred}}, "shown": list(pair)}
