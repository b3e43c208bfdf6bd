import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.protocols.both_orders import by_label, by_probability, decide, logit, sigmoid, strength

probabilities = st.floats(0, 1)


def test_calibration_divides_the_log_odds_and_the_offset_leaves_the_preference_alone() -> None:
    # logit 0.9 = ln 9, logit 0.2 = −ln 4: d = ½ ln 36 = ln 6; at T = 2 it is ln √6.
    found = by_probability(0.9, 0.2, temperature=2, offset=0.7)
    assert found.d == pytest.approx(math.log(6) / 2)
    assert found.p == pytest.approx(math.sqrt(6) / (1 + math.sqrt(6)))
    assert found.figures["d"] == pytest.approx(math.log(6))
    assert (found.figures["s1"], found.figures["s2"]) == (0.9, 0.2)
    assert found.figures["calibrated"]["s1"] == pytest.approx(sigmoid((math.log(9) - 0.7) / 2))
    assert "calibrated" not in by_probability(0.9, 0.2).figures


def test_a_temperature_can_bring_a_preference_into_the_tie_band() -> None:
    assert decide(by_probability(0.6, 0.4), True) == 1
    assert decide(by_probability(0.6, 0.4, temperature=10), True) == 0


@pytest.mark.parametrize(
    ("s1", "s2", "side", "flip"),
    [(1, 0, 1, False), (0, 1, -1, False), (1, 1, 0, True), (0, 0, 0, True), (1, 0.5, 0, False), (0.5, 0.5, 0, False)],
)
def test_labels_alone_prefer_what_is_chosen_twice_and_a_flip_prefers_neither(
    s1: float, s2: float, side: int, flip: bool
) -> None:
    found = by_label(s1, s2)
    assert (found.sign, found.p, found.d) == (side, None, None)
    assert found.figures == {"s1": s1, "s2": s2, "hard": True, "flip": flip}
    assert decide(found, allow_tie=True) == side
    assert decide(found, allow_tie=False) == (side or None)


@given(probabilities, probabilities)
def test_swapping_the_completions_swaps_the_verdict(s1: float, s2: float) -> None:
    # With b first, the orders change places: P(first slot) of a's order is now that of the second.
    one, other = by_probability(s1, s2), by_probability(s2, s1)
    assert one.sign == -other.sign
    assert one.p == pytest.approx(1 - (other.p or 0))
    assert one.figures["slot_bias"] == pytest.approx(other.figures["slot_bias"])
    assert one.figures["flip"] == other.figures["flip"]


@given(st.floats(-1e6, 1e6))
def test_certainty_never_overflows(x: float) -> None:
    assert 0 <= sigmoid(x) <= 1
    assert 1 <= strength(x, 5) <= 5
    assert math.isfinite(logit(sigmoid(x)))
