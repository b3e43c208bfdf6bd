"""Where in a text a quote stands that a model gave: it may have set white space, quotes and dashes its own way."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

SAME = ("'‘’‚‛`´", '"“”„‟«»', "-‐‑‒–—―−")
LONGEST = 2000


@dataclass(frozen=True, slots=True)
class Place:
    """Code points of part `part` of a text, and what stands there."""

    part: int
    start: int
    end: int
    quote: str


def find(parts: Sequence[str], quote: str, occurrence: int = 1) -> Place | None:
    """The `occurrence`-th place of the quote, counted through the parts; None where it does not stand there.

    Only where it stands nowhere word for word, white space, quotation marks and dashes may differ. A quote that occurs
    once is found whatever the number says.
    """
    wanted = quote.strip()
    if not wanted:
        return None
    found = list(_exactly(parts, wanted)) or list(_loosely(parts, wanted))
    if len(found) == 1:
        return found[0]
    return found[occurrence - 1] if 1 <= occurrence <= len(found) else None


def to_words(text: str, place: Place) -> Place:
    """The place widened to whole words."""
    start, end = place.start, place.end
    while start > 0 and _inside(text, start):
        start -= 1
    while end < len(text) and _inside(text, end):
        end += 1
    return Place(place.part, start, end, text[start:end])


def _inside(text: str, at: int) -> bool:
    """Whether a word goes on across the gap before `at`."""
    return text[at - 1].isalnum() and text[at].isalnum()


def _exactly(parts: Sequence[str], quote: str) -> Iterator[Place]:
    for part, text in enumerate(parts):
        start = text.find(quote)
        while start >= 0:
            yield Place(part, start, start + len(quote), quote)
            start = text.find(quote, start + 1)


def _loosely(parts: Sequence[str], quote: str) -> Iterator[Place]:
    if len(quote) > LONGEST:
        return
    pattern = re.compile(r"\s+".join("".join(map(_any_form, word)) for word in quote.split()))
    for part, text in enumerate(parts):
        for match in pattern.finditer(text):
            yield Place(part, match.start(), match.end(), match.group())


def _any_form(character: str) -> str:
    for same in SAME:
        if character in same:
            return f"[{re.escape(same)}]"
    return re.escape(character)
