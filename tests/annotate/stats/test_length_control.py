"""Length-controlled win rates against the written-out likelihood, by hand, and where they cannot be."""

import numpy as np
import pytest
from scipy.optimize import minimize

from annotate.stats.games import fit, games
from annotate.stats.length_control import LEVELS, length_controlled, win_rates
from benchmarks.planted_models import leaderboard


def test_win_rates_by_hand() -> None:
    """Model 0: a win, a tie, a loss of weight 2 → (1 + ½) / 4; model 2 won its only game."""
    played = games([0, 0, 1, 2], [1, 1, 0, 1], [1, 0, 1, 1], [0, 1, 2, 3], 4, [1, 1, 2, 1])
    found = win_rates(played)
    assert [each and each.value for each in found] == [1.5 / 4, pytest.approx(2.5 / 5), 1.0, None]
    assert [each and each.n for each in found] == [3, 4, 1, None]


def test_the_slope_is_that_of_a_reference_optimiser() -> None:
    played, longer = leaderboard(5, 0.8)
    x = np.rint(np.tanh(longer / longer.std()) * LEVELS) / LEVELS
    tied = played.sign == 0

    def loss(values: np.ndarray) -> float:
        d = values[played.first] - values[played.second] + values[-1] * x
        total = np.logaddexp.reduce([d / 2, -d / 2, np.full(len(d), values[-2])], axis=0)
        return -float(np.sum(played.sign * d / 2 + tied * values[-2] - total))

    wanted = minimize(loss, np.zeros(10), method="BFGS", options={"gtol": 1e-9, "maxiter": 5000}).x
    found = fit(played, x, LEVELS)
    assert found.slope == pytest.approx(wanted[-1], abs=1e-6)
    assert found.tie == pytest.approx(wanted[-2], abs=1e-6)
    assert found.strengths == pytest.approx(wanted[:8] - wanted[:8].mean(), abs=1e-6)
    assert length_controlled(played, longer).slope.value == pytest.approx(found.slope)  # type: ignore[union-attr]


def test_a_wordy_model_wins_less_at_equal_lengths() -> None:
    """Two equals, of which the first writes longer; only the longer answer matters."""
    random = np.random.default_rng(0)
    n = 4000
    longer = random.normal(200, 300, n)
    sign = np.where(random.random(n) < 1 / (1 + np.exp(-1.5 * np.tanh(longer / longer.std()))), 1, -1)
    found = length_controlled(games([0] * n, [1] * n, sign, np.arange(n), 2), longer)
    raw, even, change = found.raw[0], found.controlled[0], found.change[0]
    assert raw is not None and even is not None and change is not None  # noqa: PT018
    assert raw.value > 0.6  # type: ignore[operator]
    assert even.value == pytest.approx(0.5, abs=0.03)
    assert change.value == pytest.approx(raw.value - even.value)  # type: ignore[operator]
    assert change.interval is not None
    assert change.interval[0] > 0
    assert found.is_biased
    assert found.slope is not None
    assert found.slope.value == pytest.approx(1.5, abs=0.2)


def test_intervals_of_controlled_rates_hold_the_truth() -> None:
    """At equal lengths the models are equal: one half, in about 95 of 100 seeds."""
    inside = 0
    for seed in range(100):
        random = np.random.default_rng(seed)
        longer = random.normal(100, 300, 300)
        sign = np.where(random.random(300) < 1 / (1 + np.exp(-np.tanh(longer / 300))), 1, -1)
        even = length_controlled(games([0] * 300, [1] * 300, sign, np.arange(300), 2), longer).controlled[0]
        assert even is not None
        low, high = even.interval or (1, 0)
        inside += low <= 0.5 <= high
    assert 89 <= inside <= 99


def test_where_lengths_say_nothing_there_is_no_control() -> None:
    played = games([0, 0, 1, 1], [1, 1, 0, 0], [1, -1, 1, -1], range(4), 2)
    same = length_controlled(played, [5, 5, 5, 5])
    assert (same.slope, same.controlled, same.is_biased) == (None, (None, None), False)
    assert "same length" in same.why
    assert same.raw[0] is not None
    with_model = length_controlled(played, [9, 9, -9, -9])
    assert with_model.slope is None
    assert "nothing tells them apart" in with_model.why


def test_models_that_cannot_be_compared_have_no_control() -> None:
    found = length_controlled(games([0, 0], [1, 1], [1, 1], [0, 1], 2), [1, 2])
    assert found.why == "no two models can be compared"
    assert length_controlled(games([], [], [], [], 0), []).raw == ()


def test_wrong_lengths_are_refused() -> None:
    played = games([0], [1], [1], [0], 2)
    with pytest.raises(ValueError, match="a number"):
        length_controlled(played, [np.nan])
    with pytest.raises(ValueError, match="a number"):
        length_controlled(played, [1, 2])
