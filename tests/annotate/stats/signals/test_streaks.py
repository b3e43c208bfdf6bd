import numpy as np
import pytest

from annotate.stats.signals.streaks import longest, streaks


def test_the_longest_run_is_in_the_order_of_time_and_within_one_annotator() -> None:
    who, at, value = [0, 1, 0, 0, 1, 0], [4, 1, 1, 2, 2, 3], [5, 5, 2, 2, 5, 2]
    assert longest(who, 3, at, value).tolist() == [3, 2, 0]
    assert longest([0, 1], 2, [1, 2], [5, 5]).tolist() == [1, 1]


def test_shuffled_answers_have_no_excess_on_average() -> None:
    rng, count = np.random.default_rng(0), 2000
    values = rng.permuted(np.tile(np.r_[np.ones(6), np.zeros(4), -1], (count, 1)), axis=1).ravel()
    found = streaks(np.repeat(np.arange(count), 11), count, np.tile(np.arange(11), count), values).figures
    assert np.mean([f.value for f in found if f.value is not None]) == pytest.approx(0, abs=0.01)


def test_the_excess_by_hand() -> None:
    """1 ten times, then 0 ten times: 18 of 19 are like the one before; of two answers of his 9/19 are alike."""
    found = streaks([0] * 20, 1, range(20), [1] * 10 + [0] * 10).figures[0]
    assert found.value == pytest.approx(18 / 19 - 9 / 19)
    assert (found.n, found.clusters, found.method) == (20, 2, "stretches of 10, t")


def test_always_the_same_answer_is_no_streak() -> None:
    found = streaks(np.repeat([0, 1, 2], 50), 3, np.arange(150), np.r_[np.ones(50), np.arange(100) % 3])
    assert found.figures[0].value == pytest.approx(0)
    assert np.isnan(found.p[0])


def honest(rng: np.random.Generator, n: int, likeness: float = 0.1) -> np.ndarray:
    """Sides, in a tenth of the cases that of the answer before: prompts come together, and their answers are alike."""
    side = rng.choice([-1, 0, 1], n, p=[0.4, 0.15, 0.45])
    for i in np.flatnonzero(rng.random(n) < likeness):
        side[i] = side[i - 1] if i else side[i]
    return side


def planted(seed: int, kind: str, n: int = 150) -> np.ndarray:
    rng = np.random.default_rng(seed)
    value = np.concatenate([honest(rng, n) for _ in range(8)])
    if kind == "stretch":
        value[60:85] = 1
    if kind == "blocks":
        value[:n] = np.repeat(rng.choice([-1, 1], n // 5), 5)
    if kind == "in turn":
        value[:n] = np.where(np.arange(n) % 2, 1, -1)
    return streaks(np.repeat(np.arange(8), n), 8, np.tile(np.arange(n), 8), value).p


@pytest.mark.parametrize("kind", ["stretch", "blocks", "in turn"])
def test_runs_are_found_and_honest_answers_are_not(kind: str) -> None:
    """100 seeds of 150 answers: 25 of one side in a row, fives all along, or one side and the other in turn."""
    found = [planted(seed, kind) for seed in range(100)]
    assert sum(p[0] < 0.006 for p in found) >= 80
    assert sum(int((p[1:] < 0.05).sum()) for p in found) <= 35  # of 700


def test_of_few_answers_nothing_is_tested() -> None:
    assert np.isnan(streaks([0] * 19, 2, range(19), [1, 0] * 9 + [1]).p).all()
    assert [f.method for f in streaks([0], 2, [1], [1]).figures] == ["too few answers", "no data"]


def test_malformed_columns_are_refused() -> None:
    for who, at, value in (([0], [1, 2], [1, 2]), ([0, 1], [1, 2], [1, 2]), ([0, 0], [1, np.nan], [1, 2])):
        with pytest.raises(ValueError, match=r"annotator|NaN"):
            streaks(who, 1, at, value)
