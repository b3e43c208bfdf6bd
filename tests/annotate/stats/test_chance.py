"""Percent, Fleiss' kappa, AC1 and AC2 against published and hand-worked values."""

import numpy as np
import pytest

from annotate.stats.chance import fleiss, gwet, percent
from annotate.stats.krippendorff import SAME, SEVERAL
from annotate.stats.ratings import Ratings, ratings
from tests.annotate.stats.test_krippendorff import OBSERVERS, observed

# Fleiss (1971): six psychiatrists' diagnoses of 30 patients in five categories, kappa .430.
PATIENTS = (
    "00060 03003 01401 00006 03030 20400 00402 20310 20040 00006 10050 11040 03300 10050 02031 "
    "00501 30012 51000 02040 10203 00006 01050 02013 20040 10041 05010 40002 02040 10500 00006"
)
# A textbook table: fourteen raters, ten subjects, five categories, kappa .210.
SUBJECTS = [
    [0, 0, 0, 0, 14],
    [0, 2, 6, 4, 2],
    [0, 0, 3, 5, 6],
    [0, 3, 9, 2, 0],
    [2, 2, 8, 1, 1],
    [7, 7, 0, 0, 0],
    [3, 2, 6, 3, 0],
    [2, 5, 3, 2, 2],
    [6, 5, 2, 1, 0],
    [0, 2, 2, 3, 7],
]
# Gwet's table of three diagnoses by two abstractors: kappa .796, AC1 .849.
ABSTRACTORS = [[13, 0, 0], [0, 20, 7], [0, 4, 56]]


def counted(table: list[list[int]]) -> Ratings:
    rows = [(thing, value) for thing, row in enumerate(table) for value, count in enumerate(row) for _ in range(count)]
    things = [thing for thing, _ in rows]
    return ratings(things, [value for _, value in rows], things)


def two(table: list[list[int]]) -> Ratings:
    cells = [(i, j) for i, row in enumerate(table) for j, count in enumerate(row) for _ in range(count)]
    things = np.repeat(np.arange(len(cells)), 2)
    return ratings(things, np.ravel(cells), things)


@pytest.mark.parametrize(
    ("table", "published"),
    [([[int(count) for count in row] for row in PATIENTS.split()], 0.430), (SUBJECTS, 0.210)],
)
def test_fleiss_kappa_of_published_tables(table: list[list[int]], published: float) -> None:
    held = counted(table)
    assert fleiss(held).value == pytest.approx(published, abs=5e-4)
    assert fleiss(held).n == len(table)


def test_gwets_published_figures_of_two_abstractors() -> None:
    held = two(ABSTRACTORS)
    assert percent(held).value == pytest.approx(0.89)
    assert gwet(held, 3).value == pytest.approx(0.8493305, abs=5e-8)
    found = gwet(held, 3).interval
    assert found == pytest.approx((0.764, 0.935), abs=0.02)


def test_gwets_published_figures_of_four_raters_with_missing_ratings() -> None:
    held = observed(OBSERVERS)
    assert percent(held).value == pytest.approx(0.8181818)
    assert fleiss(held).value == pytest.approx(0.76117, abs=5e-6)
    assert gwet(held, 5).value == pytest.approx(0.77544, abs=5e-6)
    assert (percent(held).n, gwet(held, 5).n) == (11, 11)


def test_ac2_by_hand() -> None:
    # Linear weights of three values; things 00, 01, 02, 22: p_a = (1 + ½ + 0 + 1) / 4; π = ½, ⅛, ⅜.
    weights = np.array([[1, 0.5, 0], [0.5, 1, 0.5], [0, 0.5, 1]])
    shares = np.array([4, 1, 3]) / 8
    chance = weights.sum() / 6 * float(shares @ (1 - shares))
    thing = np.repeat(np.arange(4), 2)
    held = ratings(thing, [0, 0, 0, 1, 0, 2, 2, 2], thing)
    assert gwet(held, 3, weights).value == pytest.approx((0.625 - chance) / (1 - chance))


def test_where_nearly_all_is_alike_kappa_falls_and_ac1_does_not() -> None:
    held = two([[118, 5], [2, 0]])
    kappa, ac1 = fleiss(held).value, gwet(held, 2).value
    assert kappa is not None
    assert ac1 is not None
    assert kappa < 0 < 0.9 < ac1
    assert percent(held).value == pytest.approx(0.944)


def test_values_that_nobody_gave_count_for_ac1() -> None:
    held = two([[10, 2], [1, 7]])
    few, many = gwet(held, 2).value, gwet(held, 5).value
    assert few is not None
    assert many is not None
    assert few < many
    with pytest.raises(ValueError, match="all that were given"):
        gwet(held, 1)


def test_what_cannot_be_said_is_none_and_says_why() -> None:
    thing = [0, 0, 1, 1]
    same = ratings(thing, [1, 1, 1, 1], thing)
    assert (fleiss(same).value, fleiss(same).method) == (None, SAME)
    assert (percent(same).value, gwet(same, 2).value) == (1, 1)
    alone = ratings([0, 1], [0, 1], [0, 1])
    assert percent(alone).method == fleiss(alone).method == gwet(alone, 2).method == SEVERAL
    assert percent(ratings([], np.zeros(0, int), [])).n == 0
