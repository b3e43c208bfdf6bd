import numpy as np
import pytest
from scipy.stats import t

from annotate.stats.signals.base import Signal
from annotate.stats.signals.ties import ties

WHO, PAIR = np.repeat([0, 1, 2], 10), np.tile(np.arange(10), 3)
TIED = np.where(WHO == 0, 1, (WHO + PAIR) % 2)
"""The first calls all ten pairs tied, the second and the third every other one, turn about."""


def test_figures_and_p_values_by_hand() -> None:
    """The first is ½ above the two others on each pair, 0.4 beyond the margin: T = 4 / √(10/9 · 10 · 0.16) = 3, and the
    other edge is 10 · 0.2 / (4/3) = 1.5 further. Three times that p is below 5 %, so the first goes, and the two are
    held against each other: +1 and −1 turn about, a mean of 0, within the margin for sure."""
    found = ties(WHO, 3, PAIR, TIED, PAIR)
    assert [each.value for each in found.figures] == [0.5, 0, 0]
    assert found.p == pytest.approx([t.sf(3, 9) + t.sf(4.5, 9), 1, 1])


def test_who_never_calls_a_tie_is_found_too() -> None:
    assert ties(WHO, 3, PAIR, np.where(WHO == 0, 0, TIED), PAIR).p == pytest.approx(ties(WHO, 3, PAIR, TIED, PAIR).p)


def test_neither_the_order_of_rows_nor_names_matter() -> None:
    order, names = np.random.default_rng(2).permutation(30), np.array([2, 0, 1])
    found, again = (
        ties(WHO, 3, PAIR, TIED, PAIR),
        ties(names[WHO][order], 3, 90 - PAIR[order], TIED[order], PAIR[order]),
    )
    assert again.p[names] == pytest.approx(found.p)
    assert [again.figures[each].value for each in names] == [each.value for each in found.figures]


def test_too_few_pairs_or_prompts_are_no_test() -> None:
    def first(pairs: int, prompts: int) -> Signal:
        some = np.less(PAIR, pairs)
        return ties(WHO[some], 3, PAIR[some], TIED[some], PAIR[some] % prompts)

    assert np.isnan(first(9, 9).p).all()
    assert np.isnan(first(10, 4).p).all()
    assert np.isfinite(first(10, 5).p).all()


def test_who_is_alone_has_no_figure_and_without_answers_there_is_none() -> None:
    alone = ties([0] * 20, 1, range(20), [1] * 20, range(20))
    assert alone.figures[0].value is None
    assert np.isnan(alone.p[0])
    assert ties([], 1, [], [], []).figures[0].value is None


@pytest.mark.parametrize(
    ("who", "pair", "tied", "cluster"),
    [
        ([0], [0], [2], [0]),
        ([0], [0], [np.nan], [0]),
        ([0], [0, 1], [1], [0]),
        ([0], [0], [1], [0, 1]),
        ([1], [0], [1], [0]),
        ([0], [0], [1, 0], [0]),
    ],
)
def test_bad_input_is_refused(who: list[int], pair: list[int], tied: list[float], cluster: list[int]) -> None:
    with pytest.raises(ValueError):
        ties(who, 1, pair, tied, cluster)
