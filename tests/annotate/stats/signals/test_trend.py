import numpy as np
import pytest

from annotate.stats.signals.trend import later_half, trend


def test_the_halves_are_each_annotators_own() -> None:
    people, at = np.array([0, 1, 0, 1, 0, 0]), np.array([4.0, 1, 3, 2, 2, 1])
    assert later_half(people, 2, at).tolist() == [True, False, True, True, False, False]


def test_the_change_by_hand() -> None:
    found = trend([0] * 4 + [1] * 3, 3, [1, 2, 3, 4, 1, 2, 3], [1, 1, 1, 0, 0, 0, 1], [0, 1, 2, 3, 0, 1, 2])
    assert [f.value for f in found.figures] == [-0.5, 1.0, None]
    # Derivatives: 0, 0 in the first half; (1 − ½)/2 and (0 − ½)/2 in the later: √(4/3 · 2/16) is the error.
    from scipy.stats import t

    half = t.ppf(0.975, 3) * np.sqrt(4 / 3 / 8)
    assert found.figures[0].interval == pytest.approx((max(-1, -0.5 - half), min(1, -0.5 + half)))
    assert np.isnan(found.p).all()  # too few


def fallen(seed: int, later: float, everybody: float = 0.0) -> np.ndarray:
    """The p-values of eight annotators of 200 answers who agree in 80 %, the first in `later` once half is done."""
    rng = np.random.default_rng(seed)
    who, at = np.repeat(np.arange(8), 200), np.tile(np.arange(200), 8)
    chance = np.where(at < 100, 0.8, np.where(who == 0, later, 0.8 - everybody))
    return trend(who, 8, at, rng.random(1600) < chance, rng.integers(0, 150, 1600)).p


def test_who_gets_worse_is_found_and_steady_ones_are_not() -> None:
    """100 seeds: one falls from 80 % to 50 %."""
    found = [fallen(seed, 0.5) for seed in range(100)]
    assert sum(p[0] < 0.006 for p in found) >= 80
    assert sum(int((p[1:] < 0.05).sum()) for p in found) <= 35  # of 700


def test_harder_items_at_the_end_are_nobodys_fault() -> None:
    found = [fallen(seed, 0.55, everybody=0.25) for seed in range(20)]
    assert sum(int((p < 0.05).sum()) for p in found) <= 8  # of 160


def test_who_is_right_throughout_and_then_never_is_found_though_nothing_varies() -> None:
    who, at = np.repeat([0, 1, 2], 40), np.tile(np.arange(40), 3)
    hit = np.where((who == 0) & (at >= 20), 0.0, 1.0)
    found = trend(who, 3, at, hit, np.tile(np.arange(40), 3))
    assert found.figures[0].value == -1.0
    assert found.p[0] < 1e-6
    assert (found.p[1:] > 0.1).all()


def test_malformed_columns_are_refused() -> None:
    for at, hit in (([1.0, 2.0], [1]), ([1.0], [1, 0]), ([1.0, np.nan], [1, 0]), ([1.0, 2.0], [1, 3])):
        with pytest.raises(ValueError, match=r"annotator|NaN|hit|entry"):
            trend([0, 0], 1, at, hit, [0, 1])
    assert trend([], 1, [], [], []).figures[0].value is None
