"""How long and how dense a completion is: what ratings and rankings are known to follow beside quality."""

import re
from typing import NamedTuple

from annotate.kinds.source import Said, said_parts

WORD = re.compile(r"\w+(?:['’-]\w+)*")


class Measures(NamedTuple):
    """Code points, words, and different words (case aside). Density is `distinct_words / words`."""

    characters: int
    words: int
    distinct_words: int


def measure(said: Said) -> Measures:
    """The measures of a completion; of chat messages what the assistant says, all parts together."""
    parts = said_parts(own_words(said))
    words = [word.casefold() for part in parts for word in WORD.findall(part)]
    return Measures(sum(map(len, parts)), len(words), len(set(words)))


def own_words(said: Said) -> Said:
    """What the model itself wrote: a text, or the assistant's messages."""
    return said if isinstance(said, str) else [part for part in said if part.get("role") == "assistant"]
