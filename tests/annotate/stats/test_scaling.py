"""Temperature and slot offset: found again where planted, finite wherever they cannot be fitted."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import expit

from annotate.stats.orders import logit
from annotate.stats.scaling import Scaling, fit, signs, tie_band


def planted(n: int, temperature: float, offset: float, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    s = expit(rng.normal(offset, 3, n))
    return s, (rng.random(n) < expit((logit(s) - offset) / temperature)).astype(float)


@pytest.mark.parametrize(("temperature", "offset"), [(1, 0), (2.5, 1.5), (0.5, -2)])
def test_a_planted_temperature_and_offset_are_found_again(temperature: float, offset: float) -> None:
    s, y = planted(6000, temperature, offset)
    found = fit(s, y)
    assert found.temperature == pytest.approx(temperature, rel=0.1)
    assert found.offset == pytest.approx(offset, abs=0.2)
    assert found.why == ""


def test_two_values_have_their_maximum_likelihood_in_closed_form() -> None:
    # Log-odds +1 right 3 of 4 times, −1 right 1 of 4 times (as many each): slope ln 3, no offset.
    s = np.repeat(expit([1.0, -1.0]), 40)
    y = np.tile([1, 1, 1, 0], 10).tolist() + np.tile([0, 0, 0, 1], 10).tolist()
    found = fit(s, y)
    assert found.temperature == pytest.approx(1 / np.log(3), rel=1e-4)
    assert found.offset == pytest.approx(0, abs=1e-4)
    assert found.apply(expit([1.0])) == pytest.approx(0.75, abs=1e-4)


def test_without_offset_a_half_stays_a_half() -> None:
    s, y = planted(2000, 2, 1)
    found = fit(s, y, offset=False)
    assert found.offset == 0
    assert found.apply([0.5]) == pytest.approx(0.5)


def test_ties_pull_towards_a_half() -> None:
    s, y = planted(1000, 1, 0)
    tied = np.where(np.arange(1000) % 3, y, 0.5)
    assert fit(s, tied).temperature > 1.2 * fit(s, y).temperature


@pytest.mark.parametrize(
    ("s", "y", "why"),
    [
        ([], [], "only 0 labels"),
        ([0.3] * 9, [1] * 9, "only 9 labels"),
        (np.linspace(0.1, 0.9, 20), [1] * 20, "labels are all alike"),
        (np.linspace(0.1, 0.9, 20), [0.5] * 20, "labels are all alike"),
        ([0.7] * 20, [1, 0] * 10, "probabilities are all alike"),
    ],
)
def test_what_cannot_be_fitted_is_left_as_it_is_and_says_why(s: list[float], y: list[float], why: str) -> None:
    found = fit(s, y)
    assert (found.temperature, found.offset) == (1, 0)
    assert why in found.why


def test_perfectly_parted_labels_end_at_a_finite_temperature() -> None:
    s = np.linspace(0.01, 0.99, 40)
    found = fit(s, s > 0.5)
    assert "parted perfectly" in found.why
    assert 0 < found.temperature < 1
    assert np.isfinite(found.apply(s)).all()


def test_a_judge_that_tells_the_contrary_comes_out_as_likely_as_not() -> None:
    s, y = planted(1000, 1, 0)
    found = fit(s, 1 - y)
    assert "do not follow" in found.why
    assert found.apply(s) == pytest.approx(np.full(1000, (1 - y).mean()), abs=0.02)


def test_tiny_log_odds_are_scaled_up() -> None:
    # A judge whose probabilities hardly leave ½ can carry all the signal.
    s, y = planted(4000, 1, 0)
    faint = expit(0.01 * logit(s))
    assert fit(faint, y).temperature == pytest.approx(0.01 * fit(s, y).temperature, rel=0.01)


def test_the_tie_band_gives_as_many_ties_as_people_do() -> None:
    p = [0.5, 0.52, 0.47, 0.6, 0.9, 0.2, 0.55, 0.45, 0.8, 0.35]
    band = tie_band(p, 0.3)
    assert band == pytest.approx((0.03 + 0.05) / 2)
    assert (signs(p, band) == 0).sum() == 3


def test_equal_probabilities_are_ties_together_or_not_at_all() -> None:
    p = [0.6] * 6 + [0.9] * 4
    assert (signs(p, tie_band(p, 0.5)) == 0).sum() == 6
    assert (signs(p, tie_band(p, 0.2)) == 0).sum() == 0


def test_no_ties_among_people_need_no_band_and_certain_answers_are_never_ties() -> None:
    assert tie_band([0.5, 0.6], 0) == tie_band([], 0.5) == 0
    assert signs([0.0, 1.0], tie_band([0.0, 1.0], 1.0)).tolist() == [-1, 1]
    assert signs([0.1, 0.5, 0.9]).tolist() == [-1, 0, 1]


@given(st.lists(st.tuples(st.floats(0, 1), st.sampled_from([0, 0.5, 1])), max_size=40), st.booleans())
def test_every_fit_is_finite_and_no_worse_than_none(rows: list[tuple[float, float]], offset: bool) -> None:
    s, y = np.array([row[0] for row in rows]), np.array([row[1] for row in rows])
    found = fit(s, y, offset)
    assert found.temperature > 0
    assert np.isfinite([found.temperature, found.offset]).all()
    assert ((found.apply(s) >= 0) & (found.apply(s) <= 1)).all()
    if not found.why:
        assert loss(found, s, y) <= loss(Scaling(1, 0, 0), s, y) + 1e-6


def loss(scaling: Scaling, s: np.ndarray, y: np.ndarray) -> float:
    x = (logit(s) - scaling.offset) / scaling.temperature
    return float(np.mean(np.logaddexp(0, x) - y * x))
