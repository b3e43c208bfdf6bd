"""Krippendorff's alpha against published and hand-worked values, and its interval against a known truth."""

from typing import Any

import numpy as np
import pytest

from annotate.stats.distances import Metric, interval, nominal, orders, ordinal, sets
from annotate.stats.krippendorff import SAME, SEVERAL, alpha, alpha_difference
from annotate.stats.ratings import Ratings, ratings

# Krippendorff (2011), example C: four observers, twelve units, missing values. Rows are observers, 0 is missing.
OBSERVERS = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, 0, 0, 0],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, 0, 3],
    [0, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, 0],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, 0],
]
PUBLISHED = [(nominal, 0.743), (ordinal, 0.815), (interval(np.arange(5)), 0.849)]


def observed(table: list[list[int]]) -> Ratings:
    rows = [(unit, value - 1) for row in table for unit, value in enumerate(row) if value]
    return ratings([u for u, _ in rows], [v for _, v in rows], [u for u, _ in rows])


@pytest.mark.parametrize(("metric", "published"), PUBLISHED)
def test_the_published_example_gives_the_published_alphas(metric: Metric, published: float) -> None:
    found = alpha(observed(OBSERVERS), metric)
    assert found.value == pytest.approx(published, abs=5e-4)
    assert (found.n, found.clusters) == (11, 11)
    assert found.interval is not None
    assert found.interval[0] < published <= found.interval[1]


def by_hand(held: list[list[int]], apart: Any) -> float:
    """Alpha as its definition says: every pair within a unit, every pair of all ratings."""
    units = [unit for unit in held if len(unit) > 1]
    every = [value for unit in units for value in unit]
    within = sum(
        apart(v, w) / (len(unit) - 1)
        for unit in units
        for i, v in enumerate(unit)
        for j, w in enumerate(unit)
        if i != j
    )
    among = sum(apart(v, w) for i, v in enumerate(every) for j, w in enumerate(every) if i != j)
    return float(1 - (len(every) - 1) * within / among)


@pytest.mark.parametrize(
    ("metric", "apart"),
    [
        (nominal, lambda v, w: v != w),
        (interval([0, 1, 4]), lambda v, w: ([0, 1, 4][v] - [0, 1, 4][w]) ** 2),
        (orders, lambda v, w: abs(v - w) / 2),
    ],
)
def test_every_distance_keeps_to_the_definition(metric: Metric, apart: Any) -> None:
    rng = np.random.default_rng(3)
    held = [rng.integers(0, 3, rng.integers(1, 5)).tolist() for _ in range(20)]
    thing = np.repeat(np.arange(20), [len(unit) for unit in held])
    found = alpha(ratings(thing, np.concatenate(held), thing), metric)
    assert found.value == pytest.approx(by_hand(held, apart))


def test_sets_that_overlap_are_nearer_than_sets_that_do_not() -> None:
    # {1}, {1, 2}, {2, 3}: MASI distances 1 − ½ · ⅔ = ⅔ of a subset, 1 − ⅓ · ⅓ = 8/9 of an overlap, 1 of nothing.
    members = [[1, 0, 0], [1, 1, 0], [0, 1, 1]]
    distance = sets(members)(np.ones(3))
    first, second = np.array([0, 1, 0]), np.array([1, 2, 2])
    assert distance.between(first, second) == pytest.approx([2 / 3, 8 / 9, 1])
    assert distance.from_all(np.array([1.0, 1, 2])) == pytest.approx([2 / 3 + 2, 2 / 3 + 16 / 9, 1 + 8 / 9])
    held = [[0, 1], [1, 1], [2, 2], [0, 2]]
    thing = np.repeat(np.arange(4), 2)
    apart = np.array([[0, 2 / 3, 1], [2 / 3, 0, 8 / 9], [1, 8 / 9, 0]])
    found = alpha(ratings(thing, np.concatenate(held), thing), sets(members))
    assert found.value == pytest.approx(by_hand(held, lambda v, w: apart[v, w]))


