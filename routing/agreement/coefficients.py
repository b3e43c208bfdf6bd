"""The coefficients of one question and one group of annotators, as the report stores them."""

from dataclasses import replace
from typing import Any

import numpy as np

from annotate.frames.things import numbered
from annotate.stats.chance import fleiss, gwet, percent
from annotate.stats.intervals import Figure
from annotate.stats.krippendorff import alpha
from routing.agreement.coded import Coded
from routing.reliability.figures import plain

FEW = 10


def counts(held: Coded) -> dict[str, Any]:
    """How many things, ratings and annotators there are, and the share of things that two annotators or more did."""
    answered, first = np.unique(numbered(held.unit, held.rows.annotator), return_index=True)
    several = np.unique(held.unit[first], return_counts=True)[1]
    things = len(several)
    return {
        "things": things,
        "several": int(np.count_nonzero(several > 1)),
        "share_several": round(float(np.mean(several > 1)), 4) if things else None,
        "ratings": len(answered),
        "annotators_count": len(np.unique(held.rows.annotator)),
    }


def coefficients(held: Coded, cohen: Figure, several: int) -> dict[str, Any]:
    """Alpha, percent, mean pairwise Cohen, Fleiss and AC1 or AC2; n counts things with two answers or more."""
    ratings = held.ratings
    found = {
        "alpha": alpha(ratings, held.metric),
        "percent": percent(ratings),
        "cohen": cohen,
        "fleiss": fleiss(ratings),
        "gwet": _gwet(held, ratings),
    }
    if held.asks.scale == "ranking":  # a thing is a pair there; what is counted is rankings
        found = {
            name: replace(each, n=min(each.n, several)) if name != "cohen" else each for name, each in found.items()
        }
    return {name: plain(each) for name, each in found.items()}


def _gwet(held: Coded, ratings: Any) -> Figure:
    if not held.listed:
        return Figure(None, None, 0, 0, "AC needs a list of the answers that may be given")
    if held.weights is None:
        return Figure(None, None, 0, 0, "too many different answers to weigh every two of them; alpha does")
    return gwet(ratings, held.values, held.weights if held.is_weighed else None)


def alpha_alone(held: Coded) -> dict[str, Any]:
    """Alpha and percent, for what is shown apart."""
    ratings = held.ratings
    found: dict[str, Any] = plain({"alpha": alpha(ratings, held.metric), "percent": percent(ratings)})
    return found
