"""Agreement with the others along an annotator's work."""

import numpy as np

from annotate.frames.columns import Flags
from annotate.stats.intervals import SHARE, Figure
from annotate.stats.signals.cells import cells, figures
from routing.annotators.signals import Asked

MOST_PARTS = 8
FEWEST = 20
"""Answers in a part."""


def over_time(asked: Asked, shown: Flags) -> dict[int, list[tuple[float, Figure]]]:
    """By annotator the share of answers that are the others' most frequent, in at most eight parts of equally many
    answers: (the middle time in seconds since 1970, figure). Nothing of fewer than two parts."""
    known = np.isfinite(asked.beside.hit) & shown[asked.who] & asked.dated
    who, hit = asked.who[known], asked.beside.hit[known]
    at, cluster = asked.answers.at[known], asked.answers.cluster[known]
    order = np.lexsort((at, who))
    n = np.bincount(who, minlength=asked.count)
    place = np.arange(len(who)) - (np.cumsum(n) - n)[who[order]]
    parts = np.minimum(MOST_PARTS, n // FEWEST)
    part = np.zeros(len(who), np.int64)
    part[order] = place * parts[who[order]] // np.maximum(n[who[order]], 1)
    number = who * MOST_PARTS + part
    of = cells(number, asked.count * MOST_PARTS, cluster)
    told = figures(of, of.by_cell(hit), of.by_cell(np.ones(len(hit))), SHARE)
    total, count = np.bincount(number, at, len(told)), np.bincount(number, minlength=len(told))
    middle = total / np.maximum(count, 1)
    return {
        person: [(float(middle[k]), told[k]) for k in range(person * MOST_PARTS, person * MOST_PARTS + int(many))]
        for person, many in enumerate(parts.tolist())
        if many > 1
    }
