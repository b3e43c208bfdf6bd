"""The answer that a unit's decided things come to, in the shape and under the validator of its question.

A thing is stored as {"of", "said", "n", "answer", "confidence"}: `of` names it ([a, b] for a pair, [completion] for a
score, [target, point or option] for labels, [target, label, part, start, end] for a stretch of text), `said` is the
weight of the votes by label, and `answer` a label, a number, "first", "tie" or "second", or null where the rule decided
nothing.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from annotate.consensus.marks import Texts, kept_marks
from annotate.consensus.votes import SIDES, SIGNS, YES
from annotate.errors import Invalid
from annotate.frames import Asks
from annotate.kinds import Asked, kind
from annotate.kinds.base import LabelRow, PreferenceRow, RecordRow, ScoreRow
from annotate.kinds.source import Source

Thing = Mapping[str, Any]
SIGN = {side: int(sign) for side, sign in zip(SIDES, SIGNS, strict=True)}


def agreed_answer(asks: Asks, things: Sequence[Thing], texts: Texts | None = None) -> Any:
    """The answer, or None where a thing is undecided or the question does not allow what the votes come to.

    In a ranking an undecided pair counts for neither side. Marks need the `texts` of their unit.
    """
    if asks.scale == "span":
        return _marked(asks, things, texts) if things and texts else None
    if not things or (asks.scale != "ranking" and any(thing["answer"] is None for thing in things)):
        return None
    asked = _asked(asks, things)
    return _clean(asked, list(_rows(asks, things)))


def _marked(asks: Asks, things: Sequence[Thing], texts: Texts) -> Any:
    asked = Asked(asks.name, asks.kind, asks.config, shows=asks.shows, keys=texts.keys, source=texts.source)
    return _clean(asked, kept_marks(things, texts))


def _clean(asked: Asked, rows: Sequence[RecordRow]) -> Any:
    found = kind(asked.kind)
    raw = found.from_records(asked, rows)
    try:
        return None if raw is None else found.clean(asked, raw)
    except Invalid:
        return None


def _rows(asks: Asks, things: Sequence[Thing]) -> Iterator[RecordRow]:
    yields = kind(asks.kind).yields
    for thing in things:
        of, answer = thing["of"], thing["answer"]
        if PreferenceRow in yields:
            sign = SIGN[answer] if answer is not None else 0
            yield PreferenceRow(of[0], of[1], sign, thing.get("strength"), bool(thing.get("both_bad")))
        elif LabelRow not in yields:
            yield ScoreRow(of[0], answer)
        elif asks.scale != "set":
            yield LabelRow(of[0], of[1], answer)
        elif answer == YES:
            yield LabelRow(of[0], "", of[1])


def _asked(asks: Asks, things: Sequence[Thing]) -> Asked:
    """The question as asked of the completions and points that were answered."""
    if PreferenceRow in kind(asks.kind).yields:
        keys = dict.fromkeys(key for thing in things for key in thing["of"])
    else:
        keys = dict.fromkeys(thing["of"][0] for thing in things if thing["of"][0])
    points = dict.fromkeys(thing["of"][1] for thing in things if len(thing["of"]) > 1 and thing["of"][1])
    source = Source(points=[{"key": point} for point in points])
    return Asked(asks.name, asks.kind, asks.config, shows=asks.shows, keys=tuple(keys), source=source)
