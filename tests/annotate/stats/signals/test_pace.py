import numpy as np
import pytest

from annotate.stats.signals.pace import Usual, pace, tenths
from annotate.stats.signals.shares import shares


def test_medians_and_their_intervals() -> None:
    """Nine answers in nine prompt groups: the share up to the median has error √(9/8 · 8/4) / 9, t(8) = 2.306."""
    found = pace([0] * 9 + [1] * 2, 3, [*range(1, 10), 3, 5], [100] * 11, [*range(9), 0, 0])
    assert [f.value for f in found.figures] == [5, 4, None]
    half = 2.306 * 1.5 / 9
    low, high = np.arange(1, 10)[int((0.5 - half) * 9)], np.arange(1, 10)[int(np.ceil((0.5 + half) * 9))]
    assert found.figures[0].interval == (low, high) == (2, 9)
    assert found.figures[1].interval == (3, 5)
    assert found.figures[1].method == "one cluster"


def test_the_interval_of_a_median_covers_it() -> None:
    covered = 0
    for seed in range(200):
        rng = np.random.default_rng(seed)
        group = rng.integers(0, 40, 120)
        seconds = np.exp(3 + rng.normal(0, 0.4, 40)[group] + rng.normal(0, 0.5, 120))
        low, high = pace(np.zeros(120, int), 1, seconds, np.full(120, 10), group).figures[0].interval or (0, 0)
        covered += low <= np.exp(3) <= high
    assert 184 <= covered <= 200


def test_what_was_not_told_is_left_out() -> None:
    told = pace([0, 0, 1], 2, [3, np.nan, np.nan], [1, 1, 1], [0, 1, 2])
    assert [(f.value, f.n) for f in told.figures] == [(3, 1), (None, 0)]


def test_fast_is_under_a_quarter_of_what_is_usual_for_the_length() -> None:
    """Short texts take 8 s, long ones 80 s: 10 s are fast for a long text, and slow for a short one."""
    who, characters = np.repeat([0, 1, 2], 40), np.tile(np.repeat([100, 5000], 20), 3)
    seconds = np.where(who == 0, 10.0, np.where(characters == 100, 8.0, 80.0))
    fast = Usual(who, 3, seconds, tenths(characters.astype(float))).fast(np.ones(3, bool))
    assert [f.value for f in shares(who, 3, fast, np.arange(120)).figures] == [0.5, 0, 0]


def rushed(seed: int, factor: float, n: int = 80) -> np.ndarray:
    """The p-values of eight annotators, each with a speed of his own (35 % of spread), the first `factor` as slow."""
    rng = np.random.default_rng(seed)
    who, characters = np.repeat(np.arange(8), n), rng.integers(100, 4000, 8 * n)
    own = np.exp(rng.normal(0, 0.35, 8))
    own[0] = factor
    seconds = own[who] * (5 + characters / 60) * np.exp(rng.normal(0, 0.5, 8 * n))
    return pace(who, 8, seconds, characters, rng.integers(0, 60, 8 * n)).p


def test_who_rushes_is_found_and_quick_readers_are_not() -> None:
    """100 seeds: 80 answers each, one in a fifth of the usual time."""
    found = [rushed(seed, 0.2) for seed in range(100)]
    assert sum(p[0] < 0.006 for p in found) >= 80
    assert sum(int((p[1:] < 0.05).sum()) for p in found) <= 35  # of 700


def test_a_rusher_with_most_of_the_answers_does_not_set_the_pace() -> None:
    rng = np.random.default_rng(3)
    who = np.r_[np.zeros(2000, int), np.repeat([1, 2, 3, 4], 100)]
    seconds = np.where(who == 0, 2.0, 20.0) * np.exp(rng.normal(0, 0.3, len(who)))
    p = pace(who, 5, seconds, np.full(len(who), 500), rng.integers(0, 300, len(who))).p
    assert p[0] < 1e-6
    assert (p[1:] > 0.5).all()


def test_malformed_columns_are_refused() -> None:
    for seconds, characters in (([-1.0, 2], [1, 1]), ([1.0, 2], [1, np.nan])):
        with pytest.raises(ValueError, match=r"seconds|NaN"):
            pace([0, 0], 1, seconds, characters, [0, 1])
    assert pace([], 1, [], [], []).figures[0].value is None
