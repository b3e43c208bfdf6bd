"""Single, strict, JudgeBench and averaged accuracy against pairs worked by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import expit

from annotate.stats.accuracy import accuracies
from annotate.stats.orders import orders

S = st.sampled_from([0.0, 0.1, 0.4, 0.5, 0.6, 0.9, 1.0])
PAIRS = st.lists(st.tuples(S, S, st.sampled_from([-1, 0, 1])), min_size=1, max_size=40)


def test_six_pairs_by_hand() -> None:
    """a is better in all but the last decisive pair.

    pair   s1   s2   order 1  order 2  sum  strict  d
    1      1    0    right    right     2   yes     +
    2      1    1    right    wrong     0   no      0
    3      1    .5   right    tie       1   no      +
    4      .5   1    tie      wrong    -1   no      -
    5      .9   .6   right    wrong     0   no      +
    6 (b)  .4   .9   right    right     2   yes     -
    """
    found = accuracies([1, 1, 1, 0.5, 0.9, 0.4], [0, 1, 0.5, 1, 0.6, 0.9], [1, 1, 1, 1, 1, -1], np.arange(6))
    assert found.n == found.clusters == 6
    assert found.single.value == pytest.approx(7 / 12)
    assert found.strict.value == pytest.approx(2 / 6)
    assert found.judgebench.value == pytest.approx(3 / 6)
    assert found.averaged.value == pytest.approx(4 / 6)
    # Gold in slot 1: order 1 of the first five (4 right), order 2 of the last (right). In slot 2: 1 of 5, and right.
    assert found.position_bias.value == pytest.approx(5 / 6 - 2 / 6)


def test_always_the_first_slot_can_still_carry_the_signal_in_its_probabilities() -> None:
    # Twenty easy pairs: log-odds of 4 for the first slot, 0.3 for the better completion but in one pair.
    gold = np.tile([1, -1], 10)
    signal = 0.3 * gold
    signal[7] = -signal[7]
    s1, s2 = expit(4 + signal), expit(4 - signal)
    found, both = accuracies(s1, s2, gold, np.arange(20)), orders(s1, s2, np.arange(20))
    assert (both.first_slot.value, both.flip.value) == (1, 1)
    assert both.slot_bias.value == pytest.approx(4)
    assert found.single.value == pytest.approx(0.5)
    assert found.strict.value == 0
    assert found.judgebench.value == 0
    assert found.averaged.value == pytest.approx(0.95)
    assert found.position_bias.value == 1


def test_gold_ties_are_set_apart() -> None:
    found = accuracies([1, 0.5, 1], [0, 0.5, 0], [1, 0, 1], [1, 2, 3])
    assert (found.n, found.gold_ties, found.strict.value) == (2, 1, 1)


def test_flip_noise_corrects_the_position_bias_and_is_needed_for_it() -> None:
    s1, s2, gold, groups = [1, 1, 1, 0], [0, 1, 0, 0], [1, 1, 1, 1], np.arange(4)
    raw = accuracies(s1, s2, gold, groups).position_bias.value
    corrected = accuracies(s1, s2, gold, groups, flip_noise=0.1).position_bias_corrected
    assert raw is not None
    assert corrected.value == pytest.approx(raw / 0.8)
    for noise in (None, 0.5, 0.7):
        unknown = accuracies(s1, s2, gold, groups, flip_noise=noise).position_bias_corrected
        assert (unknown.value, unknown.method) == (None, "flip noise unknown")


def test_pairs_count_once_in_every_n() -> None:
    found = accuracies([1, 0], [0, 1], [1, 1], [1, 1])
    assert found.single.n == found.position_bias.n == found.n == 2
    assert found.single.interval == (0, 1)  # one prompt tells nothing


def test_only_gold_ties_or_no_pairs_are_no_figures() -> None:
    for found in (accuracies([0.5], [0.5], [0], [1]), accuracies([], [], [], [])):
        assert (found.n, found.single.value, found.averaged.value, found.position_bias.value) == (0, None, None, None)


def test_gold_that_names_no_side_is_refused() -> None:
    with pytest.raises(ValueError, match="gold"):
        accuracies([1], [0], [2], [1])
    with pytest.raises(ValueError, match="one cluster"):
        accuracies([1], [0], [1], [1, 2])


@given(PAIRS)
def test_strict_is_the_hardest_and_hard_verdicts_average_to_judgebench(pairs: list[tuple[float, float, int]]) -> None:
    s1, s2, gold = map(np.array, zip(*pairs, strict=True))
    groups = np.arange(len(pairs))
    found = accuracies(s1, s2, gold, groups)
    if found.single.value is None or found.strict.value is None or found.judgebench.value is None:
        assert not gold.any()
        return
    assert found.strict.value <= found.single.value + 1e-12
    assert found.strict.value <= found.judgebench.value
    hard = accuracies((np.sign(s1 - 0.5) + 1) / 2, (np.sign(s2 - 0.5) + 1) / 2, gold, groups)
    assert hard.averaged.value == hard.judgebench.value == pytest.approx(found.judgebench.value)


@given(PAIRS)
def test_naming_the_completions_the_other_way_changes_nothing(pairs: list[tuple[float, float, int]]) -> None:
    s1, s2, gold = map(np.array, zip(*pairs, strict=True))
    groups = np.arange(len(pairs))
    assert accuracies(s1, s2, gold, groups) == accuracies(s2, s1, -gold, groups)
