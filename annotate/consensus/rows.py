"""What units come to, as it is stored: things, answers and rows are made once for all units that have the same."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from annotate.consensus.answers import Thing, agreed_answer
from annotate.consensus.marks import Texts, texts_of
from annotate.consensus.things import Decisions, Hashes, mixed, number
from annotate.frames import Frames
from annotate.frames.columns import Ids, Numbers
from annotate.frames.reading import codes, column, read

AT_ONCE = 2000
SHAPES = """
    SELECT u.id, u.keys::text || coalesce(i.context IN ('null', '""', '[]'), true)::text || (i.prompt = '[]')::text
    FROM annotate_unit u JOIN annotate_item i ON i.id = u.item_id WHERE u.campaign_id = {campaign} ORDER BY u.id
"""
"""Which texts a unit has to be marked."""


@dataclass(frozen=True, slots=True)
class Row:
    """What units come to whose votes are alike; as in `Consensus`. Rows share their things."""

    answer: Any
    n: int
    share: float | None
    confidence: float | None
    things: list[Thing]


@dataclass(frozen=True, slots=True)
class Units:
    """The units (u,) of a question by id, with their annotations `n`, and their things: `order` sorts things by unit,
    and those of a unit are there from `starts` (u + 1,) on."""

    unit: Ids
    n: Ids
    share: Numbers
    confidence: Numbers
    order: Ids
    starts: Ids

    def per_unit(self, hashes: Hashes) -> Ids:
        """A number per unit (u,), the same for units with the same things, by the hashes of things (t,)."""
        added = np.add.reduceat(hashes[self.order], self.starts[:-1]) if len(self.unit) else hashes
        return np.asarray(added.view(np.int64))


def rows_of(frames: Frames, made: Decisions, units: Units) -> tuple[list[Row], Ids]:
    """The different rows, and which of them each unit comes to (u,)."""
    hashes = made.hashes()
    like_thing, thing = np.unique(hashes, return_index=True, return_inverse=True)[1:]
    things = made.stored(like_thing)
    of_answer, answer = _like(units.per_unit(made.answer_hashes()), *_own(frames, made, units))
    like, code = _like(units.per_unit(hashes), units.n, units.share, answer)
    by_unit = [things[place] for place in thing[units.order].tolist()]
    told = [by_unit[start:end] for start, end in zip(units.starts[like], units.starts[like + 1], strict=True)]
    answers = _answers(frames, made, units, of_answer, by_unit)
    rows = [
        Row(found := answers[place], n, number(share), None if found is None else number(sure), said)
        for place, n, share, sure, said in zip(
            answer[like].tolist(),
            units.n[like].tolist(),
            units.share[like].tolist(),
            units.confidence[like].tolist(),
            told,
            strict=True,
        )
    ]
    return rows, code


def _like(*columns: Ids | Numbers) -> tuple[Ids, Ids]:
    """The first of each different row of the columns, and which each is."""
    return np.unique(mixed(*columns), return_index=True, return_inverse=True)[1:]


def _own(frames: Frames, made: Decisions, units: Units) -> list[Ids]:
    """What an answer is of besides decided things: marks that are kept are of the unit's own texts, and where none are
    the answer still names the texts that there are."""
    if made.votes.asks.scale != "span" or not len(units.unit):
        return []
    kept = made.kept[units.order]
    some = np.add.reduceat(kept.astype(np.int64), units.starts[:-1]) > 0
    table = read(SHAPES, {"campaign": frames.campaign.pk}, {"unit": "int64", "shape": "string"})
    shape = codes(table, "shape")[0][np.searchsorted(column(table, "unit"), units.unit)]
    return [np.where(some, units.unit, -1 - shape)]


def _answers(frames: Frames, made: Decisions, units: Units, chosen: Ids, by_unit: Sequence[Thing]) -> list[Any]:
    """The answers of the chosen units (by number)."""
    asks, answers = made.votes.asks, list[Any]()
    for start in range(0, len(chosen), AT_ONCE):
        some = chosen[start : start + AT_ONCE]
        texts: Mapping[int, Texts] = {}
        if asks.scale == "span":
            texts = texts_of(frames, units.unit[some].tolist(), asks.name)
        for unit, pk in zip(some.tolist(), units.unit[some].tolist(), strict=True):
            things = by_unit[units.starts[unit] : units.starts[unit + 1]]
            answers.append(agreed_answer(asks, things, texts.get(pk)))
    return answers
