"""Every signal of a group of annotators, over all questions together or of one alone."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from annotate.frames.columns import Flags, Ids
from annotate.stats.signals.agreement import agreement_with_rest
from annotate.stats.signals.base import Signal, flags
from annotate.stats.signals.copies import copies
from annotate.stats.signals.gold import gold_accuracy
from annotate.stats.signals.length import length_preference
from annotate.stats.signals.position import position_effect
from annotate.stats.signals.shares import shares, unlike
from annotate.stats.signals.streaks import streaks
from annotate.stats.signals.ties import ties
from annotate.stats.signals.trend import trend
from routing.annotators.answers import Answers
from routing.annotators.beside import Beside

RETEST_MARGIN = 0.05
"""So much more rarely than the others one may repeat himself without being found."""
IN_SEQUENCE = ("pairwise", "rating", "choice")
"""Kinds of which a row of equal answers says something: one after the other, each a small choice."""


@dataclass(frozen=True, slots=True)
class Told:
    """A signal with the title of the question behind each annotator's figure ("" of all), and whom he copies (ids,
    −1: nobody)."""

    signal: Signal
    of: tuple[str, ...] = ()
    copied: Ids | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """Answers with what was found about them: `who` numbers `count` annotators, `beside` are the others' answers,
    `dated` whether a row's time is its own, and `questions` the kind and title of each question."""

    answers: Answers
    who: Ids
    count: int
    beside: Beside
    dated: Flags
    questions: Sequence[tuple[str, str]]


def all_signals(asked: Asked) -> dict[str, Told]:
    """The signals that these answers allow, by name; whose answers allow none has figures without a value."""
    found: dict[str, Told] = {}
    for name, make in MADE.items():
        if (told := make(asked)) is not None and any(each.value is not None for each in told.signal.figures):
            found[name] = told
    return found


def _agreement(asked: Asked) -> Told:
    """Who copies makes a majority of two for whom he copies, beside whom all others look bad: only he himself is held
    against answers that have his among them."""
    copier = flags({"copies": _copies(asked).signal})["copies"]
    every = _agrees(asked, np.ones(len(asked.who), bool))
    if not copier.any():
        return Told(every)
    own = _agrees(asked, ~copier[asked.who])
    figures = tuple(every.figures[n] if copier[n] else own.figures[n] for n in range(asked.count))
    return Told(Signal(figures, np.where(copier, every.p, own.p)))


def _agrees(asked: Asked, kept: Flags) -> Signal:
    rows = asked.answers if kept.all() else asked.answers.where(kept)
    return agreement_with_rest(asked.who[kept], asked.count, rows.thing, rows.value, rows.cluster, rows.question)


def _gold(asked: Asked) -> Told | None:
    known = asked.answers.gold >= 0
    if not known.any():
        return None
    return Told(gold_accuracy(asked.who[known], asked.count, asked.answers.gold[known], asked.answers.cluster[known]))


def _position(asked: Asked) -> Told | None:
    rows, who = _pairs(asked)
    return Told(position_effect(who, asked.count, rows.sign, rows.a_first, rows.cluster)) if len(rows) else None


def _length(asked: Asked) -> Told | None:
    rows, who = _pairs(asked)
    if not rows.longer.any():
        return None
    return Told(_of_three(length_preference(who, asked.count, rows.thing, rows.sign, rows.longer, rows.cluster)))


def _ties(asked: Asked) -> Told | None:
    rows, who = _pairs(asked)
    if not (rows.sign == 0).any():
        return None
    return Told(_of_three(ties(who, asked.count, rows.thing, rows.sign == 0, rows.cluster)))


def _of_three(signal: Signal) -> Signal:
    """The signal without tests where there are but two: each differs from the other as much, and neither is odd."""
    return signal if len(signal.p) > 2 else Signal(signal.figures, np.full(len(signal.p), np.nan))


def _pairs(asked: Asked) -> tuple[Answers, Ids]:
    pair = asked.answers.pair
    return (asked.answers, asked.who) if pair.all() else (asked.answers.where(pair), asked.who[pair])


def _copies(asked: Asked) -> Told:
    rows = asked.answers
    found = copies(asked.who, asked.count, rows.thing, rows.value, rows.at, rows.cluster)
    return Told(found.signal, copied=found.of)


def _streaks(asked: Asked) -> Told | None:
    """Question by question: what is answered alternately makes no row."""
    parts = []
    for number, (kind, title) in enumerate(asked.questions):
        mine = asked.dated & (asked.answers.question == number)
        if kind in IN_SEQUENCE and mine.any():
            rows = asked.answers.where(mine)
            said = np.where(rows.a_first, rows.sign, -rows.sign) if kind == "pairwise" else rows.value
            parts.append((streaks(asked.who[mine], asked.count, rows.at, said), title))
    return strongest(parts) if parts else None


def _trend(asked: Asked) -> Told | None:
    known = asked.dated & np.isfinite(asked.beside.hit)
    if not known.any():
        return None
    rows = asked.answers
    return Told(trend(asked.who[known], asked.count, rows.at[known], asked.beside.hit[known], rows.cluster[known]))


def dated(answers: Answers, who: Ids, count: int) -> Flags:
    """Rows of annotators whose answers have times of their own: an import without them gives all the same."""
    first = np.unique(answers.annotation, return_index=True)[1]
    work = np.bincount(who[first], minlength=count)
    order = np.lexsort((answers.at, who))
    owner, at = who[order], answers.at[order]
    new = (np.diff(owner, prepend=-1) != 0) | (np.diff(at, prepend=np.nan) != 0)
    times = np.bincount(owner[new], minlength=count)
    return np.asarray((4 * times > work)[who])


def retest(who: Ids, count: int, same: Flags, cluster: Ids) -> Told | None:
    """How often annotators said the same when asked again silently, shape (n,) each."""
    if not len(who):
        return None
    found = shares(who, count, same, cluster)
    return Told(Signal(found.figures, unlike(found, RETEST_MARGIN, above=False)))


def strongest(parts: Sequence[tuple[Signal, str]]) -> Told:
    """Of signals of several questions (or views) the one with the smallest p of each annotator, times the number of
    tests (Bonferroni); without a test the one with most behind it. With each the title of its question."""
    p = np.stack([signal.p for signal, _ in parts])
    n = np.array([[figure.n for figure in signal.figures] for signal, _ in parts])
    tests = np.isfinite(p).sum(axis=0)
    best = np.where(tests > 0, np.argmin(np.where(np.isfinite(p), p, 2.0), axis=0), np.argmax(n, axis=0))
    every = np.arange(p.shape[1])
    figures = tuple(parts[part][0].figures[person] for person, part in enumerate(best.tolist()))
    least = np.where(tests > 0, np.minimum(1.0, tests * np.nan_to_num(p[best, every], nan=2.0)), np.nan)
    titles = tuple(parts[part][1] for part in best.tolist())
    return Told(Signal(figures, least), titles if len(parts) > 1 else ())


MADE: Mapping[str, Callable[[Asked], Told | None]] = {
    "agreement": _agreement,
    "gold": _gold,
    "position": _position,
    "length": _length,
    "ties": _ties,
    "copies": _copies,
    "streaks": _streaks,
    "trend": _trend,
}
"""In the order in which they are shown; the study adds "retest", "pace", "texts" and "shared_texts"."""
