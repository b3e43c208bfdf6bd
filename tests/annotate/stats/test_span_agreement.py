"""Span agreement against values worked out by hand."""

import numpy as np
import pytest

from annotate.stats.segments import WHOLE, Marked
from annotate.stats.span_agreement import span_agreement

Mark = tuple[int, int, int, int, int]
"""Text, annotator, label, start, end."""


def marked(marks: list[Mark], lengths: list[int], annotators: int = 2) -> Marked:
    texts = len(lengths)
    text, annotator, label, start, end = np.array(marks, np.int64).reshape(-1, 5).T
    answered, who = np.repeat(np.arange(texts), annotators), np.tile(np.arange(annotators), texts)
    return Marked(answered, who, text, annotator, label, start, end, np.array(lengths), np.arange(texts))


def test_alpha_is_that_of_the_characters_one_by_one() -> None:
    # Characters of a text of ten: one says 1111100000, the other 1110000011 (0 is unmarked).
    found = span_agreement(marked([(0, 0, 0, 0, 5), (0, 1, 0, 0, 3), (0, 1, 0, 8, 10)], [10]))
    different, marks = 4, 10
    observed = different / 10
    expected = 2 * marks * (20 - marks) / (20 * 19)
    assert found.alpha.value == pytest.approx(1 - observed / expected)
    assert found.place.value == pytest.approx(1 - observed / expected)
    assert found.alpha.n == 1


def test_labels_that_differ_agree_on_the_place_alone() -> None:
    found = span_agreement(marked([(0, 0, 0, 2, 6), (0, 1, 1, 2, 6)], [10]), labels=2)
    assert found.place.value == 1
    assert found.alpha.value is not None
    assert found.alpha.value < 1
    assert (found.exact.value, found.overlap.value) == (0, 0)
    assert set(found.by_label) == {0, 1}


def test_f1_counts_spans_and_characters() -> None:
    # Two spans against three: one the same, one cut short by a character of four.
    found = span_agreement(
        marked([(0, 0, 0, 0, 5), (0, 0, 1, 10, 14), (0, 1, 0, 0, 5), (0, 1, 1, 10, 13), (0, 1, 1, 20, 23)], [30]),
        labels=5,
    )
    assert found.exact.value == pytest.approx(2 * 1 / (2 + 3))
    assert found.overlap.value == pytest.approx(2 * (5 + 3) / (9 + 11))
    exact, overlap = found.by_label[1]
    assert exact.value == 0
    assert overlap.value == pytest.approx(2 * 3 / (4 + 6))


def test_overlapping_marks_are_sets_of_labels() -> None:
    # Ten characters: one annotator has both labels on all, the other only the first: MASI 1 − ½ · ⅔ on each of them.
    found = span_agreement(marked([(0, 0, 0, 0, 10), (0, 0, 1, 0, 10), (0, 1, 0, 0, 10)], [10]))
    expected = 2 * 10 * 10 * (2 / 3) / (20 * 19)
    assert found.alpha.value == pytest.approx(1 - (2 / 3) / expected)
    assert found.overlap.value == pytest.approx(2 * 10 / (20 + 10))


def test_who_marked_nothing_answered_too() -> None:
    silent = span_agreement(marked([(0, 0, 0, 0, 4)], [8, 8]))
    assert silent.alpha.n == 2
    assert silent.exact.value == 0
    assert silent.exact.n == 1  # nobody marked anything in the other text


def test_a_text_that_one_annotator_answered_tells_nothing() -> None:
    found = span_agreement(marked([(0, 0, 0, 0, 4)], [8], annotators=1))
    assert (found.alpha.value, found.alpha.n, found.exact.n) == (None, 0, 0)


def test_three_annotators_are_all_their_pairs() -> None:
    found = span_agreement(marked([(0, 0, 0, 0, 4), (0, 1, 0, 0, 4), (0, 2, 0, 1, 4)], [9], annotators=3))
    assert found.exact.value == pytest.approx(2 * 1 / (3 * 2))
    assert found.overlap.value == pytest.approx(2 * (4 + 3 + 3) / (8 + 7 + 7))


def test_marks_of_the_whole_count_by_their_label() -> None:
    found = span_agreement(marked([(0, 0, 0, WHOLE, WHOLE), (0, 1, 0, WHOLE, WHOLE), (0, 0, 1, 0, 2)], [5]))
    assert found.exact.value == pytest.approx(2 / 3)
    assert found.overlap.value == 0


def test_nobody_marking_anything_leaves_nothing_to_tell() -> None:
    found = span_agreement(marked([], [5, 6]))
    assert (found.alpha.value, found.exact.value) == (None, None)
    assert (found.alpha.n, found.exact.n) == (2, 0)


@pytest.mark.parametrize(("start", "end"), [(3, 3), (4, 2), (2, 11), (-3, 2)])
def test_marks_outside_their_text_are_refused(start: int, end: int) -> None:
    with pytest.raises(ValueError, match="within their text"):
        span_agreement(marked([(0, 0, 0, start, end)], [10]))
