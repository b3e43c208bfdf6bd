"""Where in a text a quote stands that was not copied exactly."""

from collections.abc import Mapping
from typing import Any

from rapidfuzz import fuzz

LEAST_ALIKE = 80
"""From this similarity (0 to 100, case aside) on, a passage counts as the one that was quoted: what the annotators of
HaluQuestQA altered in copying scores 85 and more, what they wrote themselves 74 and less."""
LONGEST_ALIKE = 2000
"""Longer quotes are not searched for by likeness, which takes the more time the longer they are."""
SHORTENED = 80
Place = tuple[int, int]


def anchored(text: str, quote: str) -> dict[str, Any]:
    """The parts of a mark that say where `quote` stands: offsets in code points, the text's own `quote`; none if blank.

    `attributes.anchor` says how it was found where that was not exactly and once: "first of 3", "fuzzy" with the
    `original` and a `score`, or "none": then there are no offsets, and `quote` is what was given.
    """
    times = text.count(quote) if quote.strip() else 0
    if times:
        start = text.index(quote)
        place = {"start": start, "end": start + len(quote), "quote": quote}
        return place if times == 1 else {**place, "attributes": {"anchor": f"first of {times}"}}
    (start, end), score = alike(text, quote) if len(quote) <= LONGEST_ALIKE else ((0, 0), 0.0)
    if score < LEAST_ALIKE or start == end:
        return {"quote": quote, "attributes": {"anchor": "none"}} if quote.strip() else {}
    attributes = {"anchor": "fuzzy", "original": quote, "score": round(score)}
    return {"start": start, "end": end, "quote": text[start:end], "attributes": attributes}


def anchor_remark(mark: Mapping[str, Any]) -> str:
    """What to say of a mark whose quote is not in its text exactly once; empty otherwise."""
    attributes = mark.get("attributes", {})
    anchor, quote = attributes.get("anchor"), _short(mark.get("quote", ""))
    if anchor is None:
        return ""
    if anchor == "none":
        return f"is not in the text and is kept without a place: {quote}"
    if anchor == "fuzzy":
        how = f"found by likeness ({attributes['score']} of 100)"
        return f"is not in the text as written, and was {how}: {_short(attributes['original'])}; marked is {quote}"
    return f"is in the text {anchor.removeprefix('first of ')} times, and the first one is marked: {quote}"


def _short(text: str) -> str:
    return f"“{text if len(text) <= SHORTENED else text[: SHORTENED - 1] + '…'}”"


def alike(text: str, quote: str) -> tuple[Place, float]:
    """The passage of `text` that is most like `quote`, case aside, and how alike they are, from 0 to 100."""
    lower, wanted = _lower(text), _lower(quote.strip())
    if not wanted or not lower.strip():
        return (0, 0), 0.0
    if wanted in lower:
        start = lower.index(wanted)
        return (start, start + len(wanted)), 100.0
    found = fuzz.partial_ratio_alignment(wanted, lower)
    if found is None:
        return (0, 0), 0.0
    place = (found.dest_start, found.dest_end) if len(wanted) <= len(lower) else (0, len(lower))
    scores = {one: fuzz.ratio(wanted, lower[slice(*one)]) for one in (place, _bare(text, place), _whole(text, place))}
    best = max(scores, key=lambda one: scores[one])
    return best, scores[best]


def _lower(text: str) -> str:
    """Lower case, as many characters as before."""
    return "".join(low if len(low := character.lower()) == 1 else character for character in text)


def _bare(text: str, place: Place) -> Place:
    """The place without white space around it."""
    start, end = place
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    return start, end


def _whole(text: str, place: Place) -> Place:
    """The place out to the ends of the words in which it begins and ends."""
    start, end = _bare(text, place)
    while 0 < start < end and text[start - 1].isalnum() and text[start].isalnum():
        start -= 1
    while start < end < len(text) and text[end - 1].isalnum() and text[end].isalnum():
        end += 1
    return start, end
