"""Free texts that were written once and given again, by the same annotator or by another."""

import numpy as np
import numpy.typing as npt

from annotate.stats.linearised import compact
from annotate.stats.signals.base import Flags, Ids, Signal
from annotate.stats.signals.shares import shares, unlike
from annotate.stats.votes import numbered_rows

MARGIN = 0.1
"""So much oftener than the others one may give a text again without being found."""


def repeated_texts(who: npt.ArrayLike, count: int, text_code: npt.ArrayLike, thing: npt.ArrayLike) -> Signal:
    """The share of an annotator's free texts that he gave word for word to another thing too; found is who does so
    oftener than the others.

    `text_code` (n,) numbers the texts, equal ones alike (leave out the empty ones), `thing` (n,) what each is about.
    What everybody often writes, such as "fine", is in the others' share. Raises ValueError for unequal lengths and
    annotators out of range.
    """
    people, text, about = _numbered(who, count, text_code, thing)
    own = compact(people * _width(text) + text)[1]
    return _signal(people, count, _of_several(own, about), about)


def shared_texts(who: npt.ArrayLike, count: int, text_code: npt.ArrayLike, thing: npt.ArrayLike) -> Signal:
    """The share of an annotator's free texts that somebody else gave word for word too, be it to the same thing.

    Found is the one who copied and the one whom he copied: which is which is for a person to say. Arguments and
    errors as of `repeated_texts`.
    """
    people, text, about = _numbered(who, count, text_code, thing)
    return _signal(people, count, _of_several(text, people), about)


def _numbered(who: npt.ArrayLike, count: int, text_code: npt.ArrayLike, thing: npt.ArrayLike) -> tuple[Ids, Ids, Ids]:
    people = numbered_rows("annotators", who, count)
    text, about = (compact(np.asarray(each))[1] for each in (text_code, thing))
    if not people.shape == text.shape == about.shape:
        raise ValueError("there must be one annotator, one text and one thing per row")
    return people, text, about


def _width(codes: Ids) -> int:
    return int(codes.max(initial=-1)) + 1


def _of_several(key: Ids, other: Ids) -> Flags:
    """Whether the rows of a row's key, both (n,), have different others."""
    low, high = np.full(_width(key), _width(other)), np.full(_width(key), -1)
    np.minimum.at(low, key, other)
    np.maximum.at(high, key, other)
    return np.asarray((low < high)[key], bool)


def _signal(people: Ids, count: int, again: Flags, about: Ids) -> Signal:
    found = shares(people, count, again, about)
    return Signal(found.figures, unlike(found, MARGIN, above=True))
