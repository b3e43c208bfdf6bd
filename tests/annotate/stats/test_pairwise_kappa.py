"""Kappa of every pair of annotators against the kappa of two, and its mean."""

from itertools import combinations

import numpy as np
import pytest

from annotate.stats.agreement import agreement
from annotate.stats.pairwise_kappa import pairwise_kappas
from tests.annotate.stats.test_chance import ABSTRACTORS

EVERY = {"all": np.ones((4, 4), bool)}


def answers(seed: int = 0, things: int = 120, noise: float = 0.3) -> np.ndarray:
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, 3, things)
    said = np.where(rng.random((4, things)) < noise, rng.integers(0, 3, (4, things)), truth)
    return np.where(rng.random((4, things)) < 0.2, -1, said)


def test_the_published_kappa_of_two_abstractors() -> None:
    cells = np.array([(i, j) for i, row in enumerate(ABSTRACTORS) for j, n in enumerate(row) for _ in range(n)]).T
    found = pairwise_kappas(cells, np.arange(100), np.eye(3), {"all": np.ones((2, 2), bool)})
    assert found.figure(0, 1).value == pytest.approx(0.7964094, abs=5e-8)
    assert found.percent[0, 1] == pytest.approx(0.89)
    assert found.means["all"].value == pytest.approx(0.7964094, abs=5e-8)


def test_each_pair_has_cohens_kappa_of_its_common_things_and_its_interval() -> None:
    said, cluster = answers(), np.arange(120) // 6
    found = pairwise_kappas(said, cluster, np.eye(3), EVERY)
    for a, b in combinations(range(4), 2):
        both = (said[a] >= 0) & (said[b] >= 0)
        expected = agreement(said[a, both].tolist(), said[b, both].tolist(), cluster[both]).kappa
        figure = found.figure(a, b)
        assert expected.interval is not None
        assert (figure.n, figure.clusters, figure.method) == (both.sum(), 20, "cluster t")
        assert figure.value == pytest.approx(expected.value)
        assert figure.interval == pytest.approx(expected.interval, abs=1e-6)
        assert found.percent[a, b] == pytest.approx(np.mean(said[a, both] == said[b, both]))


def test_the_mean_weighs_pairs_by_what_they_have_in_common() -> None:
    found = pairwise_kappas(answers(), np.arange(120) // 6, np.eye(3), EVERY)
    upper = np.triu_indices(4, 1)
    mean = found.means["all"]
    assert mean.value == pytest.approx(np.average(found.value[upper], weights=found.n[upper]))
    assert mean.n == found.n[upper].sum()


def test_pairs_outside_every_group_are_left_out() -> None:
    among = np.zeros((4, 4), bool)
    among[0, 1] = among[1, 0] = True
    found = pairwise_kappas(answers(), np.arange(120), np.eye(3), {"people": among})
    assert found.figure(2, 3).n == 0
    assert found.means["people"].n == found.n[0, 1]


def test_the_mean_interval_holds_the_truth_in_about_95_of_100() -> None:
    truth = pairwise_kappas(answers(999, 40_000), np.arange(40_000), np.eye(3), EVERY).means["all"].value
    held = 0
    for seed in range(100):
        low, high = pairwise_kappas(answers(seed), np.arange(120), np.eye(3), EVERY).means["all"].interval or (1, 0)
        held += low <= (truth or 0) <= high
    assert 88 <= held <= 100


def test_weights_forgive_near_misses() -> None:
    said = np.array([[0, 1, 2, 0, 1, 2, 0, 2], [1, 1, 2, 0, 2, 2, 0, 1]])
    near = 1 - np.abs(np.subtract.outer(np.arange(3), np.arange(3))) / 2
    group = {"all": np.ones((2, 2), bool)}
    plain, weighed = (pairwise_kappas(said, np.arange(8), weights, group).value[0, 1] for weights in (np.eye(3), near))
    # By hand: p_o = (5 + 3 · ½) / 8, p_e from the shares 3, 2, 3 and 2, 3, 3 of 8.
    shares = np.array([3, 2, 3]) / 8, np.array([2, 3, 3]) / 8
    chance = shares[0] @ near @ shares[1]
    assert weighed == pytest.approx((6.5 / 8 - chance) / (1 - chance))
    assert weighed > plain


def test_one_answer_from_both_leaves_kappa_undefined() -> None:
    found = pairwise_kappas(np.zeros((2, 5), int), np.arange(5), np.eye(2), {"all": np.ones((2, 2), bool)})
    assert (found.figure(0, 1).value, found.figure(0, 1).n) == (None, 5)
    assert found.means["all"].value is None
    with pytest.raises(ValueError, match="one cluster per thing"):
        pairwise_kappas(np.zeros((2, 5), int), np.arange(4), np.eye(2), {})
