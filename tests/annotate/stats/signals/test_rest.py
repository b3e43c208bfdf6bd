import numpy as np
import pytest
from scipy.stats import t

from annotate.stats.signals.base import Flags
from annotate.stats.signals.rest import beside_others, the_rest, unlike_others


def test_the_odd_one_goes_with_his_p_value() -> None:
    rest = the_rest(lambda left: np.array([0.9, 0.001, np.nan, 0.9]), 4)
    assert rest.left.tolist() == [True, False, True, True]
    assert rest.went.tolist() == pytest.approx([np.nan, 0.001, np.nan, np.nan], nan_ok=True)


def test_who_looks_odd_only_beside_the_odd_one_stays() -> None:
    def beside(left: Flags) -> np.ndarray:
        return np.array([1e-6, 0.001 if left[0] else 0.9, 0.9, 0.9, 0.9])

    assert the_rest(beside, 5).left.tolist() == [False, True, True, True, True]


def test_at_least_half_and_two_stay() -> None:
    assert the_rest(lambda left: np.zeros(5), 5).left.sum() == 3
    assert the_rest(lambda left: np.zeros(4), 4).left.sum() == 2
    assert the_rest(lambda left: np.zeros(2), 2).left.sum() == 2
    assert the_rest(lambda left: np.zeros(0), 0).left.tolist() == []


def test_values_beside_those_of_the_rest_by_hand() -> None:
    """About thing 0 person 2, who is out, faces 0 and 1; they face each other alone. About thing 1 nobody else said
    anything."""
    who, thing = np.array([0, 1, 2, 0]), np.array([0, 0, 0, 1])
    found = beside_others(who, thing, np.array([1.0, 0, 1, 1]), np.array([True, True, False]))
    assert found.value.tolist() == [1, 0, 1]
    assert found.others.tolist() == [0, 1, 0.5]
    assert found.known.tolist() == [True, True, True, False]


def test_only_the_side_asked_for_counts() -> None:
    """Half a point above one other on 16 things, 0.4 beyond a margin of 0.1: T = √15."""
    who, thing = np.repeat([0, 1], 16), np.tile(np.arange(16), 2)
    value = np.where(who == 0, 0.5, 0.0)
    above = unlike_others(who, 2, thing, value, thing, 0.1, side=1)
    below = unlike_others(who, 2, thing, value, thing, 0.1, side=-1)
    assert [each.value for each in above.figures] == [0.5, -0.5]
    assert above.p[0] == pytest.approx(t.sf(15**0.5, 15))
    assert below.p[0] > 0.99
    assert below.p[1] == pytest.approx(above.p[0])


@pytest.mark.parametrize("column", range(4))
def test_unequal_lengths_are_refused(column: int) -> None:
    who, thing, value, cluster = ([0, 0] if each == column else [0] for each in range(4))
    with pytest.raises(ValueError):
        unlike_others(who, 1, thing, value, cluster, 0.1)
