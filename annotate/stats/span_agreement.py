"""Agreement of marked spans: alpha over characters, and F1 of spans and of characters, between annotators.

A text is cut wherever any mark begins or ends. Within a segment nothing changes, so each segment is a thing that weighs
as many characters as it has. Each annotator gave it the set of labels that cover it, often none: with MASI between sets
(the nominal distance where marks do not overlap) and characters as units, that is the alpha for unitising in its
character-level form (Krippendorff, Mathet, Bouvry & Widlöcher, *On the reliability of unitizing textual continua*,
2016). `place` asks only whether a character is marked at all.

F1 between two annotators is 2 · (what both marked) / (what either marked, added up), over all pairs of annotators of
all texts: `exact` counts marks with the same label, start and end; `overlap` counts characters with the same label.
Chance is not taken off, and texts in which nobody marked anything do not enter.
"""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from annotate.stats.distances import nominal, sets
from annotate.stats.intervals import NOTHING, Figure, Floats, ratio
from annotate.stats.krippendorff import alpha
from annotate.stats.ratings import Ratings
from annotate.stats.segments import WHOLE, Covered, Ids, Marked, covered_by, differ, rows_of


@dataclass(frozen=True, slots=True)
class SpanAgreement:
    """n of the alphas counts texts with two annotators or more, n of the F1 those of them with any mark."""

    alpha: Figure
    place: Figure
    exact: Figure
    overlap: Figure
    by_label: dict[int, tuple[Figure, Figure]]


def span_agreement(marked: Marked, labels: int = 0, seed: int = 0) -> SpanAgreement:
    """The figures; `by_label` holds exact and overlap F1 of the first `labels` labels, for those that were used.

    Raises ValueError for marks that end before they start or beyond their text.
    """
    offset = marked.start != WHOLE
    beyond = (marked.end <= marked.start) | (marked.end > marked.length[marked.mark_text]) | (marked.start < 0)
    if (beyond & offset).any():
        raise ValueError("marks must lie within their text and end after they start")
    held = marked.of_several()
    if not len(held.length):
        return SpanAgreement(NOTHING, NOTHING, NOTHING, NOTHING, {})
    covered = covered_by(held)
    exact, overlap = _same_marks(held), _same_characters(held, covered)
    used = [code for code in np.flatnonzero(np.bincount(held.label)).tolist() if code < labels]
    return SpanAgreement(
        _alpha(held, covered, False, seed),
        _alpha(held, covered, True, seed),
        _f1(exact, held.cluster, seed),
        _f1(overlap, held.cluster, seed),
        {n: (_f1(exact.of(n), held.cluster, seed), _f1(overlap.of(n), held.cluster, seed)) for n in used},
    )


def _alpha(held: Marked, covered: Covered, place: bool, seed: int) -> Figure:
    """Alpha over characters of the labels that cover each, or (`place`) of whether any does."""
    segment, value, members = _labelled(covered)
    if place:
        value, members = np.ones(len(value), np.int64), np.array([[False], [True]])
    thing, given, count = _cells(segment, value, held.annotators[covered.text], len(members))
    live = covered.length > 0
    number, cells = np.cumsum(live) - 1, live[thing]
    ratings = Ratings(
        number[thing[cells]],
        given[cells],
        count[cells],
        held.cluster[covered.text[live]],
        covered.length[live].astype(float),
    )
    found = alpha(ratings, nominal if place else sets(members), seed)
    return replace(found, n=len(held.length))


def _labelled(covered: Covered) -> tuple[Ids, Ids, npt.NDArray[np.bool_]]:
    """Per segment and annotator with any label: the segment, the number of the set of labels from 1 on, and the sets'
    members; set 0 is empty."""
    new = differ(covered.segment, covered.annotator)
    of_row, labels = np.cumsum(new) - 1, int(covered.label.max(initial=0)) + 1
    names = np.random.default_rng(0).integers(1, 2**62, labels)  # a set is known by the sum of its labels' names
    signature = np.add.reduceat(names[covered.label], np.flatnonzero(new)) if len(new) else np.zeros(0, np.int64)
    found, value = np.unique(signature, return_inverse=True)
    members = np.zeros((len(found) + 1, labels), bool)
    members[value[of_row] + 1, covered.label] = True
    return covered.segment[new], value + 1, members


def _cells(segment: Ids, value: Ids, annotators: Ids, values: int) -> tuple[Ids, Ids, Ids]:
    """How many annotators gave each segment each set; who covers it with nothing gave it set 0."""
    cells, count = np.unique(segment * values + value, return_counts=True)
    left = annotators - np.bincount(segment, minlength=len(annotators))
    blank = np.flatnonzero(left > 0)
    where = np.concatenate([cells, blank * values])
    order = np.argsort(where, kind="stable")
    return where[order] // values, where[order] % values, np.concatenate([count, left[blank]])[order].astype(np.int64)


@dataclass(frozen=True, slots=True)
class _Both:
    """What annotators marked, each row a span or a stretch with one label: pairs that share it, and all pairs of those
    who marked it with anybody, both weighed."""

    text: Ids
    label: Ids
    above: Floats
    below: Floats

    def of(self, label: int) -> "_Both":
        chosen = self.label == label
        return _Both(self.text[chosen], self.label[chosen], self.above[chosen], self.below[chosen])


def _same_marks(held: Marked) -> _Both:
    rows = rows_of(held.mark_text, held.label, held.start, held.end, held.mark_annotator)
    new = differ(*rows[:4])
    count, text = _sizes(new), rows[0][new]
    return _Both(text, rows[1][new], count * (count - 1), count * (held.annotators[text] - 1))


def _same_characters(held: Marked, covered: Covered) -> _Both:
    segment, label, _ = rows_of(covered.segment, covered.label, covered.annotator)
    new = differ(segment, label)
    count = _sizes(new)
    text, length = covered.text[segment[new]], covered.length[segment[new]]
    return _Both(text, label[new], length * count * (count - 1), length * count * (held.annotators[text] - 1))


def _sizes(new: npt.NDArray[np.bool_]) -> Floats:
    """How many rows each run of equal rows has."""
    return np.diff(np.append(np.flatnonzero(new), len(new))).astype(float)


def _f1(both: _Both, cluster: npt.NDArray[np.generic], seed: int) -> Figure:
    marked, place = np.unique(both.text, return_inverse=True)
    if not len(marked):
        return Figure(None, None, 0, 0, "nobody marked anything")
    above, below = np.bincount(place, both.above), np.bincount(place, both.below)
    return ratio(above, below, cluster[marked], seed=seed)
