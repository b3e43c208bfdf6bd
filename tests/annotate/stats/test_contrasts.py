"""A part against the rest: hand-worked values, what cannot be told, and a calibrated test."""

import numpy as np
import pytest
from scipy.stats import ttest_ind

from annotate.stats.contrasts import contrast, median_contrast, rows, sorted_rows


def test_a_ratio_worked_by_hand() -> None:
    found = contrast(rows([1, 2, 3, 0], [2, 2, 4, 2], [1, 2, 3, 4]), np.array([True, True, False, False]))
    assert found.inside.value == pytest.approx(3 / 4)
    assert found.difference.value == pytest.approx(3 / 4 - 3 / 6)
    assert (found.inside.n, found.inside.clusters, found.difference.n, found.difference.clusters) == (2, 2, 4, 4)


def test_parts_of_equal_size_and_spread_give_students_t() -> None:
    rng = np.random.default_rng(1)
    one, two = rng.normal(0, 1, 200), rng.normal(0.3, 1, 200)
    two = (two - two.mean()) / two.std() * one.std() + two.mean()
    found = contrast(rows([*one, *two], np.ones(400), np.arange(400), None), np.arange(400) < 200)
    known = ttest_ind(one, two, equal_var=False)
    assert found.p == pytest.approx(known.pvalue, rel=0.2)
    assert found.p > known.pvalue  # the spread of the whole holds the difference of the means too
    assert found.difference.interval is not None
    low, high = known.confidence_interval()
    assert found.difference.interval == pytest.approx((low, high), abs=0.01)


def test_rows_of_one_cluster_count_once() -> None:
    rng = np.random.default_rng(2)
    value, chosen = rng.normal(0, 1, 60), np.arange(60) % 2 == 0
    once = contrast(rows(value, np.ones(60), np.arange(60), None), chosen)
    tenfold = contrast(
        rows(np.repeat(value, 10), np.ones(600), np.repeat(np.arange(60), 10), None), np.repeat(chosen, 10)
    )
    assert tenfold.p == pytest.approx(once.p)
    assert tenfold.difference.interval == pytest.approx(once.difference.interval)


def test_ten_that_agree_are_no_proof_where_nine_in_ten_do() -> None:
    """Ten of ten at 90 % happens in a third of all draws, though their own spread is nil."""
    value = np.array([1.0] * 10 + [0.0] * 10 + [1.0] * 90)
    found = contrast(rows(value, np.ones(110), np.arange(110)), np.arange(110) < 10)
    assert found.inside.value == 1
    assert found.p is not None
    assert found.p > 0.1


def test_medians_worked_by_hand() -> None:
    found = median_contrast(sorted_rows([9, 1, 5, 10, 30, 20], range(6)), np.array([True] * 3 + [False] * 3))
    assert found.inside.value == 5
    assert found.difference.value == 5 - 20


def test_medians_that_differ_are_told_apart_and_equal_ones_are_not() -> None:
    rng = np.random.default_rng(3)
    seconds, chosen = np.exp(rng.normal(3, 1, 2000)), np.arange(2000) < 400
    same = median_contrast(sorted_rows(seconds, np.arange(2000)), chosen)
    assert same.p is not None
    assert same.p > 0.05
    other = median_contrast(sorted_rows(np.where(chosen, 1.5 * seconds, seconds), np.arange(2000)), chosen)
    assert other.p is not None
    assert other.p < 1e-3
    assert other.difference.interval is not None
    assert other.difference.interval[0] < 0.5 * np.exp(3) < other.difference.interval[1]


@pytest.mark.parametrize("part", [0, 1, 50, 99, 100])
def test_too_small_a_part_or_rest_has_no_p(part: int) -> None:
    value = np.random.default_rng(4).normal(size=100)
    found = contrast(rows(value, np.ones(100), np.arange(100), None), np.arange(100) < part)
    assert (found.p is None) == (part != 50)
    assert (found.inside.value is None) == (part == 0)
    found = median_contrast(sorted_rows(value, np.arange(100)), np.arange(100) < part)
    assert (found.p is None) == (part != 50)


def test_where_nothing_varies_nothing_is_told() -> None:
    chosen = np.arange(40) < 20
    found = contrast(rows(np.ones(40), np.ones(40), np.arange(40)), chosen)
    assert (found.difference.value, found.p, found.difference.method) == (0, None, "no variation")
    assert median_contrast(sorted_rows(np.full(40, 7), np.arange(40)), chosen).p is None


def test_of_no_rows_there_is_nothing() -> None:
    found = contrast(rows([], [], []), np.zeros(0, bool))
    assert (found.inside.value, found.inside.n, found.p) == (None, 0, None)
    assert median_contrast(sorted_rows([], []), np.zeros(0, bool)).p is None


def test_malformed_rows_are_refused() -> None:
    with pytest.raises(ValueError, match="NaN"):
        rows([np.nan], [1], [1])
    with pytest.raises(ValueError, match="negative"):
        rows([1], [-1], [1])
    with pytest.raises(ValueError, match="cluster"):
        rows([1], [1], [1, 2])
    with pytest.raises(ValueError, match="cluster"):
        sorted_rows([1], [1, 2])