@pytest.mark.parametrize("metric", [interval(np.arange(5)), orders, sets(np.eye(5))])
def test_values_that_nobody_gave_change_nothing(metric: Metric) -> None:
    thing, value = [0, 0, 1, 1, 2, 2], [0, 1, 1, 1, 0, 0]
    found = alpha(ratings(thing, value, thing), metric)
    assert found.value == pytest.approx(alpha(ratings(thing, value, thing), nominal).value)


def test_a_heavier_thing_counts_as_so_many_alike() -> None:
    thing, value = [0, 0, 1, 1, 2, 2], [0, 1, 1, 1, 0, 0]
    heavy = alpha(ratings(thing, value, thing, [3, 3, 1, 1, 1, 1]), nominal)
    copies = alpha(ratings([*thing, 3, 3, 4, 4], [*value, 0, 1, 0, 1], [*thing, 3, 3, 4, 4]), nominal)
    assert heavy.value == pytest.approx(copies.value)


def test_what_cannot_be_said_is_none_and_says_why() -> None:
    assert alpha(ratings([], np.zeros(0, int), []), nominal).n == 0
    alone = alpha(ratings([0, 1], [0, 1], [0, 1]), nominal)
    assert (alone.value, alone.method) == (None, SEVERAL)
    same = alpha(ratings([0, 0, 1, 1], [2, 2, 2, 2], [0, 0, 1, 1]), nominal)
    assert (same.value, same.interval, same.n, same.method) == (None, None, 2, SAME)


def test_malformed_ratings_are_refused() -> None:
    with pytest.raises(ValueError, match="one entry per rating"):
        ratings([0, 1], [0], [0, 1])
    with pytest.raises(ValueError, match="numbered from 0"):
        ratings([0, 0], [-1, 0], [0, 0])
    with pytest.raises(ValueError, match="numbered from 0"):
        ratings([0, 0], [np.nan, 0.0], [0, 0])
    with pytest.raises(ValueError, match="positive"):
        ratings([0, 0], [1, 0], [0, 0], [0, 0])


def test_the_difference_of_two_arms_is_that_of_their_alphas() -> None:
    rng = np.random.default_rng(5)
    one, two = (drawn(rng, 100, noise) for noise in (0.1, 0.5))
    found = alpha_difference(one, two, nominal)
    first, second = alpha(one, nominal), alpha(two, nominal)
    assert first.value is not None
    assert second.value is not None
    assert found.value == pytest.approx(first.value - second.value)
    assert found.interval is not None
    assert found.interval[0] > 0
    assert found.n == first.n + second.n
    assert alpha_difference(one, one, nominal).value == 0


def drawn(rng: np.random.Generator, groups: int, noise: float, in_group: int = 2, raters: int = 3) -> Ratings:
    """Things with a truth of three labels that raters get wrong with probability `noise`; prompts differ in labels."""
    things = groups * in_group
    cluster = np.arange(things) // in_group
    likely = rng.dirichlet([2, 2, 2], groups).cumsum(axis=1)[cluster]
    truth = (rng.random(things)[:, None] > likely).sum(axis=1).clip(0, 2)
    thing = np.repeat(np.arange(things), raters)
    given = np.where(rng.random(len(thing)) < noise, rng.integers(0, 3, len(thing)), truth[thing])
    return ratings(thing, given, cluster[thing])


@pytest.mark.parametrize("metric", [nominal, ordinal])
@pytest.mark.parametrize("groups", [12, 60])
def test_the_interval_holds_the_truth_in_about_95_of_100(metric: Metric, groups: int) -> None:
    truth = alpha(drawn(np.random.default_rng(99), 20_000, 0.3), metric).value
    assert truth is not None
    held = 0
    for seed in range(100):
        found = alpha(drawn(np.random.default_rng(seed), groups, 0.3), metric)
        assert found.interval is not None
        held += found.interval[0] <= truth <= found.interval[1]
    assert 88 <= held <= 100
