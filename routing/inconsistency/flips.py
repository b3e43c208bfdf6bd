"""A judge's ties that are flips: asked in both orders it named the same slot twice, so it has no preference to tell."""

from typing import Any

import numpy as np

from annotate.frames.columns import Flags, Ids
from annotate.stats.intervals import mean
from routing.inconsistency.pairs import Pairs
from routing.inconsistency.sources import Source
from routing.models import Verdict
from routing.reliability.figures import plain


def flips(pairs: Pairs, rankings: Source, ranking: str) -> dict[str, Any] | None:
    """Of the judges' pairs whose verdicts were taken in both orders: the share that flipped, and consistency of those
    that flipped and of those that did not. `ties` counts the ranking's ties, `ties_flipped` those that are flips and
    not a tie that the judge named. None without such pairs."""
    if not pairs.judge.any():
        return None
    annotations, flipped = rankings.frames.kept(f"flips:{ranking}", lambda: _verdicts(rankings, ranking))
    if not len(annotations):
        return None
    place = np.minimum(np.searchsorted(annotations, pairs.annotation), len(annotations) - 1)
    known = annotations[place] == pairs.annotation
    turned, same, group = flipped[place][known], pairs.same[known], pairs.group[known]
    if not len(turned):
        return None
    ties = pairs.ranked[known] == 0
    return {
        "flipped": plain(mean(turned, group)),
        "consistent_flipped": plain(mean(same[turned], group[turned])),
        "consistent_steady": plain(mean(same[~turned], group[~turned])),
        "ties": int(ties.sum()),
        "ties_flipped": int((ties & turned).sum()),
    }


def _verdicts(rankings: Source, ranking: str) -> tuple[Ids, Flags]:
    """Annotations of judges that were asked in both orders, ascending, and whether their orders flipped."""
    rows = Verdict.objects.filter(judge__campaign=rankings.campaign, question=ranking, details__has_key="flip")
    rows = rows.filter(assignment__annotation__isnull=False).order_by("assignment__annotation")
    found = list(rows.values_list("assignment__annotation", "details__flip"))
    return np.array([pk for pk, _ in found], np.int64), np.array([bool(flip) for _, flip in found], np.bool_)
