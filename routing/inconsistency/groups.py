"""The groups of the report: a rating against a ranking question, by kind of annotator, on either basis."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

import numpy as np

from annotate.frames import Columns, Who
from annotate.frames.columns import Flags
from annotate.frames.frames import Completions
from annotate.stats.consistency import SIDES, Consistency, consistency, consistency_figures
from annotate.stats.intervals import mean
from routing.inconsistency.explained import explained
from routing.inconsistency.flips import flips
from routing.inconsistency.pairs import Pairs, by_consensus, by_same_annotator
from routing.inconsistency.sources import Compared
from routing.reliability.figures import plain

KINDS = ("all", "human", "judge")


def groups_of(each: Compared, completions: Completions, who: Mapping[int, Who]) -> Iterator[dict[str, Any]]:
    """The groups of one comparison that have pairs; `who` names annotators."""
    scores = each.ratings.scores(each.rating.name, each.ratings.counted)
    preferences = each.rankings.preferences(each.ranking.name, each.rankings.counted)
    if not len(scores) or not len(preferences):
        return
    same = by_same_annotator(scores, preferences, completions)
    apart = _apart(each, completions)
    alike: dict[str, dict[str, Any]] = {}
    for kind in KINDS:
        for basis in ("same_annotator", "consensus"):
            twin = alike.get(basis) if _only(kind, scores) and _only(kind, preferences) else None
            if twin is not None:
                yield {**twin, "annotators": kind}
                continue
            if basis == "same_annotator":
                pairs = same.where(_of_kind(kind, same.judge))
            else:
                ratings = scores.where(_of_kind(kind, scores.judge))
                rankings = preferences.where(_of_kind(kind, preferences.judge))
                pairs = by_consensus(ratings, rankings, completions)
            if not len(pairs):
                continue
            found = _group(each, pairs, completions, who)
            found |= {"annotators": kind, "basis": basis, "apart": apart if kind != "judge" else None}
            alike[basis] = found
            yield found


def _of_kind(kind: str, judge: Flags) -> Flags:
    return np.full(len(judge), True) if kind == "all" else judge == (kind == "judge")


def _only(kind: str, rows: Columns) -> bool:
    """Whether all rows are of this kind, which makes it the same as all together."""
    return kind != "all" and bool(_of_kind(kind, rows.judge).all())


def _group(each: Compared, pairs: Pairs, completions: Completions, who: Mapping[int, Who]) -> dict[str, Any]:
    return {
        **each.names,
        **_contract(consistency(pairs.rated, pairs.ranked, pairs.group)),
        "figures": plain(consistency_figures(pairs.rated, pairs.ranked, pairs.group)),
        **explained(pairs, each.rating, completions, who),
        "flips": flips(pairs, each.rankings, each.ranking.name),
    }


def _contract(result: Consistency) -> dict[str, Any]:
    """The part of a group that is promised to clients of the API."""
    figures = asdict(result)
    sides = list(SIDES)
    figures["table"] = {side: dict(zip(sides, row, strict=True)) for side, row in zip(sides, result.table, strict=True)}
    figures["interval"] = list(result.interval)
    return figures


def _apart(each: Compared, completions: Completions) -> dict[str, Any] | None:
    """The consistency of what was asked because the unit is a hard one (by a route, or again), which no other figure
    counts; None where there is no such answer."""
    ratings, rankings = each.ratings, each.rankings

    def people(rows: Columns) -> Flags:
        return ~rows.judge & (rows.base | rows.again)

    chosen = rankings.preferences(each.ranking.name, rankings.apart)
    if not len(chosen):
        return None
    pairs = by_same_annotator(ratings.scores(each.rating.name, people), chosen, completions)
    return {"answers": len(chosen), "figure": plain(mean(pairs.same, pairs.group))}
