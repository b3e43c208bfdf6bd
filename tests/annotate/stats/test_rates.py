"""A rate corrected for the judge's sensitivity and specificity."""

import numpy as np
import pytest

from annotate.stats.rates import corrected_rate


def test_the_correction_by_hand() -> None:
    # p = .6, se = .9, sp = .8: (.6 + .8 − 1) / .7. Variance (.24/100 + θ² .09/50 + (1 − θ)² .16/40) / .49.
    found = corrected_rate((60, 100), (45, 50), (32, 40))
    theta = 0.4 / 0.7
    assert found.value == pytest.approx(theta)
    assert found.variance == pytest.approx((0.0024 + theta**2 * 0.0018 + (1 - theta) ** 2 * 0.004) / 0.49)
    assert (found.n, found.raw, found.sensitivity, found.specificity) == (100, 0.6, 0.9, 0.8)


def test_a_perfect_judge_needs_no_correction() -> None:
    found = corrected_rate((30, 100), (50, 50), (50, 50))
    assert found.value == pytest.approx(0.3)
    assert found.interval is not None
    assert found.interval[0] < 0.3 < found.interval[1]


def test_the_corrected_rate_is_clipped() -> None:
    assert corrected_rate((1, 100), (45, 50), (40, 50)).value == 0
    assert corrected_rate((99, 100), (45, 50), (40, 50)).value == 1


@pytest.mark.parametrize(("positives", "negatives"), [((25, 50), (25, 50)), ((10, 50), (30, 50))])
def test_a_judge_that_tells_nothing_gives_no_rate(positives: tuple[int, int], negatives: tuple[int, int]) -> None:
    found = corrected_rate((60, 100), positives, negatives)
    assert (found.value, found.variance, found.interval) == (None, None, None)
    assert "no more often" in found.why


@pytest.mark.parametrize("empty", range(3))
def test_an_empty_sample_gives_no_rate(empty: int) -> None:
    samples = [(3, 5), (4, 5), (4, 5)]
    samples[empty] = (0, 0)
    found = corrected_rate(*samples)
    assert found.value is None
    assert found.why


def test_counts_that_cannot_be_are_refused() -> None:
    for called in ((6, 5), (-1, 5)):
        with pytest.raises(ValueError):
            corrected_rate(called, (4, 5), (4, 5))


@pytest.mark.parametrize(("theta", "se", "sp"), [(0.3, 0.9, 0.8), (0.05, 0.85, 0.95), (0.8, 0.7, 0.75)])
def test_about_ninety_five_of_a_hundred_intervals_hold_the_rate(theta: float, se: float, sp: float) -> None:
    rng, held = np.random.default_rng(31), 0
    for _ in range(1000):
        called = int(rng.binomial(300, theta * se + (1 - theta) * (1 - sp)))
        found = corrected_rate((called, 300), (int(rng.binomial(80, se)), 80), (int(rng.binomial(80, sp)), 80))
        held += found.interval is not None and found.interval[0] <= theta <= found.interval[1]
    assert held >= 930
