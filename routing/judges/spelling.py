"""Whether a piece of text spells a label, alone or with what may stand after it."""

import re
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

LEAD = re.compile(r"(?:the\s+)?(?:response|option|completion|assistant|candidate|number|label|score|step)\s+", re.I)
OPEN, CLOSE = "*_`\"'“”‘’([{<$ \t", "*_`\"'“”‘’)]}>$ \t"
NUMBER = re.compile(r"[-−]?\d+(?:[.,]\d+)?")
OUT_OF = re.compile(r"\s*(?:/|out\s+of|of)\s*(\d+(?:\.\d+)?)", re.I)
ENDS = re.compile(r"[.!]?[*_`\"'“”‘’)\]}>$\s]*$")
GIVES_REASON = re.compile(r",?\s*(?:because|since)\b", re.I)
IN_DOUBT = re.compile(
    r"\b(?:or|rather|actually|wait|instead|however|but|though|although|unfortunately|neither|inject\w*|told)\b", re.I
)


def as_label(value: Any, labels: Sequence[str]) -> str | None:
    """The label that a JSON value spells: as a text, or as a number that equals it."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    text = str(value).strip()
    return text if text in labels else _same_number(text, labels) or _same_letters(text, labels)


def of_total(text: str, labels: Sequence[str]) -> str:
    """The label of `4/5`."""
    if not NUMBER.match(text):
        return ""
    label, after = _number_first(text, labels)
    return "" if label is None or after.strip() else label


def only_label(rest: str, labels: Sequence[str]) -> str | None:
    """The label that the rest of a line is, closed or not by punctuation, or by why: “because …”, “since …”."""
    text = LEAD.sub("", rest.lstrip(OPEN + ":"), count=1).lstrip(OPEN)
    label, after = _number_first(text, labels) if NUMBER.match(text) else _words_first(text, labels)
    if label is None:
        return None
    after = after.lstrip(CLOSE)
    reason = GIVES_REASON.match(after)
    return label if ENDS.match(after) or (reason and not IN_DOUBT.search(after)) else None


def _number_first(text: str, labels: Sequence[str]) -> tuple[str | None, str]:
    match = NUMBER.match(text)
    assert match is not None
    label, after = _same_number(match[0].replace("−", "-"), labels), text[match.end() :].lstrip("*_`")
    if total := OUT_OF.match(after):
        top = _same_number(total[1], labels)
        return (label if top is not None and top == labels[-1] else None), after[total.end() :]
    return label, after


def _words_first(text: str, labels: Sequence[str]) -> tuple[str | None, str]:
    for label in sorted(labels, key=len, reverse=True):
        end = len(label)
        if text[:end].casefold() == label.casefold() and not text[end : end + 1].isalnum():
            return label, text[end:]
    return None, ""


def _same_number(text: str, labels: Sequence[str]) -> str | None:
    try:
        number = Decimal(text)
        equal = [label for label in labels if NUMBER.fullmatch(label) and Decimal(label) == number]
    except InvalidOperation:
        return None
    return equal[0] if len(equal) == 1 else None


def _same_letters(text: str, labels: Sequence[str]) -> str | None:
    equal = [label for label in labels if label.casefold() == text.casefold()]
    return equal[0] if len(equal) == 1 else None
