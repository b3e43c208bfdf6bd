"""The consensus of a question: every unit's answer, made once for all units whose votes come to the same."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from annotate.consensus.answers import Thing, agreed_answer
from annotate.consensus.rules import Decided, default_rule, rule, rules_for
from annotate.consensus.spans import Texts, span_votes, texts_of
from annotate.consensus.things import DIGITS, Decisions, decisions, mixed, number
from annotate.consensus.votes import Votes, votes_of
from annotate.frames import Asks, Frames
from annotate.frames.columns import Flags, Ids, Numbers
from annotate.options import option
from annotate.stats.intervals import quotient
from annotate.stats.votes import sums

EQUAL = 1e-9
AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Row:
    """What units come to whose votes are alike; as in `Consensus`."""

    answer: Any
    n: int
    share: float | None
    confidence: float | None
    things: list[Thing]


@dataclass(frozen=True, slots=True)
class Outcome:
    """Units (u,) in the order of their ids: `code` says which of `rows` each comes to, `group` is its prompt group, `n`
    its annotations; `base` is False where people answered it beside the base design, `tied` True where votes tied.
    """

    asks: Asks
    rule: str
    votes: Votes
    decided: Decided
    unit: Ids
    group: Ids
    n: Ids
    share: Numbers
    confidence: Numbers
    base: Flags
    tied: Flags
    code: Ids
    rows: list[Row]

    @property
    def answered(self) -> Flags:
        """Which units have an answer (u,)."""
        return np.array([row.answer is not None for row in self.rows], bool)[self.code]


def rule_of(frames: Frames, asks: Asks) -> str | None:
    """The rule that the campaign names for a question, where it fits its answers, or the default of its kind."""
    named = option("consensus", frames.campaign.current.config).get(asks.name)
    return named if named in rules_for(asks.scale) else default_rule(asks.kind, asks.scale)


def decide(frames: Frames, question: str, by: str | None = None) -> Outcome:
    """The consensus of a question by its rule, or by another that fits it.

    Raises KeyError for a question that is not asked, ValueError for one whose answers have no consensus.
    """
    asks = frames.questions[question]
    name = by or rule_of(frames, asks)
    if name is None or name not in rules_for(asks.scale):
        raise ValueError(f"{name or 'no rule'} decides answers to {question}; there are {rules_for(asks.scale)}")
    if asks.scale != "span":
        votes = votes_of(frames, question)
        return _outcome(name, decisions(frames, votes, rule(name).decide(votes)))
    votes = span_votes(frames, asks)
    decided = rule(name).decide(votes)
    half = np.isnan(decided.value)  # what half of the annotators marked is not marked by most
    return _outcome(name, decisions(frames, votes, replace(decided, value=np.where(half, 0.0, decided.value))))


def _outcome(name: str, made: Decisions) -> Outcome:
    votes, decided = made.votes, made.decided
    first = made.order[made.starts[:-1]]
    units, of = np.unique(votes.unit[first], return_inverse=True)
    order = np.argsort(of, kind="stable")
    starts = np.searchsorted(of[order], np.arange(len(units) + 1))
    n, share = _support(votes, decided, units)
    confidence = np.minimum.reduceat(decided.confidence[order], starts[:-1]) if len(units) else np.zeros(0)
    hashes = made.hashes()
    summed = np.add.reduceat(hashes[order], starts[:-1]) if len(units) else hashes
    own = [units] if votes.asks.scale == "span" else []  # a mark is of its unit's text
    like, code = np.unique(mixed(summed.view(np.int64), n, share, *own), return_index=True, return_inverse=True)[1:]
    rows: list[Row] = []
    texts: dict[int, Texts] = {}
    for unit in like.tolist():
        things = [made.stored(thing) for thing in order[starts[unit] : starts[unit + 1]].tolist()]
        if own and int(units[unit]) not in texts:
            texts = texts_of(units[like[len(rows) : len(rows) + AT_ONCE]].tolist(), votes.asks.name)
        answer = agreed_answer(votes.asks, things, texts.get(int(units[unit])))
        sure = None if answer is None else number(confidence[unit])
        rows.append(Row(answer, int(n[unit]), number(share[unit]), sure, things))
    return Outcome(
        asks=votes.asks,
        rule=name,
        votes=votes,
        decided=decided,
        unit=units,
        group=votes.group[first][order][starts[:-1]],
        n=n,
        share=share,
        confidence=confidence,
        base=sums(np.searchsorted(units, votes.unit), ~votes.base, len(units)) == 0,
        tied=sums(of, decided.tied, len(units)) > 0,
        code=code.astype(np.int64),
        rows=rows,
    )


def _support(votes: Votes, decided: Decided, units: Ids) -> tuple[Ids, Numbers]:
    """Per unit the annotations, and the share of their weight that gave every thing the value decided."""
    first, place = np.unique(votes.annotation, return_index=True, return_inverse=True)[1:]
    agrees = np.abs(votes.value - decided.value[votes.thing]) < EQUAL
    whole = sums(place, ~agrees, len(first)) == 0
    unit, weight = np.searchsorted(units, votes.unit[first]), votes.weight[first]
    n = np.bincount(unit, minlength=len(units)).astype(np.int64)
    share = quotient(sums(unit, weight * whole, len(units)), sums(unit, weight, len(units)))
    return n, share.round(DIGITS)
