import numpy as np
import pytest

from annotate.stats.signals.length import length_preference


def test_the_difference_to_the_others_by_hand() -> None:
    """Pair 0, a longer: 0 and 2 take it, 1 does not: 1 − ½, 0 − 1, 1 − ½. Pair 1, b longer: 0 and 1 take it, 2 calls a
    tie and is left out: 0 and 0. Pair 2 has no longer side. So ½/2, −1/2, ½/1."""
    who, pair = [0, 1, 2, 0, 1, 2, 0, 1], [0, 0, 0, 1, 1, 1, 2, 2]
    found = length_preference(who, 4, pair, [1, -1, 1, -1, -1, 0, 1, -1], [1, 1, 1, -1, -1, -1, 0, 0], pair)
    assert [each.value for each in found.figures] == [0.25, -0.5, 0.5, None]
    assert [each.n for each in found.figures] == [2, 2, 1, 0]
    assert np.isnan(found.p).all()


def people(seed: int = 0) -> tuple[np.ndarray, ...]:
    """Five people about the same 100 pairs of 50 prompts; the first takes the longer, the others the better one."""
    random = np.random.default_rng(seed)
    who, pair = np.repeat(np.arange(5), 100), np.tile(np.arange(100), 5)
    better, longer = random.choice([-1, 1], 100), random.choice([-1, 1], 100)
    sign = np.where(who == 0, longer[pair], better[pair] * np.where(random.random(500) < 0.15, -1, 1))
    return who, pair, sign, longer[pair], pair // 2


def test_who_takes_the_longer_is_found_and_not_where_the_longer_is_the_better_for_all() -> None:
    who, pair, sign, longer, prompt = people()
    found = length_preference(who, 5, pair, sign, longer, prompt)
    assert found.p[0] < 1e-6
    assert (found.p[1:] > 0.05).all()
    assert found.figures[0].value is not None
    assert found.figures[0].value > 0.3
    everybody = length_preference(who, 5, pair, longer, longer, prompt)
    assert [each.value for each in everybody.figures] == [0] * 5
    assert (everybody.p > 0.9).all()


def test_neither_the_order_of_rows_nor_names_nor_sides_matter() -> None:
    who, pair, sign, longer, prompt = people(1)
    order, names = np.random.default_rng(2).permutation(500), np.array([3, 0, 4, 1, 2])
    found = length_preference(who, 5, pair, sign, longer, prompt)
    again = length_preference(names[who][order], 5, 500 - pair[order], -sign[order], -longer[order], prompt[order])
    assert again.p[names] == pytest.approx(found.p)
    assert [again.figures[each].value for each in names] == pytest.approx([each.value for each in found.figures])


def test_nine_pairs_are_no_test_and_ten_are() -> None:
    for pairs in (9, 10):
        who, pair = np.repeat([0, 1, 2], pairs), np.tile(np.arange(pairs), 3)
        found = length_preference(who, 3, pair, np.where(who == 0, 1, -1), np.ones(3 * pairs), pair)
        assert np.isnan(found.p).all() == (pairs == 9)


def test_without_answers_there_is_neither_figure_nor_test() -> None:
    found = length_preference([], 2, [], [], [], [])
    assert [each.value for each in found.figures] == [None, None]
    assert np.isnan(found.p).all()


@pytest.mark.parametrize(
    ("who", "pair", "sign", "longer", "cluster"),
    [
        ([0], [0], [2], [1], [0]),
        ([0], [0], [1], [0.5], [0]),
        ([0], [0], [np.nan], [1], [0]),
        ([0], [0, 1], [1], [1], [0]),
        ([0], [0], [1], [1], [0, 1]),
        ([1], [0], [1], [1], [0]),
    ],
)
def test_bad_input_is_refused(
    who: list[int], pair: list[int], sign: list[float], longer: list[float], cluster: list[int]
) -> None:
    with pytest.raises(ValueError):
        length_preference(who, 1, pair, sign, longer, cluster)
