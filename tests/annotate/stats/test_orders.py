"""Figures of both orders that need no gold, against pairs worked by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotate.stats.orders import logit, orders, preference, slot_bias

P = st.floats(0.001, 0.999)
BOTH = st.lists(st.tuples(P, P), min_size=1, max_size=40)


def test_five_pairs_by_hand() -> None:
    # First slot twice (a flip), second twice (a flip), a twice, b twice, a tie and then a.
    s1, s2 = [1, 0, 1, 0, 0.5], [1, 0, 0, 1, 0]
    found = orders(s1, s2, np.arange(5))
    assert found.n == found.clusters == 5
    assert found.flip.value == pytest.approx(2 / 5)
    assert found.tied.value == pytest.approx(1 / 10)
    assert found.first_slot.value == pytest.approx(4 / 9)


def test_hard_verdicts_have_no_slot_bias_in_log_odds() -> None:
    found = orders([1, 0, 0.5], [1, 1, 0], [1, 2, 3]).slot_bias
    assert (found.value, found.interval, found.n, found.method) == (None, None, 3, "hard verdicts")


def test_slot_bias_and_preference_are_half_sum_and_half_difference_of_log_odds() -> None:
    # logit .8 = ln 4, logit .6 = ln 1.5: bias ½ ln 6, preference ½ ln (8/3).
    one, two = np.array([0.8]), np.array([0.6])
    assert slot_bias(one, two) == pytest.approx(0.5 * np.log(6))
    assert preference(one, two) == pytest.approx(0.5 * np.log(8 / 3))
    assert orders([0.8, 0.8], [0.6, 0.6], [1, 2]).slot_bias.value == pytest.approx(0.5 * np.log(6))


def test_certain_probabilities_stay_finite() -> None:
    assert np.isfinite(logit([0.0, 1.0])).all()
    assert orders([1.0, 0.3], [1.0, 0.2], [1, 2]).slot_bias.value is not None


def test_all_ties_have_no_first_slot_share() -> None:
    found = orders([0.5, 0.5], [0.5, 0.5], [1, 2])
    assert (found.flip.value, found.tied.value, found.first_slot.value) == (0, 1, None)


def test_no_pairs_are_no_figures_and_what_is_no_probability_is_refused() -> None:
    assert orders([], [], []).flip.value is None
    with pytest.raises(ValueError, match="probabilities"):
        orders([1.2], [0.5], [1])
    with pytest.raises(ValueError, match="NaN"):
        orders([float("nan")], [0.5], [1])


@given(BOTH)
def test_swapping_the_slots_negates_the_slot_bias_and_keeps_the_flips(pairs: list[tuple[float, float]]) -> None:
    s1, s2 = map(np.array, zip(*pairs, strict=True))
    groups = np.arange(len(pairs))
    here, swapped = orders(s1, s2, groups), orders(1 - s1, 1 - s2, groups)
    assert here.flip.value == swapped.flip.value
    if here.slot_bias.value is not None and swapped.slot_bias.value is not None:
        assert here.slot_bias.value == pytest.approx(-swapped.slot_bias.value, abs=1e-9)
    if here.first_slot.value is not None and swapped.first_slot.value is not None:
        assert here.first_slot.value == pytest.approx(1 - swapped.first_slot.value)


@given(BOTH)
def test_swapping_the_completions_negates_the_preference_and_keeps_the_slot_bias(
    pairs: list[tuple[float, float]],
) -> None:
    s1, s2 = map(np.array, zip(*pairs, strict=True))
    assert preference(s1, s2) == pytest.approx(-preference(s2, s1))
    assert slot_bias(s1, s2) == pytest.approx(slot_bias(s2, s1))
