"""One mark, and the marks of one text: the rules that every door holds them against."""

import itertools
import json
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from annotate.kinds.base import Asked, brief, refuse
from annotate.kinds.source import CONTEXT, PROMPT

MOST_MARKS = 2000
LONGEST_NOTE = 10_000
LONGEST_ATTRIBUTES = 10_000
KEYS = ("label", "part", "start", "end", "quote", "severity", "note", "refs", "attributes")
UNANCHORED = "none"

Mark = dict[str, Any]


class Wrong(ValueError):
    """What is wrong with one mark."""


def clean_marks(asked: Asked, target: str, given: Any) -> list[Mark]:
    """The marks of one target in canonical order: by part, start, end and label, those without offsets last.

    A mark that is given twice, alike in everything, is one mark. Raises `Invalid` naming target and mark.
    """
    where = target if target in (PROMPT, CONTEXT) else f"completion {target}"
    if not isinstance(given, list):
        raise refuse(asked, f"{where}: give a list of marks; an empty list says that there are none")
    if len(given) > MOST_MARKS:
        raise refuse(asked, f"{where}: {len(given)} marks are too many; give at most {MOST_MARKS}")
    marks: dict[str, Mark] = {}
    for number, value in enumerate(given, start=1):
        try:
            mark = _clean_mark(asked, target, value)
        except Wrong as wrong:
            raise refuse(asked, f"{where}: mark {number}: {wrong}") from None
        marks[json.dumps(mark, sort_keys=True)] = mark
    ordered = [marks[text] for text in sorted(marks, key=lambda text: (*_place(marks[text]), text))]
    if not asked.config["overlap"] and (pair := _overlapping(ordered)):
        raise refuse(asked, f"{where}: marks must not overlap here, but {pair[0]} and {pair[1]} do")
    return ordered


def _place(mark: Mark) -> tuple[bool, int, int, int, str]:
    return "start" not in mark, mark.get("part", 0), mark.get("start", 0), mark.get("end", 0), mark["label"]


def _overlapping(ordered: Sequence[Mark]) -> tuple[str, str] | None:
    spans = [mark for mark in ordered if "start" in mark]
    for one, other in itertools.pairwise(spans):
        if one.get("part") == other.get("part") and other["start"] < one["end"]:
            return brief(one["quote"]), brief(other["quote"])
    return None


def _clean_mark(asked: Asked, target: str, given: Any) -> Mark:
    if not isinstance(given, Mapping):
        raise Wrong('give an object {"label", "start", "end", …}')
    if unknown := [str(key) for key in given if key not in KEYS]:
        raise Wrong(f"{brief(unknown[0])} is not part of a mark; there are {', '.join(KEYS)}")
    value = {key: given[key] for key in KEYS if given.get(key) is not None}
    labels = {label["key"]: label for label in asked.config["labels"]}
    label = labels.get(value["label"]) if isinstance(value.get("label"), str) else None
    if label is None:
        raise Wrong(f"label must be one of {_listed(list(labels))}")
    attributes = _clean_attributes(value.get("attributes"))
    clean = {"label": label["key"], **_clean_place(asked.source.parts(target), label, value, attributes)}
    clean |= _clean_severity(asked.config["severities"] if label["severities"] else [], value.get("severity"))
    clean |= _clean_note(label["note"] or asked.config["required_note"], value.get("note"))
    clean |= _clean_refs(asked.source.sentences, label["refs"], value.get("refs"))
    return clean | ({"attributes": attributes} if attributes else {})


def _clean_place(
    parts: Sequence[str], label: Mapping[str, Any], value: Mapping[str, Any], attributes: Mapping[str, Any]
) -> Mark:
    """Where the mark stands: `part`, `start`, `end` and `quote`; nothing for one about the whole text."""
    anchored = attributes.get("anchor") != UNANCHORED
    if not anchored:
        if "start" in value or "end" in value or not value.get("quote"):
            raise Wrong("with the anchor “none” give a quote and no offsets")
        return {**_clean_part(parts, value), "quote": _clean_quote(value["quote"])}
    if not {"start", "end", "quote"} & set(value):
        return _clean_whole(parts, label, value)
    if label["whole"] == "required":
        raise Wrong(f"{label['key']} is about the whole text: give no offsets and no quote")
    if not parts:
        raise Wrong("there is no text here in which something could be marked")
    return _clean_offsets(parts, value) if "start" in value or "end" in value else _find(parts, value)


def _clean_whole(parts: Sequence[str], label: Mapping[str, Any], value: Mapping[str, Any]) -> Mark:
    if label["whole"] == "none":
        raise Wrong(f"{label['key']} needs its place: give start and end")
    return _clean_part(parts, value)


