"""Votes counted and averaged, worked by hand."""

import numpy as np
import pytest

from annotate.stats.votes import NONE, means, most, tally


def test_votes_are_counted_by_their_weight() -> None:
    counts = tally([0, 0, 0, 2], [0, 1, 1, 2], 3, 3, [1, 1, 0.5, 2])
    assert counts.tolist() == [[1, 1.5, 0], [0, 0, 0], [0, 0, 2]]


def test_a_tie_is_no_majority() -> None:
    found = most(np.array([[2, 1, 0], [1, 1, 0], [0, 0, 0], [0.1 + 0.2, 0.3, 0]]))
    assert found.label.tolist() == [0, NONE, NONE, NONE]
    assert found.tied.tolist() == [False, True, False, True]
    assert found.share[[0, 1, 3]] == pytest.approx([2 / 3, 0.5, 0.5])
    assert np.isnan(found.share[2])


def test_no_things_and_no_labels() -> None:
    assert most(np.zeros((0, 3))).label.tolist() == []
    assert most(np.zeros((2, 0))).label.tolist() == [NONE, NONE]


def test_means_and_their_pooled_errors() -> None:
    """Things (1, 3), (2, 2) and (5): deviations² 2 with 2 degrees of freedom, so s = 1; errors 1/√2, 1/√2, 1."""
    mean, error = means([0, 0, 1, 1, 2], [1, 3, 2, 2, 5], 4)
    assert mean[:3].tolist() == [2, 2, 5]
    assert error[:3] == pytest.approx([2**-0.5, 2**-0.5, 1])
    assert np.isnan(mean[3])
    assert np.isnan(error[3])


def test_a_weighted_mean_has_its_effective_number() -> None:
    """Weights 3 and 1: mean (3·1 + 5)/4 = 2, effective n 16/10; deviations² about the plain mean 3 are 8."""
    mean, error = means([0, 0], [1, 5], 1, [3, 1])
    assert (mean[0], error[0]) == pytest.approx((2, (8 / 1.6) ** 0.5))


def test_single_votes_have_no_error() -> None:
    assert np.isnan(means([0, 1], [1, 5], 2)[1]).all()


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(ValueError, match="labels must be whole numbers from 0 to 1"):
        tally([0], [2], 1, 2)
    with pytest.raises(ValueError, match="one label per vote"):
        tally([0, 0], [1], 1, 2)
    with pytest.raises(ValueError, match="counts"):
        most([[1, -1]])
    with pytest.raises(ValueError, match="NaN"):
        means([0], [float("nan")], 1)
