"""Intervals that resample prompt groups, not pairs."""

import numpy as np
import pytest
from scipy.stats import t as student_t

from annotate.stats.intervals import cluster_interval


def test_few_clusters_take_the_t_distribution() -> None:
    # Ten prompts of two pairs: one all consistent, one not at all, the others half and half.
    values = np.array([1.0, 1, 0, 0, *[1, 0] * 8])
    low, high, method = cluster_interval(values, np.repeat(np.arange(10), 2))
    # The mean is ½, the residuals 1, -1 and eight times 0: variance 10/9 · 2 / 20².
    half = student_t.ppf(0.975, 9) * np.sqrt(10 / 9 * 2) / 20
    assert method == "cluster t"
    assert (low, high) == pytest.approx((0.5 - half, 0.5 + half))


def test_an_interval_of_a_share_stays_within_0_and_1() -> None:
    assert cluster_interval(np.array([1.0, 1, 0, 0]), np.array([0, 0, 1, 2]))[:2] == (0.0, 1.0)


def test_one_cluster_tells_nothing() -> None:
    assert cluster_interval(np.array([1.0, 1, 1]), np.array([7, 7, 7])) == (0.0, 1.0, "one cluster")


def test_from_thirty_clusters_on_it_is_the_bootstrap_and_repeatable() -> None:
    rng = np.random.default_rng(1)
    values, clusters = rng.integers(0, 2, 300).astype(float), np.arange(300) % 30
    first, again = cluster_interval(values, clusters), cluster_interval(values, clusters)
    assert first == again
    assert first[2] == "cluster bootstrap"
    assert first[0] < values.mean() < first[1]


def test_pairs_of_one_prompt_that_behave_alike_widen_the_interval() -> None:
    alike = np.repeat(np.arange(40) % 2, 10).astype(float)
    of_groups = cluster_interval(alike, np.repeat(np.arange(40), 10))
    of_pairs = cluster_interval(alike, np.arange(400))
    assert of_groups[1] - of_groups[0] > 2.5 * (of_pairs[1] - of_pairs[0])


@pytest.mark.parametrize("clusters", [12, 60])
def test_about_ninety_five_of_a_hundred_intervals_hold_the_truth(clusters: int) -> None:
    rng, held = np.random.default_rng(5), 0
    for _ in range(300):
        rates = rng.beta(2, 2, clusters)  # every prompt has a rate of its own; the mean is ½
        values = (rng.random((clusters, 6)) < rates[:, None]).astype(float).ravel()
        low, high, _ = cluster_interval(values, np.repeat(np.arange(clusters), 6))
        held += low <= 0.5 <= high
    assert 270 <= held <= 297