def _clean_offsets(parts: Sequence[str], value: Mapping[str, Any]) -> Mark:
    place = _clean_part(parts, value)
    if len(parts) > 1 and not place:
        raise Wrong(f"the text has several parts: give part, 0 to {len(parts) - 1}")
    text = parts[place.get("part", 0)]
    start, end = value.get("start"), value.get("end")
    if type(start) is not int or type(end) is not int or not 0 <= start < end <= len(text):
        raise Wrong(f"start and end must be whole numbers with 0 ≤ start < end ≤ {len(text)}, in characters")
    quote = text[start:end]
    if value.get("quote", quote) != quote:
        raise Wrong(f"the quote is not what stands at {start} to {end}, which is {brief(quote)}")
    return {**place, "start": start, "end": end, "quote": quote}


def _clean_part(parts: Sequence[str], value: Mapping[str, Any]) -> Mark:
    """`part`, which only a text in several parts has."""
    part = value.get("part")
    if part is None:
        return {}
    if type(part) is not int or not 0 <= part < max(len(parts), 1):
        raise Wrong(f"part must be a whole number from 0 to {max(len(parts), 1) - 1}")
    return {"part": part} if len(parts) > 1 else {}


def _clean_quote(quote: Any) -> str:
    if not isinstance(quote, str) or not quote:
        raise Wrong("quote must be a text")
    return quote


def _find(parts: Sequence[str], value: Mapping[str, Any]) -> Mark:
    """The place of a quote that is given without offsets, if there is exactly one."""
    quote, part = _clean_quote(value["quote"]), _clean_part(parts, value).get("part")
    found = [
        (number, start)
        for number, text in enumerate(parts)
        if part in (None, number)
        for start in itertools.islice(_occurrences(text, quote), 100)
    ]
    if len(found) != 1:
        many = "100 or more" if len(found) >= 100 else len(found)
        raise Wrong(f"the quote {brief(quote)} occurs {many} times in the text; give start and end")
    number, start = found[0]
    place = {"part": number} if len(parts) > 1 else {}
    return {**place, "start": start, "end": start + len(quote), "quote": quote}


def _occurrences(text: str, quote: str) -> Any:
    """Every start of the quote, overlapping ones too."""
    following: Callable[[int], int] = partial(text.find, quote)
    start = following(0)
    while start >= 0:
        yield start
        start = following(start + 1)


def _clean_severity(severities: Sequence[str], severity: Any) -> Mark:
    if not severities:
        if severity is not None:
            raise Wrong("severity is not asked for this label")
        return {}
    if severity not in severities:
        raise Wrong(f"severity must be one of {_listed(severities)}")
    return {"severity": severity}


def _clean_note(required: bool, note: Any) -> Mark:
    if note is not None and not isinstance(note, str):
        raise Wrong("note must be a text")
    if note and len(note) > LONGEST_NOTE:
        raise Wrong(f"the note has {len(note)} characters; give at most {LONGEST_NOTE}")
    if note and note.strip():
        return {"note": note}
    if required:
        raise Wrong("this label needs a note")
    return {}


def _clean_refs(sentences: Mapping[str, str], mode: str, refs: Any) -> Mark:
    """The ids of passage sentences, each once, in the passages' order."""
    if refs is not None and (not isinstance(refs, list) or not all(isinstance(ref, str) for ref in refs)):
        raise Wrong('refs must be a list of sentence ids, such as ["1.2"]')
    if not refs:
        if mode == "required":
            raise Wrong("this label needs refs: the ids of sentences in the context, such as 1.2")
        return {}
    if mode == "none":
        raise Wrong("refs are not asked for this label")
    if unknown := [ref for ref in refs if ref not in sentences]:
        there = f"there are {_listed(list(sentences))}" if sentences else "the context has no numbered sentences"
        raise Wrong(f"refs: {brief(unknown[0])} is no sentence of the context; {there}")
    return {"refs": [ref for ref in sentences if ref in refs]}


def _clean_attributes(attributes: Any) -> dict[str, Any]:
    if attributes is None:
        return {}
    if not isinstance(attributes, Mapping) or len(json.dumps(attributes)) > LONGEST_ATTRIBUTES:
        raise Wrong(f"attributes must be an object of at most {LONGEST_ATTRIBUTES} characters of JSON")
    return dict(attributes)


def _listed(names: Sequence[str]) -> str:
    listed = ", ".join(names)
    return listed if len(listed) <= 120 else f"{', '.join(names[:4])[:100]}, … ({len(names)} in all)"
