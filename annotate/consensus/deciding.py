"""The consensus of a question: what every unit's votes come to."""

from dataclasses import dataclass, replace

import numpy as np

from annotate.consensus.rows import Row, Units, rows_of
from annotate.consensus.rules import Decided, default_rule, rule, rules_for
from annotate.consensus.spans import span_votes
from annotate.consensus.things import DIGITS, decisions
from annotate.consensus.votes import Votes, votes_of
from annotate.frames import Asks, Frames
from annotate.frames.columns import Flags, Ids, Numbers
from annotate.options import option
from annotate.stats.intervals import quotient
from annotate.stats.votes import sums

EQUAL = 1e-9


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
    votes = span_votes(frames, asks) if asks.scale == "span" else votes_of(frames, question)
    if by is None and len(votes.labels) > rule(name).most_labels:
        name = default_rule(asks.kind, asks.scale) or name
    decided = rule(name).decide(votes)
    if asks.scale == "span":  # what half of the annotators marked is not marked by most
        decided = replace(decided, value=np.nan_to_num(decided.value, nan=0.0))
    return _outcome(frames, name, votes, decided)


def _outcome(frames: Frames, name: str, votes: Votes, decided: Decided) -> Outcome:
    made = decisions(frames, votes, decided)
    first = made.order[made.starts[:-1]]
    units, of = np.unique(votes.unit[first], return_inverse=True)
    order = np.argsort(of, kind="stable")
    starts = np.searchsorted(of[order], np.arange(len(units) + 1))
    n, share = _support(votes, decided, units)
    confidence = np.minimum.reduceat(decided.confidence[order], starts[:-1]) if len(units) else np.zeros(0)
    rows, code = rows_of(frames, made, Units(units, n, share, confidence, order, starts))
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
        code=code,
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
