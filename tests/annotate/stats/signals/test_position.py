import numpy as np
import pytest
from scipy.stats import t

from annotate.stats.signals.position import position_effect


def test_the_share_is_the_mean_of_both_orders() -> None:
    """Shown as (a, b): a, a, b, so the first side in 2 of 3. Shown as (b, a): b, a, a tie, so in 1 of 2.
    (2/3 + 1/2)/2 = 7/12."""
    found = position_effect([0] * 6, 2, [1, 1, -1, -1, 1, 0], [1, 1, 1, 0, 0, 0], range(6))
    assert found.figures[0].value == pytest.approx(7 / 12)
    assert (found.figures[0].n, found.figures[0].clusters) == (5, 5)
    assert found.figures[1].value is None
    assert np.isnan(found.p).all()  # 5 pairs are too few


def test_the_p_value_by_hand() -> None:
    """Always the first side, 6 pairs in either order, each of a prompt of its own: every pair is 1 − 0.6 = 0.4 beyond
    the margin, T = 4.8 / √(12/11 · 12 · 0.16) = √11; the other edge is 12 · 0.2 / (4.8/√11) = √11/2 further."""
    found = position_effect([0] * 12, 1, [1] * 6 + [-1] * 6, [1] * 6 + [0] * 6, range(12))
    assert found.figures[0].value == 1
    assert found.p[0] == pytest.approx(t.sf(11**0.5, 11) + t.sf(1.5 * 11**0.5, 11))


def test_the_interval_by_hand() -> None:
    """8 of 10 in the one order, 6 of 10 in the other: Σ r² = 8 · 0.04 + 2 · 0.64 + 6 · 0.16 + 4 · 0.36 = 4, so the
    error is √(20/19 · 4) / 20."""
    sign = [1] * 8 + [-1] * 2 + [-1] * 6 + [1] * 4
    found = position_effect([0] * 20, 1, sign, [1] * 10 + [0] * 10, range(20)).figures[0]
    half = t.ppf(0.975, 19) * np.sqrt(80 / 19) / 20
    assert found.value == pytest.approx(0.7)
    assert found.interval == pytest.approx((0.7 - half, 0.7 + half))


def test_who_always_takes_the_better_one_has_no_effect_however_often_it_comes_first() -> None:
    found = position_effect([0] * 40, 1, [1] * 40, [1] * 30 + [0] * 10, range(40))
    assert found.figures[0].value == 0.5
    assert found.p[0] > 0.9


def test_one_order_alone_tells_nothing_and_four_pairs_in_one_are_no_test() -> None:
    one = position_effect([0] * 20, 1, [1] * 20, [1] * 20, range(20))
    assert one.figures[0].value is None
    assert np.isnan(one.p[0])
    four, five = (position_effect([0] * 20, 1, [1] * 20, [1] * (20 - k) + [0] * k, range(20)).p[0] for k in (4, 5))
    assert np.isnan(four)
    assert np.isfinite(five)


def test_fewer_than_five_prompts_are_no_test() -> None:
    signs, shown = [1] * 20, [1, 0] * 10
    four, five = (position_effect([0] * 20, 1, signs, shown, np.arange(20) // 2 % k).p[0] for k in (4, 5))
    assert np.isnan(four)
    assert np.isfinite(five)


def test_neither_the_order_of_rows_nor_names_matter() -> None:
    random = np.random.default_rng(1)
    who, sign, shown = random.integers(0, 3, 200), random.choice([-1, 0, 1], 200), random.integers(0, 2, 200)
    prompt, order, names = random.integers(0, 30, 200), random.permutation(200), np.array([2, 0, 1])
    found = position_effect(who, 3, sign, shown, prompt)
    again = position_effect(names[who][order], 3, sign[order], shown[order], 100 - prompt[order])
    mirrored = position_effect(who, 3, -sign, 1 - shown, prompt)  # a and b named the other way round
    for person in range(3):
        assert again.figures[names[person]].value == pytest.approx(found.figures[person].value)
        assert mirrored.figures[person].value == pytest.approx(found.figures[person].value)
    assert again.p[names] == pytest.approx(found.p)


def test_without_answers_there_is_neither_figure_nor_test() -> None:
    found = position_effect([], 2, [], [], [])
    assert [each.value for each in found.figures] == [None, None]
    assert np.isnan(found.p).all()
    assert position_effect([], 0, [], [], []).figures == ()


@pytest.mark.parametrize(
    ("who", "sign", "shown", "cluster"),
    [
        ([0], [2], [1], [0]),
        ([0], [1], [2], [0]),
        ([0], [np.nan], [1], [0]),
        ([0], [1], [1], [0, 1]),
        ([1], [1], [1], [0]),
        ([-1], [1], [1], [0]),
        ([0, 0], [1], [1], [0]),
    ],
)
def test_bad_input_is_refused(who: list[int], sign: list[float], shown: list[int], cluster: list[int]) -> None:
    with pytest.raises(ValueError):
        position_effect(who, 1, sign, shown, cluster)
