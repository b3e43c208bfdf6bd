"""Marked spans as columns: who answered of which text, what was marked there, and how long the text is."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from annotate.frames.columns import Columns, Flags, Ids
from annotate.frames.frames import COMMON, COMMON_TYPES, Frames
from annotate.frames.reading import codes, column, read

WHOLE = -1
"""Start and end of a mark about a text as a whole."""

MARKS = """
    SELECT r.annotation_id, r.target, coalesce(r.part, 0), r.label, coalesce(r.start, -1), coalesce(r."end", -1)
    FROM annotate_mark r
    WHERE r.campaign_id = {campaign} AND r.question = {question}
      AND r.annotator_id <> ALL ({excluded}::bigint[]) AND r.item_id <> ALL ({withdrawn}::bigint[])
"""
ANSWERS = f"""
    SELECT {COMMON}, r.target FROM (
        SELECT n.id AS annotation_id, n.assignment_id, n.unit_id, u.item_id, u.prompt_group_id, n.annotator_id,
               a.kind AS annotator_kind, n.round, n.created_at, target
        FROM annotate_annotation n JOIN annotate_unit u ON u.id = n.unit_id
        JOIN annotate_annotator a ON a.id = n.annotator_id,
        jsonb_object_keys(CASE jsonb_typeof(n.answers -> {{question}})
            WHEN 'object' THEN n.answers -> {{question}} ELSE '{{{{}}}}' END) target
        WHERE n.campaign_id = {{campaign}} AND n.answers ? {{question}}) r
    JOIN annotate_assignment s ON s.id = r.assignment_id
    WHERE r.annotator_id <> ALL ({{excluded}}::bigint[]) AND r.item_id <> ALL ({{withdrawn}}::bigint[])
"""
SAID_LENGTH = """
    CASE jsonb_typeof(said) WHEN 'string' THEN char_length(said #>> '{{}}') WHEN 'array' THEN (
        SELECT coalesce(sum(char_length(CASE jsonb_typeof(piece) WHEN 'string' THEN piece #>> '{{}}'
            ELSE coalesce(CASE piece ->> 'type' WHEN 'text' THEN piece ->> 'text' END,
                          '[' || coalesce(piece ->> 'type', 'part') || ']') END)) + count(*) - 1, 0)
        FROM jsonb_array_elements(said) piece) ELSE 0 END
"""
TEXTS = f"""
    WITH wanted AS (
        SELECT DISTINCT u.item_id FROM annotate_annotation n JOIN annotate_unit u ON u.id = n.unit_id
        WHERE n.campaign_id = {{campaign}} AND n.answers ? {{question}}),
    whole AS (
        SELECT c.item_id, c.key AS target,
               CASE WHEN c.messages IS NULL THEN to_jsonb(c.text) ELSE c.messages END AS text
        FROM annotate_completion c JOIN wanted USING (item_id)
        UNION ALL SELECT i.id, '@prompt', i.prompt FROM annotate_item i JOIN wanted ON wanted.item_id = i.id
        UNION ALL SELECT i.id, '@context', i.context FROM annotate_item i JOIN wanted ON wanted.item_id = i.id),
    parts AS (
        SELECT item_id, target, 0 AS part, text AS said FROM whole WHERE jsonb_typeof(text) = 'string'
        UNION ALL SELECT item_id, target, place::int - 1,
               CASE WHEN part ? 'sentences' AND NOT part ? 'role' THEN part -> 'sentences' ELSE part -> 'content' END
        FROM whole, jsonb_array_elements(CASE jsonb_typeof(text) WHEN 'array' THEN text ELSE '[]' END)
            WITH ORDINALITY AS found (part, place))
    SELECT item_id, target, part, {SAID_LENGTH} FROM parts
"""


@dataclass(frozen=True, slots=True)
class Answers(Columns):
    """Who answered of which target, a row each, with or without marks; `target` is a code into `targets`."""

    target: Ids
    targets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Marks:
    """A row a mark, of the annotation and target whose answer it is in. Start and end are code points of the target's
    part, `WHOLE` for marks about all of it."""

    annotation: Ids
    target: Ids
    part: Ids
    label: Ids
    start: Ids
    end: Ids
    labels: tuple[str, ...]

    def where(self, chosen: Flags) -> "Marks":
        return Marks(
            self.annotation[chosen],
            self.target[chosen],
            self.part[chosen],
            self.label[chosen],
            self.start[chosen],
            self.end[chosen],
            self.labels,
        )


@dataclass(frozen=True, slots=True)
class Texts:
    """The parts of the texts of all items that were answered, and how many code points each has."""

    item: Ids
    target: Ids
    part: Ids
    length: Ids


@dataclass(frozen=True, slots=True)
class Spans:
    """The answers to a span question; `target` is a code into `answers.targets` everywhere."""

    answers: Answers
    marks: Marks
    texts: Texts

    def where(self, chosen: Flags) -> "Spans":
        """The answers chosen by a mask, and their marks."""
        answers = self.answers.where(chosen)
        return Spans(answers, self.marks.where(np.isin(self.marks.annotation, answers.annotation)), self.texts)


def spans_of(frames: Frames, question: str) -> Spans:
    """The answers to a question about marked spans, of everybody who answered it, marks or none."""
    values = frames.values_of(question)
    types = {**COMMON_TYPES, "target": "string"}
    table = read(ANSWERS, values, types)
    marks = read(MARKS, values, _types(strings=("target", "label"), order="annotation target part label start end"))
    texts = read(TEXTS, values, _types(strings=("target",), order="item target part length"))
    target, targets = codes(table, "target")
    label, labels = codes(marks, "label")
    answers = Answers(**{name: column(table, name) for name in COMMON_TYPES}, target=target, targets=targets)
    marked = {name: column(marks, name) for name in ("annotation", "part", "start", "end")}
    found = Marks(**marked, label=label, labels=labels, target=_coded(codes(marks, "target"), targets))
    said = {name: column(texts, name) for name in ("item", "part", "length")}
    return Spans(
        answers,
        found.where(found.target >= 0),
        _asked(Texts(**said, target=_coded(codes(texts, "target"), targets))),
    )


def _types(strings: tuple[str, ...], order: str) -> dict[str, str]:
    return {name: "string" if name in strings else "int64" for name in order.split()}


def _coded(found: tuple[npt.NDArray[np.int64], tuple[str, ...]], targets: tuple[str, ...]) -> Ids:
    """Codes into `targets`, −1 for a text that is none of them."""
    place = {target: code for code, target in enumerate(targets)}
    return np.array([place.get(text, -1) for text in found[1]], np.int64)[found[0]]


def _asked(texts: Texts) -> Texts:
    kept = texts.target >= 0
    return Texts(texts.item[kept], texts.target[kept], texts.part[kept], texts.length[kept])
