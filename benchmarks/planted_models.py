"""Planted truths about models and cycles, over 100 seeds: how often each is found, and how often it is found where it
is not.

    .venv/bin/python benchmarks/planted_models.py
"""

import sys
from collections.abc import Callable
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from annotate.stats.discovery import benjamini_hochberg
from annotate.stats.games import Games, chances, games
from annotate.stats.length_control import length_controlled
from annotate.stats.model_cycles import head_to_head
from annotate.stats.transitivity import cycles, tournaments

SEEDS = 100
PEOPLE, ITEMS, COMPLETIONS = 6, 60, 3
MODELS, PAIRS, GROUPS = 8, 1500, 300
TIE = -1.0
Flags = list[bool]


def cyclic_annotators(seed: int, planted: float, slips: float = 0.15) -> Flags:
    """Which of six people are flagged, all comparing the three completions of 60 items with a share `slips` of wrong
    answers, the first going round in a circle in a share `planted` of the items."""
    random = np.random.default_rng(seed)
    pairs = np.array(list(combinations(range(COMPLETIONS), 2)))
    order = np.argsort(random.random((ITEMS, COMPLETIONS)), axis=1)
    right = np.sign(order[:, pairs[:, 0]] - order[:, pairs[:, 1]])
    sign = right * np.where(random.random((PEOPLE, ITEMS, len(pairs))) < slips, -1, 1)
    rounds = random.random(ITEMS) < planted
    sign[0, rounds] = np.array([1, -1, 1]) * random.choice([-1, 1], rounds.sum())[:, None]  # 0 > 1, 1 > 2, 2 > 0
    person, item, pair = (each.ravel() for each in np.indices(sign.shape))
    a, b = (item * COMPLETIONS + pairs[pair, side] for side in (0, 1))
    found = tournaments(person, item, a, b, sign.ravel(), np.ones(len(item)))
    return flagged([_of(found, each) for each in range(PEOPLE)])


def _of(found: Any, person: int) -> float | None:
    own = found.source == person
    arrays = ("source", "item", "possible", "cyclic", "pairs", "slips")
    mine = replace(found, **{name: getattr(found, name)[own] for name in arrays})
    return cycles(mine, mine.item).p


def flagged(p: list[float | None]) -> Flags:
    return [bool(each) for each in benjamini_hochberg([1.0 if each is None else each for each in p])]


def ring_of_models(seed: int, planted: float) -> bool:
    """Whether a ring among eight models is called real; `planted` is what each of the first three gains in log-odds
    against the next, round in a circle, the models being equal otherwise."""
    played, _ = leaderboard(seed, 0.0, planted, spread=0.0)
    return any(ring.real for ring in head_to_head(played).rings)


def length_bias(seed: int, planted: float) -> bool:
    """Whether a leaderboard is called length-biased; `planted` is what the longest answer gains in log-odds."""
    return length_controlled(*leaderboard(seed, planted)).is_biased


def leaderboard(seed: int, bias: float, ring: float = 0.0, spread: float = 0.5) -> tuple[Games, np.ndarray[Any, Any]]:
    """1,500 games of eight models in 300 prompt groups that differ in how long answers are, and the differences of
    length; models differ in strength and in how long they write."""
    random = np.random.default_rng(seed)
    strength, length = random.normal(0, spread, MODELS), random.normal(0, 0.4, MODELS)
    first = random.integers(0, MODELS, PAIRS)
    second = (first + random.integers(1, MODELS, PAIRS)) % MODELS
    group = random.integers(0, GROUPS, PAIRS)
    prompt = random.normal(5, 0.6, GROUPS)[group]
    one, two = (np.exp(prompt + length[model] + random.normal(0, 0.3, PAIRS)) for model in (first, second))
    longer = one - two
    d = strength[first] - strength[second] + bias * np.tanh(longer / longer.std())
    d = d + ring * _round(first, second)
    won, tied = chances(d, TIE)
    draw = random.random(PAIRS)
    sign = np.where(draw < won, 1, np.where(draw < won + tied, 0, -1))
    return games(first, second, sign, group, MODELS), longer


def _round(first: Any, second: Any) -> Any:
    return np.where((first < 3) & (second < 3), np.where((second - first) % 3 == 1, 1, -1), 0)


def share(found: Callable[[int], bool], seeds: int = SEEDS) -> float:
    return sum(found(seed) for seed in range(seeds)) / seeds


def main() -> None:
    half = [cyclic_annotators(seed, 0.5) for seed in range(SEEDS)]
    none = [cyclic_annotators(seed, 0.0) for seed in range(SEEDS)]
    rows: list[tuple[str, float]] = [
        ("an annotator with planted cycles in half of 60 items", sum(each[0] for each in half) / SEEDS),
        ("  any of the five others beside him", sum(any(each[1:]) for each in half) / SEEDS),
        ("  any of six who only slip (15 %)", sum(any(each) for each in none) / SEEDS),
        ("a planted ring of three of eight models (+1.8)", share(lambda seed: ring_of_models(seed, 1.8))),
        ("a weaker ring (+1.2)", share(lambda seed: ring_of_models(seed, 1.2))),
        ("  eight equal models", share(lambda seed: ring_of_models(seed, 0.0))),
        ("a length-biased leaderboard (+0.6)", share(lambda seed: length_bias(seed, 0.6))),
        ("  a leaderboard without bias", share(lambda seed: length_bias(seed, 0.0))),
    ]
    print(f"{'planted, or not (indented)':<56} found in {SEEDS} seeds")
    for title, value in rows:
        print(f"{title:<56} {100 * value:5.0f} %")


if __name__ == "__main__":
    main()
