"""An answer beside the others' about the same thing, by hand."""

import numpy as np

from routing.annotators.beside import NOBODY, beside


def test_the_others_are_counted_without_oneself() -> None:
    """Thing 0: 1, 1, 2; thing 1: 3, 3; thing 2: 4 and 5, a split; thing 7: one answer alone."""
    found = beside(np.array([0, 0, 0, 1, 1, 2, 2, 7]), np.array([1, 1, 2, 3, 3, 4, 5, 6]))
    assert found.others.tolist() == [2, 2, 2, 1, 1, 1, 1, 0]
    assert found.same.tolist() == [1, 1, 0, 1, 1, 0, 0, 0]
    assert found.most.tolist() == [1, 1, 2, 0, 0, 1, 1, 0]
    assert found.said.tolist() == [2, 2, 1, NOBODY, NOBODY, 5, 4, NOBODY]
    assert np.isnan(found.hit[[0, 1, 7]]).all()  # one for, one against; nobody
    assert found.hit[2:7].tolist() == [0, 1, 1, 0, 0]


def test_a_third_answer_does_not_hide_the_majority() -> None:
    found = beside(np.zeros(6, np.int64), np.array([1, 1, 1, 2, 2, 3]))
    assert found.most.tolist() == [2, 2, 2, 3, 3, 3]
    assert found.hit[3:].tolist() == [0, 0, 0]
    assert (found.most[5], found.said[5], found.hit[5]) == (3, 1, 0)
