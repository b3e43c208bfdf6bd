"""Consensus question by question: stored for every unit, and how sure it is."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from django.db import connection

from annotate.adjudicating import adopt_decisions
from annotate.consensus.deciding import Outcome, decide, rule_of
from annotate.consensus.rules import rule
from annotate.consensus.storing import forget_others, store
from annotate.consensus.votes import counted_kinds
from annotate.frames import Asks, Frames
from annotate.frames.columns import Flags, Ids
from annotate.models import Consensus, Question
from annotate.options import option
from annotate.stats.intervals import mean
from routing.reliability.figures import plain
from routing.reliability.left_out import routed

MOST_DOUBTFUL = 200
MOST_LABELS = 20
GOOD, MIND = 0.1, 0.25
"""Shares of units without a clear answer up to which a consensus is called good, or to be minded."""
FEW_UNITS = 10
NOTHING: Mapping[str, Any] = {"computed_at": None, "questions": [], "doubtful": [], "headline": []}
"""What stands for a report that was not made yet."""

ANNOTATIONS = """
    SELECT u.view_id, count(*) FROM annotate_annotation n
    JOIN annotate_unit u ON u.id = n.unit_id JOIN annotate_item i ON i.id = u.item_id
    JOIN annotate_annotator a ON a.id = n.annotator_id
    WHERE n.campaign_id = %(campaign)s AND n.round = 0 AND i.withdrawn_at IS NULL
      AND a.kind = ANY(%(kinds)s) AND n.annotator_id <> ALL(%(excluded)s::bigint[]) GROUP BY 1
