"""Texts that are longer than a model can take, cut in the middle and in sight: never in silence."""

from collections.abc import Mapping
from dataclasses import dataclass

from routing.judges import Reply
from routing.protocols import Judged

NOTICE = "[… {count} words are left out here …]"
MARGIN = 0.9
"""How much of the room is used that seems to be there: the notice takes some, and tokens are not characters."""
FEWEST_WORDS = 20
"""A text is not cut to fewer words than this."""


@dataclass(frozen=True, slots=True)
class Shortened:
    """The completions by key, none with more than `most` words, and how many words were left out of each cut one."""

    completions: dict[str, str]
    left_out: dict[str, int]
    most: int


def is_too_long(reply: Reply) -> bool:
    """Whether the request, not the answer, was too long."""
    return reply.status == "truncated" and bool(reply.raw.get("too_long") or reply.raw.get("needed"))


def shortened(judged: Judged, reply: Reply, before: Shortened | None = None) -> Shortened | None:
    """The completions cut to fit, shorter than `before`; None where that cannot help.

    The longest ones are cut first, to one length. How far follows from the tokens that were needed and allowed, where
    the reply names both; else to half.
    """
    if not is_too_long(reply):
        return None
    now = before.completions if before else judged.completions
    words = {key: len(judged.completions[key].split()) for key in judged.keys}
    left = {key: min(count, before.most) if before else count for key, count in words.items()}
    most = _most(left, _wanted(sum(left.values()), sum(len(now[key]) for key in judged.keys), reply))
    if most < FEWEST_WORDS or most >= max(left.values(), default=0):
        return None
    cut = {key: count - most for key, count in words.items() if count > most}
    texts = {key: cut_middle(text, most) if key in cut else text for key, text in judged.completions.items()}
    return Shortened(texts, cut, most)


def recut(judged: Judged, left_out: Mapping[str, int]) -> Shortened:
    """The completions as they were cut when so many words were left out of them."""
    words = {key: len(judged.completions[key].split()) for key in left_out}
    texts = {key: cut_middle(judged.completions[key], words[key] - count) for key, count in left_out.items()}
    most = max((words[key] - count for key, count in left_out.items()), default=0)
    return Shortened(judged.completions | texts, dict(left_out), most)


def _wanted(words: int, characters: int, reply: Reply) -> int:
    """How many words may be left in all."""
    needed, allowed = reply.raw.get("needed"), reply.raw.get("allowed")
    if not (isinstance(needed, int) and isinstance(allowed, int) and needed > allowed > 0):
        return words // 2
    # A token is about four characters; what is left of the words gives them up in proportion.
    over = (needed - allowed) / MARGIN
    share = max(0.0, 1 - over / max(1.0, characters / 4))
    return min(words - 1, int(words * share))


def _most(words: Mapping[str, int], wanted: int) -> int:
    """The length to which the longest texts are cut, so that all together have `wanted` words."""
    left, room = sorted(words.values()), wanted
    while left:
        most = room // len(left)
        if left[0] >= most:
            return most
        room -= left.pop(0)
    return 0


def cut_middle(text: str, most: int) -> str:
    """The first and last words of a text, `most` in all, around a line that says how many are left out."""
    head = _head(text, most - most // 2)
    tail = _head(text[::-1], most // 2)[::-1]
    notice = NOTICE.format(count=len(text.split()) - most)
    return f"{head.rstrip()}\n{notice}\n{tail.lstrip()}"


def _head(text: str, words: int) -> str:
    """The text up to the end of so many words, as it is."""
    inside = False
    for at, character in enumerate(text):
        if not character.isspace() and not inside:
            if words == 0:
                return text[:at]
            words, inside = words - 1, True
        elif character.isspace():
            inside = False
    return text
