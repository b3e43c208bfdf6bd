"""The e-value of drift: by hand, and its false alarms and power by simulation."""

import numpy as np
import pytest
from scipy.integrate import quad

from annotate.stats.drift import drift, log_e_values


def agreeing(rng: np.random.Generator, n: int, agreement: float) -> np.ndarray:
    return (rng.random(n) < agreement).astype(float)


def test_one_unit_by_hand() -> None:
    # θ uniform on (α, 1]: the mean of θ/α is (1 + α)/2α, of (1 − θ)/(1 − α) it is ½. Half of the stake is on it.
    wrong, right = np.exp(log_e_values(np.array([1.0]), 0.2)), np.exp(log_e_values(np.array([0.0]), 0.2))
    assert wrong == pytest.approx(0.5 + 0.5 * 1.2 / 0.4)
    assert right == pytest.approx(0.5 + 0.5 * 0.5)
    assert 0.2 * wrong + 0.8 * right == pytest.approx(1)  # a fair bet where the share is α itself


def test_ten_units_are_the_mean_likelihood_ratio() -> None:
    rows = np.array([0, 1, 0, 0, 1, 1, 0, 0, 0, 1.0])
    whole = quad(lambda theta: (theta / 0.15) ** 4 * ((1 - theta) / 0.85) ** 6, 0.15, 1)[0] / 0.85
    assert np.exp(log_e_values(rows, 0.15)[-1]) == pytest.approx(0.5 + 0.5 * whole)


def test_no_units_tell_nothing() -> None:
    found = drift([], 0.9, 0.1)
    assert (found.n, found.e_value, found.peak, found.suspended, found.suspended_at) == (0, 1, 1, False, None)


def test_a_run_of_disagreement_suspends_and_stays_suspended() -> None:
    found = drift([1] * 20 + [0] * 10 + [1] * 400, 0.9, 0.1)
    assert found.suspended
    assert found.suspended_at is not None
    assert 25 <= found.suspended_at <= 30
    assert found.e_value < 10 <= found.peak


def test_agreement_as_certified_is_no_drift() -> None:
    found = drift([1] * 300, 0.9, 0.1)
    assert not found.suspended
    assert found.peak == 1
    assert 0 < found.e_value < 1


def test_only_the_first_unit_of_a_prompt_group_counts() -> None:
    agrees, groups = [0, 0, 0, 0, 1, 0], ["p", "p", "p", "p", "q", "q"]
    found = drift(agrees, 0.9, 0.1, groups)
    assert (found.n, found.errors) == (2, 1)
    assert found.e_value == pytest.approx(drift([0, 1], 0.9, 0.1).e_value)


def test_a_catastrophe_stays_finite() -> None:
    found = drift([0] * 3000, 0.95, 0.05)
    assert found.suspended_at == 2
    assert np.isfinite(found.e_value)


@pytest.mark.parametrize("target", [0.7, 0.9])
def test_looking_after_every_unit_keeps_false_alarms_at_delta(target: float) -> None:
    rng = np.random.default_rng(21)
    alarms = sum(drift(agreeing(rng, 600, target), target, 0.1).suspended for _ in range(250))
    assert alarms <= 0.1 * 250


def test_a_drop_of_fifteen_points_is_found_within_two_hundred_units() -> None:
    rng = np.random.default_rng(22)
    for target, power in ((0.9, 0.95), (0.8, 0.8)):
        found = sum(drift(agreeing(rng, 200, target - 0.15), target, 0.1).suspended for _ in range(200))
        assert found >= power * 200


def test_a_late_drop_is_found_too() -> None:
    rng, found = np.random.default_rng(23), 0
    for _ in range(100):
        rows = np.concatenate([agreeing(rng, 500, 0.95), agreeing(rng, 200, 0.75)])
        at = drift(rows, 0.9, 0.1).suspended_at
        found += at is not None and at > 500
    assert found >= 85


@pytest.mark.parametrize(("target", "delta", "agrees"), [(1.0, 0.1, 1), (0.9, 0, 1), (0.9, 0.1, 0.5)])
def test_promises_that_cannot_be_and_half_agreements_are_refused(target: float, delta: float, agrees: float) -> None:
    with pytest.raises(ValueError):
        drift([agrees], target, delta)
