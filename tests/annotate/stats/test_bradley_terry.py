"""Strengths against a reference optimiser, by hand, against a published table, and where there are none."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize

from annotate.stats.bradley_terry import bradley_terry
from annotate.stats.games import Games, chances, games


def drawn(
    n: int, models: int, seed: int = 1, tie: float | None = -0.5, groups: int = 200, spread: float = 0.7
) -> Games:
    random = np.random.default_rng(seed)
    strength = random.normal(0, spread, models)
    first = random.integers(0, models, n)
    second = (first + random.integers(1, models, n)) % models
    won, tied = chances(strength[first] - strength[second], tie)
    draw = random.random(n)
    sign = np.where(draw < won, 1, np.where(draw < won + tied, 0, -1))
    weight = random.choice([0.5, 1.0, 2.0], n)
    return games(first, second, sign, random.integers(0, groups, n), models, weight)


def reference(played: Games) -> np.ndarray:
    """The same likelihood, written out a game at a time, by a quasi-Newton method of scipy."""
    m, tied, ties = played.models, played.sign == 0, bool((played.sign == 0).any())

    def loss(values: np.ndarray) -> float:
        d = values[played.first] - values[played.second]
        alternatives = [d / 2, -d / 2] + ([np.full(len(d), values[m])] if ties else [])
        said = played.sign * d / 2 + (tied * values[m] if ties else 0)
        return -float(np.sum(played.weight * (said - np.logaddexp.reduce(alternatives, axis=0))))

    found = minimize(loss, np.zeros(m + ties), method="BFGS", options={"gtol": 1e-9, "maxiter": 5000}).x[:m]
    return np.asarray(found - found.mean())


@pytest.mark.parametrize(("n", "models", "tie"), [(400, 4, -0.5), (2000, 8, 0.3), (600, 5, None)])
def test_strengths_are_those_of_a_reference_optimiser(n: int, models: int, tie: float | None) -> None:
    played = drawn(n, models, tie=tie)
    found = [each.value for each in bradley_terry(played).strengths]
    assert found == pytest.approx(reference(played), abs=1e-6)


def test_ties_as_half_wins_are_those_of_a_reference_optimiser() -> None:
    played = drawn(500, 4)
    tied = played.sign == 0
    parts = ((played.sign != 0, played.sign, 1.0), (tied, tied * 1, 0.5), (tied, tied * -1, 0.5))
    doubled = games(
        np.concatenate([played.first[chosen] for chosen, *_ in parts]),
        np.concatenate([played.second[chosen] for chosen, *_ in parts]),
        np.concatenate([sign[chosen] for chosen, sign, _ in parts]),
        np.concatenate([played.blocks.cluster[chosen] for chosen, *_ in parts]),
        4,
        np.concatenate([played.weight[chosen] * share for chosen, _, share in parts]),
    )
    found = [each.value for each in bradley_terry(played, "half").strengths]
    assert found == pytest.approx(reference(doubled), abs=1e-6)


def test_two_models_by_hand() -> None:
    """Six wins, two losses, two ties: θ = ± ½ ln 3, and two equals would tie with ν/(2 + ν), ν = 2/√(6 · 2)."""
    sign = [1] * 6 + [-1] * 2 + [0] * 2
    found = bradley_terry(games([0] * 10, [1] * 10, sign, np.arange(10), 2))
    nu = 2 / np.sqrt(12)
    assert [each.value for each in found.strengths] == pytest.approx([np.log(3) / 2, -np.log(3) / 2])
    assert found.tied == pytest.approx(nu / (2 + nu))
    assert [rank and rank[0] for rank in found.ranks] == [1, 2]


def test_the_american_league_of_1987() -> None:
    """Agresti, *Categorical Data Analysis* (2nd edition, 2002), table 10.10, has these log-odds against Baltimore."""
    teams = ["Milwaukee", "Detroit", "Toronto", "New York", "Boston", "Cleveland", "Baltimore"]
    wins = [
        [0, 7, 9, 7, 7, 9, 11],
        [6, 0, 7, 5, 11, 9, 9],
        [4, 6, 0, 7, 7, 8, 12],
        [6, 8, 6, 0, 6, 7, 10],
        [6, 2, 6, 7, 0, 7, 12],
        [4, 4, 5, 6, 6, 0, 6],
        [2, 4, 1, 3, 1, 7, 0],
    ]
    pairs = [(i, j) for i in range(7) for j in range(7) for _ in range(wins[i][j])]
    first, second = np.array(pairs).T
    found = bradley_terry(games(first, second, np.ones(len(pairs)), np.arange(len(pairs)), 7))
    values = [each.value or 0.0 for each in found.strengths]
    against = dict(zip(teams, np.array(values) - values[-1], strict=True))
    published = {
        "Milwaukee": 1.58,
        "Detroit": 1.44,
        "Toronto": 1.29,
        "New York": 1.25,
        "Boston": 1.11,
        "Cleveland": 0.68,
    }
    assert {team: round(float(against[team]), 2) for team in published} == published


def test_an_unbeaten_and_a_winless_model_have_no_strength() -> None:
    first, second, sign = [0, 0, 1, 2, 1, 2], [1, 2, 2, 1, 3, 3], [1, 1, 1, 1, 1, 1]
    found = bradley_terry(games(first, second, sign, range(6), 4))
    assert (found.strengths[0].value, found.strengths[3].value) == (None, None)
    assert "no upper limit" in found.strengths[0].method
    assert "no lower limit" in found.strengths[3].method
    assert [found.strengths[m].value for m in (1, 2)] == pytest.approx([0, 0])
    assert (found.connected.unbeaten, found.connected.winless) == ((0,), (3,))


def test_parts_that_never_met_are_not_put_on_one_scale() -> None:
    first, second, sign = [0, 0, 0, 2, 2], [1, 1, 1, 3, 3], [1, -1, 0, 1, -1]
    found = bradley_terry(games(first, second, sign, range(5), 5))
    assert found.connected.apart == ((0, 1), (2, 3))
    assert found.strengths[0].value == pytest.approx(0)
    assert "never met" in found.strengths[2].method
    assert found.strengths[4].method == "no games"
    assert found.connected.needed == ((2, 0),)


def test_nobody_beaten_by_whom_he_beat_leaves_no_strengths_but_with_half_wins() -> None:
    """A wins and ties only: the most likely chance to lose is 0, at an infinite strength."""
    played = games([0] * 10, [1] * 10, [1] * 5 + [0] * 5, range(10), 2)
    found = bradley_terry(played)
    assert found.strengths[0].value is None
    assert "half wins" in found.strengths[0].method
    halves = bradley_terry(played, "half").strengths
    assert halves[0].value == pytest.approx(np.log(7.5 / 2.5) / 2)


def test_no_games_are_no_figures() -> None:
    found = bradley_terry(games([], [], [], [], 2))
    assert [each.method for each in found.strengths] == ["no games", "no games"]
    assert found.connected.components == ()


@pytest.mark.parametrize(
    ("first", "second", "sign", "weight", "message"),
    [
        ([0], [0], [1], [1], "with itself"),
        ([0], [2], [1], [1], "from 0 to 1"),
        ([0], [1], [2], [1], "a sign is"),
        ([0], [1], [1], [0], "above 0"),
        ([0], [1], [1], [np.nan], "above 0"),
        ([0], [1, 0], [1], [1], "one entry"),
    ],
)
def test_what_is_no_game_is_refused(
    first: list[int], second: list[int], sign: list[int], weight: list[float], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        games(first, second, sign, [0] * len(first), 2, weight)


def test_errors_by_clusters_are_those_of_the_hessian_where_games_are_independent() -> None:
    random = np.random.default_rng(3)
    n = 20_000
    first = random.integers(0, 4, n)
    second = (first + random.integers(1, 4, n)) % 4
    won, tied = chances(np.array([0.5, 0.1, -0.2, -0.4])[first] - np.array([0.5, 0.1, -0.2, -0.4])[second], -1.0)
    draw = random.random(n)
    sign = np.where(draw < won, 1, np.where(draw < won + tied, 0, -1))
    found = bradley_terry(games(first, second, sign, np.arange(n), 4))
    assert found.errors == pytest.approx(found.independent_errors, rel=0.1)
    copied = bradley_terry(
        games(np.repeat(first, 4), np.repeat(second, 4), np.repeat(sign, 4), np.repeat(np.arange(n), 4), 4)
    )
    assert copied.errors == pytest.approx(found.errors, rel=0.05)  # four copies of a game are one
    assert copied.independent_errors == pytest.approx(np.array(found.independent_errors) / 2, rel=0.01)


def clustered(seed: int, groups: int) -> Games:
    """Four games a prompt group, each of which favours model 0 or 1 in a way of its own."""
    random, truth = np.random.default_rng(seed), np.array([0.6, 0.2, -0.1, -0.7])
    shift, n = np.repeat(random.normal(0, 1.0, groups), 4), 4 * groups
    first = random.integers(0, 4, n)
    second = (first + random.integers(1, 4, n)) % 4
    liked = (first == 0) * 1 - (first == 1) * 1 - (second == 0) * 1 + (second == 1) * 1
    won = random.random(n) < 1 / (1 + np.exp(-(truth[first] - truth[second] + shift * liked)))
    return games(first, second, np.where(won, 1, -1), np.repeat(np.arange(groups), 4), 4)


def test_intervals_hold_the_truth_about_95_times_in_a_hundred() -> None:
    truth = [each.value or 0.0 for each in bradley_terry(clustered(1000, 50_000)).strengths]
    inside = np.zeros(4)
    for seed in range(100):
        found = bradley_terry(clustered(seed, 80)).strengths
        inside += [
            low <= value <= high
            for value, (low, high) in zip(truth, (f.interval or (0, 0) for f in found), strict=True)
        ]
    assert (inside >= 89).all()
    assert (inside <= 99).all()


def test_many_games_of_fifty_models_find_their_strengths() -> None:
    played = drawn(200_000, 50, groups=50_000)
    found = bradley_terry(played)
    truth = np.random.default_rng(1).normal(0, 0.7, 50)
    values = np.array([each.value for each in found.strengths], float)
    assert np.abs(values - (truth - truth.mean())).max() < 0.15
    assert found.clusters == len(np.unique(played.blocks.cluster))


@given(st.integers(0, 50))
def test_naming_the_sides_the_other_way_changes_nothing(seed: int) -> None:
    played = drawn(60, 3, seed, groups=10)
    turned = games(played.second, played.first, -played.sign, played.blocks.cluster, 3, played.weight)
    one, two = bradley_terry(played), bradley_terry(turned)
    assert [each.value for each in one.strengths] == pytest.approx([each.value for each in two.strengths], abs=1e-7)
    assert one.connected == two.connected
