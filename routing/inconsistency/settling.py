"""The most inconsistent pairs first: where another answer is most likely to settle a contradiction.

With g the mean rating difference as a part of the scale and m = (votes for a − votes for b) / votes, both between −1
and 1, an inconsistent pair is |g − m| / 2 apart; that, divided by how many further votes could make both say the same,
is its priority. A pair whose ranking names the other side needs the lead plus one more votes, a split vote needs as
many as the ratings' side lacks, and equal ratings need one more rating. Contradictions come before pairs of which one
side is a tie, which may be indifference.
"""

from collections.abc import Iterable
from typing import Any

import numpy as np

from annotate.frames import Asks, Columns
from annotate.frames.columns import Flags, Ids, Numbers
from annotate.frames.frames import Completions
from annotate.models import Completion
from routing.inconsistency.pairs import EQUAL_MEANS, Votes, votes_of
from routing.inconsistency.sources import Compared

MOST_PAIRS = 200
CONTRADICT = "contradict"


def standing(rows: Columns) -> Flags:
    """All answers that say where a unit stands now, those asked again too; shape (n,)."""
    return np.asarray((rows.round == 0) | rows.again, np.bool_)


def to_settle(found: Iterable[Compared], completions: Completions) -> list[dict[str, Any]]:
    """At most 200 pairs of all comparisons, most urgent first, with the units that ask for them."""
    rows = [row for each in found for row in _of(each, completions)]
    rows.sort(key=lambda row: (row["why"] != CONTRADICT, -row["priority"], row["a_id"], row["b_id"]))
    return _named(rows[:MOST_PAIRS])


def _of(each: Compared, completions: Completions) -> list[dict[str, Any]]:
    scores = each.ratings.scores(each.rating.name, standing)
    width = len(completions.id)
    of = completions.at(scores.completion)
    count = np.bincount(of, minlength=width)
    mean = np.divide(np.bincount(of, scores.value, width), count, out=np.zeros(width), where=count > 0)
    unit = np.zeros(width, np.int64)
    unit[of] = scores.unit
    votes = votes_of(each.rankings.preferences(each.ranking.name, standing), completions)
    gap = np.where((count[votes.a] > 0) & (count[votes.b] > 0), mean[votes.a] - mean[votes.b], np.nan)
    needed, apart = _needed(gap, votes, _span(each.rating, scores.value))
    opposed = (votes.majority != 0) & (np.abs(np.nan_to_num(gap)) >= EQUAL_MEANS)
    order = np.lexsort((-apart / needed, ~opposed, apart == 0))[:MOST_PAIRS]
    return [
        {
            **each.names,
            "a_id": int(completions.id[a]),
            "b_id": int(completions.id[b]),
            "rating_units": sorted({int(unit[a]), int(unit[b])}),
            "ranking_unit": int(votes.unit[n]),
            "ratings": [round(float(mean[a]), 3), round(float(mean[b]), 3)],
            "rated": [int(count[a]), int(count[b])],
            "votes": [int(votes.plus[n]), int(votes.zero[n]), int(votes.minus[n])],
            "gap": round(float(gap[n]), 4),
            "why": _why(float(gap[n]), int(votes.majority[n])),
            "needed": int(needed[n]),
            "priority": round(float(apart[n] / needed[n]), 5),
        }
        for n in order
        if apart[n] > 0
        for a, b in [(votes.a[n], votes.b[n])]
    ]


def _span(rating: Asks, values: Numbers) -> float:
    """The width of the rating's scale."""
    if "max" in rating.config:
        return float(rating.config["max"]) - float(rating.config["min"])
    return max(1.0, float(np.ptp(values))) if len(values) else 1.0


def _needed(gap: Numbers, votes: Votes, span: float) -> tuple[Ids, Numbers]:
    """How many votes could settle each pair, and how far apart it is; 0 apart where it is consistent or not rated."""
    known = np.nan_to_num(gap)
    side = np.where(np.abs(known) < EQUAL_MEANS, 0, np.sign(known)).astype(np.int64)
    own = np.where(side > 0, votes.plus, votes.minus)
    most = np.maximum(np.maximum(votes.plus, votes.zero), votes.minus)
    needed = np.where(side == 0, 1, np.maximum(most - own + 1, 1))
    ranked = (votes.plus - votes.minus) / np.maximum(votes.plus + votes.zero + votes.minus, 1)
    apart = np.abs(np.clip(known / span, -1, 1) - ranked) / 2
    return needed, np.where(np.isfinite(gap) & (side != votes.majority), apart, 0.0)


def _why(gap: float, majority: int) -> str:
    if abs(gap) < EQUAL_MEANS:
        return "ranking_only"
    return CONTRADICT if majority else "rating_only"


def _named(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """With the keys of item and completions."""
    ids = {row[side] for row in rows for side in ("a_id", "b_id")}
    found = Completion.objects.filter(pk__in=ids).values_list("pk", "key", "item_id", "item__key")
    keys = {pk: (key, item, item_key) for pk, key, item, item_key in found}
    return [
        {
            "item": keys[row["a_id"]][2],
            "item_id": keys[row["a_id"]][1],
            "a": keys[row["a_id"]][0],
            "b": keys[row["b_id"]][0],
            **{name: value for name, value in row.items() if name not in ("a_id", "b_id")},
        }
        for row in rows
    ]
