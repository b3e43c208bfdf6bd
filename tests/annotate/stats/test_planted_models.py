"""Planted truths over 100 seeds: found with a power of 80 % or more, and where nothing is planted in 5 % or less."""

import pytest

from benchmarks.planted_models import SEEDS, cyclic_annotators, length_bias, ring_of_models, share

pytestmark = pytest.mark.slow


def test_an_annotator_with_planted_cycles_is_found_and_the_others_are_not() -> None:
    found = [cyclic_annotators(seed, 0.5) for seed in range(SEEDS)]
    assert sum(each[0] for each in found) >= 0.8 * SEEDS
    assert sum(any(each[1:]) for each in found) <= 0.05 * SEEDS


@pytest.mark.parametrize("slips", [0.15, 0.5])
def test_people_who_only_slip_are_not_flagged(slips: float) -> None:
    assert sum(any(cyclic_annotators(seed, 0.0, slips)) for seed in range(SEEDS)) <= 0.05 * SEEDS


def test_a_ring_of_models_is_found_and_equal_models_have_none() -> None:
    assert share(lambda seed: ring_of_models(seed, 1.8)) >= 0.8
    assert share(lambda seed: ring_of_models(seed, 0.0)) <= 0.05


def test_a_length_biased_leaderboard_is_found_and_a_fair_one_is_not_called_so() -> None:
    assert share(lambda seed: length_bias(seed, 0.6)) >= 0.8
    assert share(lambda seed: length_bias(seed, 0.0)) <= 0.05
