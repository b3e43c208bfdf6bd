"""The figures against tables worked out by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotate.stats.consistency import consistency

SIGN = st.sampled_from([-1, 0, 1])
PAIRS = st.lists(st.tuples(SIGN, SIGN, st.integers(0, 5)), min_size=1, max_size=60)


def signs(*values: int) -> np.ndarray:
    return np.array(values)


def test_a_table_worked_by_hand() -> None:
    # rating:  A  A  A  B  B  =  =  =  A  B     ranking: A  A  B  B  =  =  A  =  =  A
    rating = signs(1, 1, 1, -1, -1, 0, 0, 0, 1, -1)
    ranking = signs(1, 1, -1, -1, 0, 0, 1, 0, 0, 1)
    result = consistency(rating, ranking, np.arange(10))
    assert result.table == ((2, 1, 1), (1, 1, 1), (1, 0, 2))
    assert result.n == result.clusters == 10
    assert result.consistent == pytest.approx(0.5)
    # rows 4, 3, 3 and columns 4, 2, 4 of 10: 0.16 + 0.06 + 0.12
    assert result.chance == pytest.approx(0.34)
    assert result.kappa == pytest.approx(0.16 / 0.66)
    assert result.shares == pytest.approx(
        {"agree": 0.3, "contradict": 0.2, "rating_only": 0.2, "ranking_only": 0.1, "both_equal": 0.2}
    )


def test_complete_agreement_on_both_sides_is_a_kappa_of_one() -> None:
    result = consistency(signs(1, -1, 0), signs(1, -1, 0), np.arange(3))
    assert result.consistent == 1
    assert result.kappa == pytest.approx(1)


def test_kappa_is_undefined_where_chance_agrees_always() -> None:
    result = consistency(signs(1, 1), signs(1, 1), np.arange(2))
    assert result.chance == 1
    assert result.kappa is None


@given(PAIRS)
def test_the_shares_are_a_partition_and_the_interval_holds_the_figure(pairs: list[tuple[int, int, int]]) -> None:
    rating, ranking, clusters = map(np.array, zip(*pairs, strict=True))
    result = consistency(rating, ranking, clusters)
    assert sum(result.shares.values()) == pytest.approx(1)
    assert result.shares["agree"] + result.shares["both_equal"] == pytest.approx(result.consistent)
    assert sum(map(sum, result.table)) == result.n == len(pairs)
    low, high = result.interval
    assert 0 <= low <= result.consistent + 1e-9
    assert result.consistent - 1e-9 <= high <= 1


@given(PAIRS)
def test_swapping_the_two_completions_of_every_pair_changes_nothing_but_the_sides(
    pairs: list[tuple[int, int, int]],
) -> None:
    rating, ranking, clusters = map(np.array, zip(*pairs, strict=True))
    one, other = consistency(rating, ranking, clusters), consistency(-rating, -ranking, clusters)
    assert one.shares == pytest.approx(other.shares)
    assert (one.consistent, one.chance) == pytest.approx((other.consistent, other.chance))
    assert one.interval == other.interval


@pytest.mark.parametrize(
    ("rating", "ranking", "clusters"),
    [([], [], []), ([1], [1, 1], [0]), ([1], [1], [0, 1]), ([2], [1], [0])],
)
def test_input_that_is_no_list_of_pairs_is_refused(rating: list[int], ranking: list[int], clusters: list[int]) -> None:
    with pytest.raises(ValueError):
        consistency(np.array(rating), np.array(ranking), np.array(clusters))
