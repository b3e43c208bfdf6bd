"""Does an annotator agree with the rest less than the others agree with each other on the same things?

A hit is an answer that most of the others about the thing gave too; where t answers tie for most, it is 1/t of a hit.
The figure is the share of hits beyond chance, (hits − chance) / (1 − chance), chance being Σ_l p(l) q(l) with his own
shares p of the labels and the shares q of them among the majorities of the others that he met. The test holds his hits
against those of the others on the same things, since things differ in how hard they are; only less counts against him.
His own vote is in their majorities as theirs are in his, so that honest answers are exchangeable; hence who is no
longer part of the rest keeps the p-value with which he went.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from annotate.stats.intervals import DIFFERENCE, Figure, Floats, quotient, rows_of
from annotate.stats.linearised import compact
from annotate.stats.signals.base import Flags, Ids, Signal
from annotate.stats.signals.cells import cells, intervals, p_beyond
from annotate.stats.signals.majority import Votes, faced, hits, votes
from annotate.stats.signals.rest import beside_others, the_rest
from annotate.stats.votes import numbered_rows, sums

MARGIN = 0.02


def agreement_with_rest(
    who: npt.ArrayLike,
    count: int,
    thing: npt.ArrayLike,
    value: npt.ArrayLike,
    cluster: npt.ArrayLike,
    question: npt.ArrayLike | None = None,
) -> Signal:
    """The signal of n answers: `value` (n,) is the answer about `thing` (n,), a code or a number. His hits are tested
    against 2 points below the others'. Where answers to several questions are given together, `question` (n,)
    tells them apart (no two share a code of an answer): chance is then that of each question alone.

    Raises ValueError for unequal lengths."""
    values, owner, groups = rows_of(value)[0], numbered_rows("annotators", who, count), np.asarray(cluster)
    things, labels = compact(np.asarray(thing))[1], compact(values)[1]
    if not things.shape == labels.shape == owner.shape == groups.shape:
        raise ValueError("there must be one annotator, one thing, one value and one cluster per row")
    cast = votes(things, labels)

    def test(left: Flags) -> Floats:
        return _below_the_rest(owner, count, cast, groups, left)

    rest = the_rest(test, count)
    asked = np.zeros(len(labels), np.int64) if question is None else compact(np.asarray(question))[1]
    if asked.shape != labels.shape:
        raise ValueError("there must be one question per row")
    p = np.where(np.isnan(rest.went), test(rest.left), rest.went)
    return Signal(_beyond_chance(owner, count, cast, groups, rest.left, asked), p)


def _below_the_rest(owner: Ids, count: int, cast: Votes, groups: npt.NDArray[Any], left: Flags) -> Floats:
    hit, known = hits(cast, left[owner].astype(float))
    beside = beside_others(owner[known], cast.thing[known], hit[known], left)
    of = cells(owner[known][beside.known], count, groups[known][beside.known])
    above = of.by_cell(beside.value - beside.others)
    return p_beyond(of, above, of.by_cell(np.ones(len(beside.value))), 0.0, MARGIN, side=-1)


def _beyond_chance(
    owner: Ids, count: int, cast: Votes, groups: npt.NDArray[Any], left: Flags, asked: Ids
) -> tuple[Figure, ...]:
    counts = left[owner].astype(float)
    hit, known = hits(cast, counts)
    by_chance, met = (each[known] for each in _chance(owner, cast, counts, asked, known))
    hit, people = hit[known], owner[known]
    of = cells(people, count, groups[known])
    n = of.n.astype(float)
    share, chance = quotient(sums(people, hit, count), n), quotient(sums(people, by_chance, count), n)
    room = np.where(chance < 1 - 1e-9, 1 - chance, np.nan)
    kappa = (share - chance) / room
    slope = hit - share[people] - (1 - kappa[people]) * (by_chance + met - 2 * chance[people])
    return intervals(of, kappa, of.errors(of.by_cell(slope)) / room / np.maximum(n, 1), DIFFERENCE)


def _chance(owner: Ids, cast: Votes, counts: Floats, asked: Ids, known: Flags) -> tuple[Floats, Floats]:
    """Of each row (n,) q of its own label, and the mean of p over the labels that most of the others gave it."""
    theirs = faced(cast, counts)
    labels = int(cast.label.max(initial=0)) + 1
    own, met = owner * labels + cast.label, owner[theirs.row] * labels + theirs.label
    kinds, place = compact(np.concatenate([own, met]))
    p = sums(place[: len(own)], known, len(kinds))
    q = sums(place[len(own) :], theirs.weight, len(kinds))
    said = compact(owner * (int(asked.max(initial=0)) + 1) + asked)[1]
    answers = sums(said, known, int(said.max(initial=-1)) + 1)[said]
    hoped = sums(theirs.row, theirs.weight * p[place[len(own) :]], len(own))
    return quotient(q[place[: len(own)]], answers), quotient(hoped, answers)
