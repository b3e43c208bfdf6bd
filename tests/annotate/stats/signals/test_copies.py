import numpy as np
import pytest
from scipy.stats import t

from annotate.stats.signals.copies import copies
from annotate.stats.signals.pairs import shared_answers

CLUSTERS = 5
WRONG = np.array([0, 0, 4, 5])
"""Of the eight things of each cluster, four of which are + and four −, the one that each person has wrong."""
WHO = np.repeat(np.arange(4), 8 * CLUSTERS)
THING = np.tile(np.arange(8 * CLUSTERS), 4)
RIGHT = np.where(THING % 8 < 4, 1, -1)
VALUE = np.where(WRONG[WHO] == THING % 8, -RIGHT, RIGHT)
LATER = (WHO == 1).astype(float)


def test_figure_partner_and_p_value_by_hand() -> None:
    """As many + as −, so chance is ½. Any two agree on 6 of 8 (κ = ½) but for 0 and 1, who agree on all. From κ with
    and among 2 and 3 they should have κ = ½ · ½ / ½, which is 75 %; 25 points more, 20 beyond the margin. All clusters
    are alike, so the jackknife has no error and the binomial one of 41/42 counts: T = 0.2 / √(41/42 · 1/42 / 40) with
    4 degrees of freedom. 1 answered later and has three partners."""
    found = copies(WHO, 4, THING, VALUE, LATER, THING // 8)
    assert found.of[1] == 0
    assert found.signal.figures[1].value == 1
    assert (found.signal.figures[1].n, found.signal.figures[1].clusters) == (40, 5)
    one = t.sf(0.2 / np.sqrt(41 / 42 / 42 / 40), 4)
    assert found.signal.p[1] == pytest.approx(3 * one)
    assert (found.signal.p[[0, 2, 3]] > 0.5).all()  # the source is not flagged


def test_the_counts_of_a_pair_by_hand() -> None:
    """0 and 1 share things 0 and 1, of two prompts, and agree on the first; chance is (3/4)² + (1/4)²."""
    found = shared_answers(
        np.array([0, 0, 1, 1]), 2, np.array([0, 1, 0, 1]), np.array([0, 0, 0, 1]), np.array([7, 8, 7, 8])
    )
    assert found.both.sum(axis=0).tolist() == [[0, 2], [2, 0]]
    assert found.same.sum(axis=0).tolist() == [[0, 1], [1, 0]]
    assert found.clusters[0, 1] == 2
    assert found.chance == 10 / 16


def test_the_later_one_is_flagged_and_both_where_times_are_unknown() -> None:
    other = copies(WHO, 4, THING, VALUE, -LATER, THING // 8)
    assert other.signal.p[0] < 0.01
    assert other.signal.p[1] > 0.5
    unknown = copies(WHO, 4, THING, VALUE, np.full(len(WHO), np.nan), THING // 8).signal.p
    assert unknown[0] == pytest.approx(unknown[1])
    assert unknown[0] < 0.01


def test_agreement_of_good_annotators_is_no_copying() -> None:
    """Four people who are never wrong agree on everything, as expected of them."""
    found = copies(WHO, 4, THING, RIGHT, LATER, THING // 8)
    assert [each.value for each in found.signal.figures] == [1] * 4
    assert not (found.signal.p <= 0.05).any()


def test_neither_the_order_of_rows_nor_names_matter() -> None:
    order, names = np.random.default_rng(3).permutation(len(WHO)), np.array([2, 3, 1, 0])
    found = copies(WHO, 4, THING, VALUE, LATER, THING // 8)
    again = copies(names[WHO][order], 4, 90 - THING[order], 5 + VALUE[order], LATER[order], THING[order] // 8)
    assert again.signal.p[names] == pytest.approx(found.signal.p)
    assert again.of[names[1]] == names[0]


def test_nineteen_shared_things_are_no_test_and_twenty_are() -> None:
    for things in (19, 20):
        some = np.less(THING, things)
        cluster = THING[some] % CLUSTERS
        found = copies(WHO[some], 4, THING[some], VALUE[some], LATER[some], cluster)
        assert np.isnan(found.signal.p[1]) == (things == 19)
        assert (found.of[1] == -1) == (things == 19)


def test_without_answers_there_is_neither_partner_nor_figure() -> None:
    found = copies([], 2, [], [], [], [])
    assert found.of.tolist() == [-1, -1]
    assert [each.value for each in found.signal.figures] == [None, None]
    assert np.isnan(found.signal.p).all()
    assert copies([], 0, [], [], [], []).of.tolist() == []


@pytest.mark.parametrize("column", range(5))
def test_unequal_lengths_are_refused(column: int) -> None:
    who, thing, value, at, cluster = ([0, 0] if each == column else [0] for each in range(5))
    with pytest.raises(ValueError):
        copies(who, 1, thing, value, at, cluster)


def test_nan_answers_and_unknown_annotators_are_refused() -> None:
    with pytest.raises(ValueError):
        copies([0], 1, [0], [np.nan], [0], [0])
    with pytest.raises(ValueError):
        copies([1], 1, [0], [0], [0], [0])
