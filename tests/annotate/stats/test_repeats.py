"""Self-consistency, flip noise and what an accuracy would be without it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotate.stats.repeats import repeats


def test_four_units_of_different_k_by_hand() -> None:
    # Σ n(n−1) / K(K−1): aaa 1, aab 2/6, ab 0, aaab 6/12; the last unit was asked once.
    found = repeats(["aaa", "aab", "ab", "aaab", "a"], np.arange(5), ["a", "b", "a", "a", "a"])
    d = (1 + 1 / 3 + 0 + 1 / 2) / 4
    assert (found.n, found.once, found.answers, found.tied) == (4, 1, 12, 1)
    assert found.agreement.value == pytest.approx(d)
    assert found.accuracy.value == pytest.approx((1 + 1 / 3 + 1 / 2 + 3 / 4) / 4)
    # The majority is right for aaa and aaab; of ab there is none.
    assert found.majority.value == pytest.approx(2 / 4)
    assert found.flip_noise.value is None  # D = .458 is what chance alone could give
    assert found.corrected.value is None


def test_flip_noise_and_corrected_accuracy_by_hand() -> None:
    # D = (4 · 1 + 0) / 5 = .8, √(2D − 1) = √.6.
    found = repeats(["aa"] * 4 + ["ab"], np.arange(5), ["a", "a", "a", "b", "a"])
    signal = np.sqrt(0.6)
    assert found.flip_noise.value == pytest.approx((1 - signal) / 2)
    assert found.accuracy.value == pytest.approx(0.7)
    assert found.corrected.value == pytest.approx((0.7 - (1 - signal) / 2) / signal)


def test_a_planted_flip_rate_and_accuracy_are_found_again() -> None:
    rng = np.random.default_rng(7)
    truly, flips = rng.random(4000) < 0.85, rng.random((4000, 4)) < 0.15
    answers = (truly[:, None] ^ flips).astype(int).tolist()
    found = repeats(answers, np.arange(4000), [1] * 4000)
    assert found.flip_noise.value == pytest.approx(0.15, abs=0.01)
    assert found.accuracy.value == pytest.approx(0.85 * 0.85 + 0.15 * 0.15, abs=0.01)
    assert found.corrected.value == pytest.approx(0.85, abs=0.02)
    assert found.corrected.interval is not None
    assert found.corrected.interval[0] < 0.85 < found.corrected.interval[1]


def test_a_judge_that_never_flips_has_no_noise_and_needs_no_correction() -> None:
    found = repeats([["x", "x"], ["y", "y"], ["x", "x"]], [1, 2, 3], ["x", "y", "y"])
    assert (found.agreement.value, found.flip_noise.value) == (1, 0)
    assert found.corrected.value == found.accuracy.value == found.majority.value == pytest.approx(2 / 3)


def test_units_without_gold_tell_of_noise_only() -> None:
    found = repeats(["aa", "ab", "aa"], [1, 2, 3], ["a", None, None])
    assert (found.n, found.accuracy.n, found.corrected.n) == (3, 1, 1)
    nothing = repeats(["aa", "ab"], [1, 2])
    assert (nothing.agreement.value, nothing.accuracy.value, nothing.corrected.value) == (0.5, None, None)


def test_an_answer_that_was_never_given_can_be_gold() -> None:
    assert repeats(["aa", "bb"], [1, 2], ["c", "b"]).accuracy.value == 0.5


def test_nothing_asked_twice_is_no_figure() -> None:
    for found in (repeats([], []), repeats(["a", "b"], [1, 2], ["a", "b"])):
        assert (found.n, found.agreement.value, found.majority.value) == (0, None, None)
    with pytest.raises(ValueError, match="per unit"):
        repeats(["aa"], [1, 2])


@given(st.lists(st.lists(st.sampled_from("ab"), min_size=2, max_size=6), min_size=1, max_size=20))
def test_names_of_answers_change_nothing(answers: list[list[str]]) -> None:
    groups, gold, other = np.arange(len(answers)), ["a"] * len(answers), {"a": 1, "b": 0}
    one = repeats(answers, groups, gold)
    same = repeats([[other[label] for label in unit] for unit in answers], groups, [1] * len(answers))
    assert one == same
