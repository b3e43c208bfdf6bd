"""Reliability curve, ECE, Brier and log loss against rows worked by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotate.stats.calibration import by_mass, calibration, wilson

ROWS = st.lists(st.tuples(st.floats(0, 1), st.sampled_from([0.0, 0.5, 1.0])), min_size=1, max_size=60)


def test_four_rows_in_two_bins_by_hand() -> None:
    p, y = [0.2, 0.4, 0.6, 0.8], [0, 1, 1, 1]
    found = calibration(p, y, np.arange(4), bins=2)
    assert [(b.n, b.accuracy) for b in found.bins] == [(2, 0.5), (2, 1.0)]
    assert [b.confidence for b in found.bins] == pytest.approx([0.3, 0.7])
    assert found.ece.value == pytest.approx((2 * 0.2 + 2 * 0.3) / 4)
    assert found.overconfidence.value == pytest.approx(0.5 - 0.75)
    assert found.brier.value == pytest.approx((0.04 + 0.36 + 0.16 + 0.04) / 4)
    assert found.log_loss.value == pytest.approx(-np.log([0.8, 0.4, 0.6, 0.8]).mean())
    assert found.ece_by_chance == pytest.approx(2 * np.sqrt(2 / np.pi * (0.16 + 0.24)) / 4)


def test_bins_of_equal_width_have_fixed_edges_and_empty_ones_are_left_out() -> None:
    found = calibration([0.05, 0.95, 1.0], [0, 1, 1], [1, 2, 3], binning="width")
    assert [(b.low, b.high, b.n) for b in found.bins] == [(0, pytest.approx(0.1), 1), (pytest.approx(0.9), 1, 2)]


def test_bins_of_equal_mass_hold_as_many_and_keep_equal_probabilities_together() -> None:
    assert np.bincount(by_mass(np.random.default_rng(1).random(100), 10)).tolist() == [10] * 10
    assert len(calibration([0.7] * 8, [1, 0] * 4, np.arange(8)).bins) == 1


def test_people_who_tie_count_half_for_either_side() -> None:
    tied = calibration([0.5, 0.5], [0.5, 0.5], [1, 2])
    assert (tied.ece.value, tied.brier.value) == (0, 0)


def test_wilson_by_hand() -> None:
    # Eight of ten: the roots of (p − .8)² = 1.96² p(1 − p)/10, as in Newcombe (1998).
    low, high = wilson(8, 10)
    assert (low, high) == pytest.approx((0.4902, 0.9433), abs=1e-4)
    assert wilson(0, 10) == pytest.approx((0, 0.2775), abs=1e-4)


def test_perfect_probabilities_have_about_the_error_that_chance_gives() -> None:
    rng = np.random.default_rng(2)
    values, chance, held = list[float](), list[float](), 0
    for _ in range(40):
        p = rng.random(300)
        found = calibration(p, rng.random(300) < p, np.arange(300))
        values.append(found.ece.value or 0)
        chance.append(found.ece_by_chance or 0)
        held += found.ece.interval is not None and found.ece.interval[0] == 0
    assert np.mean(values) == pytest.approx(np.mean(chance), rel=0.15)
    assert held >= 37


def test_overconfidence_shows_as_what_it_is() -> None:
    rng = np.random.default_rng(3)
    found = calibration(np.full(400, 0.9), rng.random(400) < 0.7, np.arange(400))
    assert found.overconfidence.value == pytest.approx(0.2, abs=0.06)
    assert found.ece.value == pytest.approx(found.overconfidence.value)


def test_certain_and_wrong_has_a_finite_loss() -> None:
    found = calibration([1.0, 0.0, 1.0], [0, 1, 1], [1, 2, 3])
    assert found.log_loss.value == pytest.approx(2 / 3 * -np.log(1e-9))


def test_no_rows_are_no_figures_and_what_is_no_probability_is_refused() -> None:
    found = calibration([], [], [])
    assert (found.n, found.bins, found.ece.value, found.ece_by_chance, found.brier.value) == (0, (), None, None, None)
    with pytest.raises(ValueError, match="outside"):
        calibration([1.5], [1], [1])
    with pytest.raises(ValueError, match="one cluster"):
        calibration([0.5], [1], [1, 2])


@given(ROWS, st.sampled_from(["mass", "width"]))
def test_bins_are_a_partition_and_ece_is_no_less_than_the_overall_gap(
    rows: list[tuple[float, float]], binning: str
) -> None:
    p, y = map(np.array, zip(*rows, strict=True))
    found = calibration(p, y, np.arange(len(p)), binning="mass" if binning == "mass" else "width")
    assert sum(b.n for b in found.bins) == len(p)
    assert found.ece.value is not None
    assert found.overconfidence.value is not None
    assert abs(found.overconfidence.value) <= found.ece.value + 1e-9 <= 1 + 2e-9
    assert found.ece.value == pytest.approx(sum(b.n * abs(b.confidence - b.accuracy) for b in found.bins) / len(p))


@given(ROWS)
def test_calling_the_event_by_its_opposite_keeps_brier_and_log_loss(rows: list[tuple[float, float]]) -> None:
    p, y = map(np.array, zip(*rows, strict=True))
    one, other = calibration(p, y, np.arange(len(p))), calibration(1 - p, 1 - y, np.arange(len(p)))
    assert one.brier.value == pytest.approx(other.brier.value)
    assert one.log_loss.value == pytest.approx(other.log_loss.value)