"""


def consensus(frames: Frames) -> dict[str, Any]:
    """Stores what every question's votes come to, and sums it up.

    `doubtful` are the units (ids) with the least sure answers, 200 a question at most, least sure first. Means leave
    out units that people answered because of what was seen of them (asked again, or routed).
    """
    adopt_decisions(frames.campaign)
    ruled = [asks for asks in frames.questions.values() if rule_of(frames, asks) is not None]
    forget_others(frames.campaign, [asks.name for asks in ruled])
    annotations, chosen = _annotations(frames), _chosen(frames)
    questions, doubtful = [], []
    for asks in ruled:
        found = decide(frames, asks.name)
        store(frames.campaign, found)
        adjudicated = _adjudicated(frames, asks)
        questions.append(_summary(found, adjudicated, annotations.get(asks.name), chosen))
        doubtful += _doubtful(found, adjudicated)
    return {"questions": questions, "doubtful": doubtful, "headline": [_headline(each) for each in questions]}


def _annotations(frames: Frames) -> dict[str, int]:
    """How many annotations that count could have answered each question that was put to all of them."""
    config = frames.campaign.current.config
    values = {**frames.values_of(""), "kinds": counted_kinds(frames)}
    with connection.cursor() as cursor:
        cursor.execute(ANNOTATIONS, values)
        by_view = dict(cursor.fetchall())
    arms = set((option("arms", config) or {}).values())
    put_to_all = Question.objects.filter(version=frames.campaign.version, when__isnull=True).exclude(name__in=arms)
    return {question.name: by_view.get(question.view_id, 0) for question in put_to_all}


def _chosen(frames: Frames) -> tuple[Ids, Ids]:
    """Units, and prompt groups of whole items, that people got for what was seen of them."""
    found = routed(frames.campaign)
    groups = frames.campaign.items.filter(pk__in=found.items).values_list("prompt_group", flat=True)
    return np.array(sorted(found.units), np.int64), np.array(sorted(set(groups)), np.int64)


def _adjudicated(frames: Frames, asks: Asks) -> Ids:
    rows = Consensus.objects.filter(campaign=frames.campaign, question=asks.name, adjudication__isnull=False)
    return np.array(sorted(rows.values_list("unit", flat=True)), np.int64)


def _summary(found: Outcome, adjudicated: Ids, annotations: int | None, chosen: tuple[Ids, Ids]) -> dict[str, Any]:
    answered, fair = found.answered, found.base & ~np.isin(found.unit, chosen[0]) & ~np.isin(found.group, chosen[1])
    sure = fair & answered & ~np.isnan(found.confidence)
    given = len(np.unique(found.votes.annotation))
    asks = found.asks
    return {
        "name": asks.name,
        "title": asks.title,
        "kind": asks.kind,
        "rule": found.rule,
        "rule_title": rule(found.rule).title,
        "confidence_means": rule(found.rule).confidence,
        "units": len(found.unit),
        "answered": int(answered.sum()),
        "tied": int((found.tied & answered).sum()),
        "undecided": int((~answered).sum()),
        "single": int((found.n == 1).sum()),
        "adjudicated": len(adjudicated),
        "annotations": given,
        "abstained": None if annotations is None else max(0, annotations - given),
        "unclear": plain(mean(_unclear(found)[fair], found.group[fair])),
        "confidence": plain(mean(found.confidence[sure], found.group[sure])),
        "share": plain(mean(found.share[fair], found.group[fair])),
        "left_out": int((~fair).sum()),
        "distribution": _distribution(found),
        "about": found.decided.about,
    }


def _unclear(found: Outcome) -> Flags:
    """Units whose votes tied, or come to no answer."""
    return found.tied | ~found.answered


def _distribution(found: Outcome) -> list[dict[str, Any]]:
    """The values decided, of all things; where several options may be chosen, how often each was."""
    decided = found.decided.value
    if found.asks.scale == "set":
        first = np.unique(found.votes.thing, return_index=True)[1]
        counts = np.bincount(found.votes.two[first], decided == 1, len(found.votes.points))
        return _shares(list(zip(found.votes.points, counts.astype(int).tolist(), strict=True)), len(found.unit))
    values, n = np.unique(decided[~np.isnan(decided)], return_counts=True)
    names = dict(zip(found.votes.values.tolist(), found.votes.labels, strict=True))
    rows = [(names.get(v, f"{v:g}"), count) for v, count in zip(values.tolist(), n.tolist(), strict=True)]
    return _shares(rows, len(decided))


def _shares(rows: list[tuple[str, int]], of: int) -> list[dict[str, Any]]:
    kept = rows if len(rows) <= MOST_LABELS else sorted(rows, key=lambda row: -row[1])[:MOST_LABELS]
    return [{"label": label, "n": n, "share": n / of if of else None} for label, n in kept]


def _doubtful(found: Outcome, adjudicated: Ids) -> list[dict[str, Any]]:
    """The units that a researcher may look at first: no answer, then tied votes, then by confidence, then by share."""
    answered = found.answered
    open_ = np.flatnonzero(~np.isin(found.unit, adjudicated) & ((found.share < 1) | (found.n == 1) | ~answered))
    sure = np.nan_to_num(found.confidence, nan=1.0)
    keys = (found.unit, found.share, sure, ~found.tied, answered)
    order = np.lexsort([key[open_] for key in keys])[:MOST_DOUBTFUL]
    return [
        {
            "question": found.asks.name,
            "unit": int(found.unit[n]),
            "why": "undecided"
            if not answered[n]
            else "tied"
            if found.tied[n]
            else "single"
            if found.n[n] == 1
            else "split",
        }
        for n in open_[order].tolist()
    ]


def _headline(question: Mapping[str, Any]) -> dict[str, Any]:
    unclear, name = question["unclear"], question["title"]
    if unclear["value"] is None:
        level, sentence = "unknown", f"Nobody has answered “{name}” yet."
    elif 2 * question["single"] > question["units"]:
        level = "unknown"
        sentence = f"Most units of “{name}” have one annotator, so there is nothing to agree on."
    else:
        level = "good" if unclear["value"] <= GOOD else "mind" if unclear["value"] <= MIND else "bad"
        sentence = f"The share of units of “{name}” with tied votes or no majority, which a researcher can decide."
    if 0 < unclear["n"] < FEW_UNITS:
        sentence += f" Only {unclear['n']} units: a first impression."
    title = f"Consensus on {name}"
    return {"title": title, "sentence": sentence, "figure": unclear, "unit": "percent", "level": level}
