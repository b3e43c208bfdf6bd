"""Who said what of which thing, of all questions of a campaign: what the signals are computed from."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

import numpy as np

from annotate.frames import Asks, Columns, Frames, Preferences
from annotate.frames.columns import Flags, Ids, Numbers
from annotate.frames.things import numbered
from routing.agreement.coded import Coded, coded
from routing.agreement.counted import counted
from routing.annotators.gold import NO_GOLD, gold_hits

PAIRS = ("pairwise", "ranking")


@dataclass(frozen=True, slots=True)
class Group:
    """Annotators who are held against each other: people, or judges. `excluded` are those whose answers count in
    nobody else's figures; the group is then about them, and the others are there to hold them against."""

    frames: Frames
    judges: bool
    excluded: tuple[int, ...] = ()

    def chosen(self, rows: Columns) -> Flags:
        """Which answers count: first ones, of the base design, and not of units that a route chose."""
        which = counted(self.frames, rows)
        mask = which.judge if self.judges else which.human
        if not self.excluded:
            return mask
        theirs = np.isin(rows.annotator, self.excluded)
        own = theirs & (rows.round == 0) & ~rows.again & (rows.judge == self.judges)
        return np.asarray(own | (mask & ~theirs & np.isin(rows.unit, np.unique(rows.unit[own]))))


def groups_of(frames: Frames) -> list[Group]:
    """People, judges, and of each those who were excluded."""
    out = [who for who in frames.annotators.values() if who.excluded]
    everybody = Frames(frames.campaign, with_excluded=True) if out else frames
    found = []
    for judges in (False, True):
        found.append(Group(frames, judges))
        if excluded := tuple(who.id for who in out if who.is_judge == judges):
            found.append(Group(everybody, judges, excluded))
    return found


@dataclass(frozen=True, slots=True)
class Answers:
    """Answers of a group to one or several questions, a row each; every array has shape (n,).

    `thing` and `value` are numbers that no two questions share. Of a `pair` `sign` and `a_first` say what was preferred
    and shown first, `longer` which answer is longer (+1 a, −1 b, 0 neither). `gold` is 1 where the answer is the gold
    one, 0 where it is not, −1 where there is none.
    """

    annotator: Ids
    annotation: Ids
    unit: Ids
    item: Ids
    cluster: Ids
    question: Ids
    thing: Ids
    value: Ids
    at: Numbers
    pair: Flags
    sign: Ids
    a_first: Flags
    longer: Ids
    gold: Ids

    def __len__(self) -> int:
        return len(self.annotator)

    def where(self, chosen: Flags | Ids) -> "Answers":
        return Answers(**{each.name: getattr(self, each.name)[chosen] for each in fields(self)})


@dataclass(frozen=True, slots=True)
class Again:
    """What was silently asked again, shape (n,): of whom, whether he said the same, and the prompt group."""

    annotator: Ids
    same: Flags
    cluster: Ids


@dataclass(frozen=True, slots=True)
class Question:
    """A question that a group answered: `coded` are its rows, `answers` the same as numbers."""

    asks: Asks
    coded: Coded
    answers: Answers
    again: "Again"


def answers_of(group: Group) -> list[Question]:
    """The questions that somebody of the group answered, but those for texts and marks."""
    found: list[Question] = []
    for asks in group.frames.questions.values():
        if asks.scale in ("text", "span"):
            continue
        every = coded(group.frames, asks)
        chosen = group.chosen(every.rows)
        if chosen.any():
            held = every if chosen.all() else every.where(chosen)
            found.append(Question(asks, held, _answers(group.frames, held, len(found)), _again(group, every)))
    return found


def _again(group: Group, every: Coded) -> Again:
    """Each silent repeat beside the same annotator's first answer to the same thing."""
    rows = every.rows
    later = (rows.round > 0) & ~rows.again & (rows.judge == group.judges)
    if not later.any():
        return Again(np.zeros(0, np.int64), np.zeros(0, bool), np.zeros(0, np.int64))
    code = numbered(rows.annotator, every.thing)
    before = np.full(int(code.max()) + 1, -1)
    first = rows.round == 0
    before[code[first]] = every.value[first]
    known = later & (before[code] >= 0)
    return Again(rows.annotator[known], before[code[known]] == every.value[known], rows.group[known])


def together(questions: Sequence[Question]) -> Answers:
    """The answers to all of them, numbered apart."""
    if len(questions) == 1:
        return questions[0].answers
    things = values = 0
    parts = []
    for each in questions:
        found = each.answers
        parts.append(replace(found, thing=found.thing + things, value=found.value + values))
        things += int(found.thing.max(initial=-1)) + 1
        values += int(found.value.max(initial=-1)) + 1
    names = [each.name for each in fields(Answers)]
    return Answers(**{name: np.concatenate([getattr(part, name) for part in parts]) for name in names})


def _answers(frames: Frames, held: Coded, question: int) -> Answers:
    rows, n = held.rows, len(held)
    pairs = isinstance(rows, Preferences) and held.asks.kind in PAIRS
    nothing = np.zeros(n, np.int64)
    return Answers(
        annotator=rows.annotator,
        annotation=rows.annotation,
        unit=rows.unit,
        item=rows.item,
        cluster=rows.group,
        question=np.full(n, question),
        thing=held.thing,
        value=held.value,
        at=rows.at,
        pair=np.full(n, pairs),
        sign=rows.sign if isinstance(rows, Preferences) else nothing,
        a_first=rows.a_first if isinstance(rows, Preferences) else nothing.astype(bool),
        longer=_longer(frames, rows) if isinstance(rows, Preferences) else nothing,
        gold=gold_hits(frames, held) if held.asks.scale != "set" else np.full(n, NO_GOLD),
    )


def _longer(frames: Frames, rows: Preferences) -> Ids:
    of = frames.completions
    difference = of.characters[of.at(rows.a)] - of.characters[of.at(rows.b)]
    return np.asarray(np.sign(difference), np.int64)
