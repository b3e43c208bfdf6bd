"""Numbers against numbers: distance, shift, and rank correlation with ties."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import spearmanr

from annotate.stats.numbers import numbers


def test_distance_and_shift_are_means() -> None:
    found = numbers([5, 4, 2, 6], [5, 3, 1, 8], [1, 2, 3, 4])
    assert (found.n, found.clusters) == (4, 4)
    assert (found.distance.value, found.shift.value) == (1.0, 0.0)


def test_the_textbook_case_of_rank_correlation() -> None:
    # Ten students by intelligence and hours of television a week: Spearman's rho is −29 / 165.
    intelligence = [106, 100, 86, 101, 99, 103, 97, 113, 112, 110]
    hours = [7, 27, 2, 50, 28, 29, 20, 12, 6, 17]
    found = numbers(intelligence, hours, range(10))
    assert found.spearman.value == pytest.approx(-29 / 165)


@given(arrays(float, (12, 2), elements=st.integers(1, 5)))
def test_ties_take_their_mean_rank(values: np.ndarray) -> None:
    found = numbers(values[:, 0], values[:, 1], np.arange(12)).spearman.value
    if (np.ptp(values, axis=0) == 0).any():
        assert found is None
    else:
        assert found == pytest.approx(spearmanr(values[:, 0], values[:, 1]).statistic)


def test_a_constant_side_has_no_correlation_and_no_rows_no_figure() -> None:
    assert numbers([3, 3, 3], [1, 2, 3], [1, 2, 3]).spearman.value is None
    empty = numbers([], [], [])
    assert (empty.n, empty.distance.value, empty.spearman.value) == (0, None, None)


def test_unequal_lengths_are_refused() -> None:
    with pytest.raises(ValueError, match="one entry per row"):
        numbers([1, 2], [1], [1, 1])
