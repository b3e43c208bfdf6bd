"""The certified threshold: by hand, at its edges, and its guarantee by simulation."""

import numpy as np
import pytest

from annotate.stats.abstention import certify, fewest, one_per_group, spending, upper_bound

FIRST = 6 / np.pi**2  # what the first certification may spend of δ


def test_the_upper_bound_is_clopper_and_pearsons() -> None:
    # Without errors 1 − δ^(1/n); 2 of 20 at 97.5 %: the published .317.
    assert upper_bound(0, 29, 0.05) == pytest.approx(1 - 0.05 ** (1 / 29))
    assert upper_bound(2, 20, 0.025) == pytest.approx(0.317, abs=5e-4)
    assert upper_bound(5, 5, 0.05) == upper_bound(0, 0, 0.05) == 1


def test_the_fewest_units_are_those_that_pass_without_an_error() -> None:
    assert fewest(0.1, 0.05) == 29  # .9^28 = .0523, .9^29 = .0471
    for alpha, delta in [(0.1, 0.05), (0.2, 0.1), (0.05, 0.06), (0.5, 0.25)]:
        n = fewest(alpha, delta)
        assert upper_bound(0, n, delta) <= alpha + 1e-9 < upper_bound(0, n - 1, delta)


def test_all_certifications_together_spend_delta() -> None:
    assert spending(0.1, 1) == pytest.approx(0.1 * FIRST)
    assert spending(0.1, 2) == pytest.approx(0.1 * FIRST / 4)
    assert sum(spending(0.1, k) for k in range(1, 20_001)) == pytest.approx(0.1, abs=1e-5)


def test_a_walk_by_hand() -> None:
    # 60 units at .95 without an error, 40 at .85 with 1, 40 at .75 with 20; spent 6/π² · .1 = .0608, α = .1.
    sure = np.repeat([0.95, 0.85, 0.75], [60, 40, 40])
    agrees = np.ones(140)
    agrees[60], agrees[100:120] = 0, 0
    found = certify(sure, agrees, np.arange(140), 0.9, 0.1, grid=(0.9, 0.99, 0.8, 0.7, 0.6))
    assert [(look.threshold, look.n, look.errors, look.outcome) for look in found.path] == [
        (0.99, 0, 0, "skipped"),
        (0.9, 60, 0, "accepted"),
        (0.8, 100, 1, "accepted"),
        (0.7, 140, 21, "refused"),
    ]
    assert (found.threshold, found.n, found.errors, found.units) == (0.8, 100, 1, 140)
    assert found.bound == pytest.approx(upper_bound(1, 100, 0.1 * FIRST))
    assert found.coverage == pytest.approx(100 / 140)
    assert found.reason == ""


def test_the_first_refusal_ends_the_sequence() -> None:
    # Bad at the top, faultless below: what comes after the refusal is never tried.
    sure = np.repeat([0.95, 0.6], [50, 1000])
    agrees = np.repeat([0.5, 1], [50, 1000])
    agrees[:50] = np.tile([0, 1], 25)
    found = certify(sure, agrees, np.arange(1050), 0.9, 0.1)
    assert found.threshold is None
    assert found.path[-1].outcome == "refused"
    assert "25 of 50 disagree" in found.reason
    assert "above the 10.0% allowed" in found.reason


def test_too_few_units_are_said_and_no_failure() -> None:
    found = certify([0.9] * 20, [1] * 20, np.arange(20), 0.9, 0.1)
    assert found.threshold is None
    assert {look.outcome for look in found.path} == {"skipped"}
    assert found.reason.startswith("too few audited units: 27")
    for nothing in (certify([], [], [], 0.9, 0.1), certify([], [], [], 0.9, 0.1, grid=())):
        assert (nothing.threshold, nothing.units) == (None, 0)


def test_a_later_start_is_not_ended_by_one_early_error() -> None:
    sure, agrees = np.linspace(1, 0.5, 200), np.ones(200)
    agrees[3] = 0
    assert certify(sure, agrees, np.arange(200), 0.9, 0.1).threshold is None
    later = certify(sure, agrees, np.arange(200), 0.9, 0.1, at_least=100)
    assert later.threshold is not None
    assert later.coverage == 1


def test_one_unit_a_prompt_group_is_drawn() -> None:
    groups = np.repeat(np.arange(30), 10)
    kept = one_per_group(groups, seed=1)
    assert sorted(groups[kept]) == list(range(30))
    assert kept.tolist() == one_per_group(groups, seed=1).tolist() != one_per_group(groups, seed=2).tolist()
    # Three hundred units of thirty prompts certify as thirty do.
    assert certify(np.full(300, 0.9), np.ones(300), groups, 0.9, 0.1).units == 30


def test_every_unit_of_a_group_is_drawn_as_often() -> None:
    groups = np.array([0, 0, 0, 1])
    drawn = np.bincount([one_per_group(groups, seed)[0] for seed in range(900)], minlength=3)
    assert drawn.min() > 250


@pytest.mark.parametrize(
    ("target", "delta", "certification", "agrees"),
    [(1.0, 0.1, 1, 1), (0.0, 0.1, 1, 1), (0.9, 0.0, 1, 1), (0.9, 1.0, 1, 1), (0.9, 0.1, 0, 1), (0.9, 0.1, 1, 0.5)],
)
def test_promises_that_cannot_be_and_half_agreements_are_refused(
    target: float, delta: float, certification: int, agrees: float
) -> None:
    with pytest.raises(ValueError):
        certify([0.9], [agrees], [1], target, delta, certification)


def test_the_guarantee_holds_in_at_least_one_minus_delta_of_replications() -> None:
    """Disagreement is 2 % at certainty 1 and rises: at t and above it is .02 + .3 (1 − t), over 10 % for t < .7333."""
    rng, broken, certified = np.random.default_rng(11), 0, 0
    for seed in range(400):
        sure = rng.uniform(0, 1, 300)
        agrees = rng.random(300) >= 0.02 + 0.6 * (1 - sure)
        found = certify(sure, agrees, np.arange(300), 0.9, 0.2, seed=seed)
        certified += found.threshold is not None
        broken += found.threshold is not None and 0.02 + 0.3 * (1 - found.threshold) > 0.1
    assert certified > 60
    assert broken <= 0.2 * 400


def test_forty_looks_with_spending_keep_the_total_error_and_without_do_not() -> None:
    rng, spent, unspent = np.random.default_rng(12), 0, 0
    for _ in range(150):
        agrees = rng.random(40 * 25) >= 0.1001  # a judge just outside of what is allowed
        looks = [(k, agrees[: 25 * k]) for k in range(1, 41)]
        spent += any(found(seen, k) for k, seen in looks)
        unspent += any(upper_bound(int((~seen).sum()), len(seen), 0.1) <= 0.1 for _, seen in looks)
    assert spent <= 0.1 * 150
    assert unspent > 0.25 * 150


def found(agrees: np.ndarray, k: int) -> bool:
    n = len(agrees)
    return certify(np.ones(n), agrees, np.arange(n), 0.9, 0.1, k, grid=(0.5,)).threshold is not None
