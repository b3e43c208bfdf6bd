"""Length bias worked by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotate.stats.lengths import length_bias

SIDE = st.sampled_from([-1, 0, 1])
PAIRS = st.lists(st.tuples(SIDE, SIDE, SIDE), min_size=1, max_size=40)


def test_eight_pairs_by_hand() -> None:
    judge = [1, 1, 1, -1, 1, 0, -1, 1]
    gold = [1, 1, -1, -1, 1, -1, 0, 1]
    longer = [1, 1, 1, -1, -1, 1, 1, 0]
    found = length_bias(judge, gold, longer, np.arange(8))
    assert (found.n, found.gold_ties, found.equal) == (8, 1, 1)
    assert found.gold_longer.value == pytest.approx(3 / 3)  # pairs 1, 2, 4
    assert found.rest.value == pytest.approx(2 / 4)  # pair 3 wrong, 5 right, 6 a judge's tie, 8 right (equal lengths)
    assert found.bias.value == pytest.approx(1 / 2)
    assert found.judge_longer.value == pytest.approx((1 + 1 + 1 + 1 + 0 + 0.5 + 0) / 7)
    assert found.people_longer.value == pytest.approx((1 + 1 + 0 + 1 + 0 + 0 + 0.5) / 7)
    assert found.preference.value == pytest.approx(1 / 7)


def test_always_the_longer_is_the_whole_bias() -> None:
    longer, gold = np.tile([1, -1], 20), np.repeat([1, -1], 20)
    found = length_bias(longer, gold, longer, np.arange(40))
    assert (found.gold_longer.value, found.rest.value, found.bias.value) == (1, 0, 1)
    assert (found.judge_longer.value, found.people_longer.value) == (1, 0.5)


def test_flip_noise_scales_the_bias() -> None:
    judge, gold, longer = [1, -1, 1, 1], [1, 1, -1, 1], [1, 1, 1, -1]
    raw = length_bias(judge, gold, longer, np.arange(4)).bias.value
    assert raw is not None
    corrected = length_bias(judge, gold, longer, np.arange(4), flip_noise=0.25).bias
    assert corrected.value == pytest.approx(2 * raw)
    assert length_bias(judge, gold, longer, np.arange(4), flip_noise=0.5).bias.value is None


def test_where_lengths_are_equal_there_is_no_preference_for_the_longer() -> None:
    found = length_bias([1, -1], [1, 1], [0, 0], [1, 2])
    assert (found.gold_longer.value, found.bias.value, found.preference.value) == (None, None, None)
    assert found.rest.value == 0.5


def test_no_pairs_are_no_figures_and_other_entries_are_refused() -> None:
    assert length_bias([], [], [], []).bias.value is None
    with pytest.raises(ValueError, match="neither"):
        length_bias([0.5], [1], [1], [1])


@given(PAIRS)
def test_naming_the_completions_the_other_way_changes_nothing(pairs: list[tuple[int, int, int]]) -> None:
    judge, gold, longer = map(np.array, zip(*pairs, strict=True))
    groups = np.arange(len(pairs))
    assert length_bias(judge, gold, longer, groups) == length_bias(-judge, -gold, -longer, groups)


@given(PAIRS)
def test_the_preference_is_the_difference_of_its_two_shares(pairs: list[tuple[int, int, int]]) -> None:
    judge, gold, longer = map(np.array, zip(*pairs, strict=True))
    found = length_bias(judge, gold, longer, np.arange(len(pairs)))
    if found.preference.value is not None:
        assert found.judge_longer.value is not None
        assert found.people_longer.value is not None
        assert found.preference.value == pytest.approx(found.judge_longer.value - found.people_longer.value)
