"""What goes with the inconsistency of a group of pairs: how far apart the ratings are, length, density, the side shown
first, the annotator, and the time between the two answers."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from annotate.frames import Asks, Who
from annotate.frames.columns import Numbers
from annotate.frames.frames import Completions
from annotate.stats.cues import cue
from annotate.stats.discovery import adjusted
from annotate.stats.intervals import mean
from annotate.stats.unlike import unlike_the_rest
from routing.inconsistency.pairs import EQUAL_MEANS, Pairs
from routing.reliability.figures import plain

LARGEST_GAP = 3
STEPS = 6  # a scale that is not one of a few whole steps is cut into so many
FEW_PAIRS = 10
MOST_ANNOTATORS = 50
LENGTHS = (0.0, 0.1, 0.25, 0.5, 1.0)
DENSITIES = (0.0, 0.05, 0.1, 0.2, 1.0)
TIMES = (0.0, 60.0, 600.0, 3600.0, 86_400.0, np.inf)
Rows = list[dict[str, Any]]


def explained(pairs: Pairs, rating: Asks, completions: Completions, who: Mapping[int, Who]) -> dict[str, Any]:
    """All explanations of one group, as JSON; `who` names the annotators."""
    return {
        "gap_step": step(rating),
        "by_gap": by_gap(pairs, step(rating)),
        **lengths(pairs, completions),
        "by_time": by_bins(pairs, pairs.seconds, TIMES),
        "by_annotator": by_annotator(pairs, who),
    }


def step(rating: Asks) -> float:
    """The width of a step of the rating gap: 1 on scales of a few whole steps, else a sixth of the scale; never less
    than the scale's own step."""
    low, high = float(rating.config.get("min", 0)), float(rating.config.get("max", 1))
    width = 1.0 if 2 < high - low <= 12 else (high - low) / STEPS
    return max(width, float(rating.config.get("step", 0)))


def by_gap(pairs: Pairs, width: float) -> Rows:
    """Consistency by the size of the rating difference, in steps; the last entry takes all larger ones."""
    steps = np.minimum(np.ceil(np.abs(pairs.gap) / width - EQUAL_MEANS), LARGEST_GAP).astype(int)
    rows = []
    for gap in range(LARGEST_GAP + 1):
        if (of_gap := steps == gap).any():
            found = mean(pairs.same[of_gap], pairs.group[of_gap])
            limit = {"gap": gap, "or_more": gap == LARGEST_GAP}
            rows.append({**limit, "n": found.n, "consistent": found.value, "figure": plain(found)})
    return rows


def by_bins(pairs: Pairs, values: Numbers, edges: Sequence[float]) -> Rows:
    """Consistency by bins of `values`, shape (n,), from each edge up to the next; NaN is in none. No rows where all
    pairs share a bin, which explains nothing."""
    place = np.minimum(np.digitize(values, edges), len(edges) - 1)
    bins = [(n, (place == n) & np.isfinite(values)) for n in range(1, len(edges))]
    some = [(n, chosen) for n, chosen in bins if chosen.any()]
    if len(some) < 2:
        return []
    return [
        {
            "low": edges[n - 1],
            "high": edges[n] if np.isfinite(edges[n]) else None,
            "figure": plain(mean(pairs.same[chosen], pairs.group[chosen])),
        }
        for n, chosen in some
    ]


def lengths(pairs: Pairs, completions: Completions) -> dict[str, Any]:
    """By the difference in length (of the longer) and in density (different words by words), and what the longer, the
    denser and the side shown first win in either protocol."""
    size, dense = completions.characters.astype(float), completions.density
    longer, denser = size[pairs.a] - size[pairs.b], dense[pairs.a] - dense[pairs.b]
    largest = np.maximum(np.maximum(size[pairs.a], size[pairs.b]), 1)
    named = {"longer": np.sign(longer), "denser": np.sign(denser), "first": pairs.first}
    rated = pairs.rated
    return {
        "by_length": by_bins(pairs, np.abs(longer) / largest, LENGTHS),
        "by_density": by_bins(pairs, np.abs(denser), DENSITIES),
        "cues": {
            name: plain(cue(rated, pairs.ranked, side, pairs.group)) for name, side in named.items() if side.any()
        },
    }


def by_annotator(pairs: Pairs, who: Mapping[int, Who]) -> Rows:
    """The annotators with most pairs, each against the rest; `flagged` are discoveries at a rate of 5 % among those
    with ten pairs or more. Empty for one annotator and for pairs of several annotators."""
    tests = unlike_the_rest(pairs.same, pairs.annotator, pairs.group)
    if len(tests.who) < 2:
        return []
    tested = tests.n >= FEW_PAIRS
    rate = np.ones(len(tests.who))
    rate[tested] = adjusted(tests.p[tested])
    order = np.argsort(-tests.n, kind="stable")[:MOST_ANNOTATORS]
    rows = []
    for n in sorted(order, key=lambda n: (tests.share[n], tests.who[n])):
        own = pairs.annotator == tests.who[n]
        found = who.get(int(tests.who[n]))
        rows.append(
            {
                "annotator": int(tests.who[n]),
                "name": found.name if found else f"annotator {tests.who[n]}",
                "judge": bool(found and found.is_judge),
                "figure": plain(mean(pairs.same[own], pairs.group[own])),
                "rest": float(tests.rest[n]),
                "p": float(tests.p[n]) if tested[n] else None,
                "flagged": bool(rate[n] <= 0.05),
            }
        )
    return rows
