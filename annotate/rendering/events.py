"""The Markdown parser's events, with ranges in code points."""

from collections.abc import Iterator
from itertools import accumulate
from typing import Any

import pyromark
from pyromark import Options

from annotate.rendering.anchored import TooMuch

MOST = 60_000
PARSER = pyromark.Markdown(
    options=Options.ENABLE_TABLES | Options.ENABLE_STRIKETHROUGH | Options.ENABLE_TASKLISTS,
)

Event = tuple[str, Any, int, int]


def events(text: str) -> Iterator[Event]:
    """Name, value, start and end of each event. Raises `TooMuch` where a short text gives endlessly many."""
    points = _points(text)
    for count, (event, span) in enumerate(PARSER.events_with_range(text)):
        if count > MOST:
            raise TooMuch
        name, value = (event, None) if isinstance(event, str) else next(iter(event.items()))
        yield name, value, points[span["start"]], points[span["end"]]


def tag(value: Any) -> tuple[str, Any]:
    """The name and the details of the tag that starts or ends."""
    return (value, None) if isinstance(value, str) else next(iter(value.items()))


def _points(text: str) -> range | list[int]:
    """By byte offset, how many code points begin before it."""
    if text.isascii():
        return range(len(text) + 1)
    return list(accumulate((byte & 0xC0 != 0x80 for byte in text.encode()), initial=0))
