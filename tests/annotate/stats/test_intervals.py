"""One bootstrap for many statistics: what it gives where clusters are few, many, alike, or missing."""

import time

import numpy as np
import pytest
from scipy.stats import beta

from annotate.stats.intervals import NOTHING, Floats, difference, figure, mean, quotient, ratio, rows_of


def test_no_rows_are_no_figure() -> None:
    assert mean([], []) == ratio([], [], []) == NOTHING
    assert (NOTHING.value, NOTHING.interval, NOTHING.n) == (None, None, 0)


def test_an_undefined_ratio_is_none_and_says_so() -> None:
    found = ratio([1, 1], [0, 0], [1, 2])
    assert (found.value, found.interval, found.n, found.method) == (None, None, 2, "undefined")


def test_rows_without_their_cluster_are_refused() -> None:
    with pytest.raises(ValueError, match="one cluster per row"):
        mean([1, 0, 1], [1, 2])


def test_shares_of_all_or_none_have_the_exact_interval_over_clusters() -> None:
    low, high = mean(np.ones(40), np.repeat(np.arange(20), 2)).interval or (0, 0)
    assert (low, high) == pytest.approx((beta.ppf(0.025, 20, 1), 1))
    assert mean(np.zeros(40), np.arange(40)).interval == pytest.approx((0, beta.ppf(0.975, 1, 40)))


def test_clusters_all_alike_leave_room_to_either_side() -> None:
    found = mean([1, 0] * 20, np.repeat(np.arange(20), 2))
    unlike = 1 - 0.025 ** (1 / 20)
    assert found.method == "no variation"
    assert found.interval == pytest.approx((0.5 - unlike / 2, 0.5 + unlike / 2))


def test_one_cluster_tells_nothing_and_a_figure_without_limits_has_no_interval_then() -> None:
    assert mean([0.2, 0.4], [1, 1]).interval == (0, 1)
    assert mean([2.0, 4.0], [1, 1], bounds=None).interval is None
    assert mean([2.0, 2.0], [1, 2], bounds=None).interval is None


def test_a_difference_of_means_by_hand() -> None:
    found = difference([1, 1, 0, 1, 0, 0], [True, True, True, False, False, False], np.arange(6))
    assert found.value == pytest.approx(2 / 3 - 1 / 3)
    assert difference([1, 0, 1], [True] * 3, np.arange(3)).value is None
    assert difference([1, 0], [True, False], [1, 2], scale=2.0).value == 2


def test_the_linearised_and_the_bootstrap_interval_agree_where_both_hold() -> None:
    rng = np.random.default_rng(3)
    above, below = rng.random(4000), 1 + rng.random(4000)
    many = ratio(above, below, np.arange(4000))
    bootstrap = ratio(above, below, np.arange(4000) % 2000)
    assert (many.method, bootstrap.method) == ("cluster t", "cluster bootstrap")
    assert many.interval == pytest.approx(bootstrap.interval, abs=2e-3)


def test_a_statistic_undefined_in_many_resamples_has_no_interval() -> None:
    only = np.zeros(40)
    only[0] = 1  # in 37 % of the resamples its cluster is missing
    found = ratio(only, only, np.arange(40))
    assert found.value == 1
    varying = figure(
        lambda sums: quotient(sums[..., 0], sums[..., 1]) + sums[..., 2] / sums[..., 3],
        np.column_stack([only, only, np.arange(40) % 2, np.ones(40)]).astype(float),
        np.arange(40),
    )
    assert varying.interval is None
    assert varying.method == "too often undefined in resamples"


def test_the_order_of_rows_and_the_names_of_clusters_do_not_matter() -> None:
    rng = np.random.default_rng(4)
    values, clusters = rng.random(200), np.arange(200) % 40
    order = rng.permutation(200)
    shuffled = mean(values[order], [f"g{c:02d}" for c in clusters[order]])
    assert shuffled.interval == pytest.approx(mean(values, clusters).interval)


def test_a_basic_interval_reflects_the_quantiles() -> None:
    def first(sums: Floats) -> Floats:
        return quotient(sums[..., 0], sums[..., 1])

    columns = np.column_stack([np.random.default_rng(5).exponential(0.1, 50), np.ones(50)])
    plain, basic = (figure(first, columns, np.arange(50), None, basic=basic) for basic in (False, True))
    assert plain.interval is not None
    assert plain.value is not None
    assert basic.interval == pytest.approx([2 * plain.value - q for q in reversed(plain.interval)])


@pytest.mark.parametrize("clusters", [1000, 100_000])
def test_a_hundred_thousand_rows_take_about_a_second(clusters: int) -> None:
    rng = np.random.default_rng(6)
    values, names = rng.random(100_000), rng.integers(0, clusters, 100_000)
    began = time.perf_counter()
    assert mean(values, names).interval is not None
    assert time.perf_counter() - began < 3


def test_what_is_not_a_number_is_refused() -> None:
    with pytest.raises(ValueError, match="NaN"):
        rows_of([1.0, float("nan")])
    with pytest.raises(ValueError, match="one entry per row"):
        rows_of([1.0], [1.0, 2.0])
