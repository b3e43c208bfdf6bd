"""Cycles worked by hand, and against counting them one by one."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotate.stats.games import games
from annotate.stats.model_cycles import head_to_head
from annotate.stats.transitivity import Tournaments, cycles, cyclic_triples, rate, tournaments

Rows = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]
RING, LINE = ((0, 1, 1), (1, 2, 1), (0, 2, -1)), ((0, 1, 1), (1, 2, 1), (0, 2, 1))


def said(*by: tuple[int, int, tuple[tuple[int, int, int], ...]]) -> Rows:
    """Rows (source, item, a, b, sign); completions of item i are 100 i, 100 i + 1 …"""
    rows = [(s, i, 100 * i + a, 100 * i + b, sign) for s, i, pairs in by for a, b, sign in pairs]
    source, item, a, b, sign = np.array(rows).T
    return source, item, a, b, sign


def test_a_ring_and_a_line_by_hand() -> None:
    rows = said((7, 1, RING), (8, 1, LINE), (9, 1, LINE))
    found = tournaments(*rows, np.ones(9))
    assert found.source.tolist() == [7, 8, 9]
    assert found.possible.tolist() == [1, 1, 1]
    assert found.cyclic.tolist() == [1, 0, 0]
    # The others of 7 say 0 > 1 > 2, so he slips in one of three; those of 8 leave 0 before 1, 1 before 2, 0 before 2.
    assert found.slips.tolist() == [1, 0, 0]
    assert rate(found) is None  # of nine pairs
    everybody = cycles(found, found.item)
    assert (everybody.possible, everybody.cyclic, everybody.expected) == (3, 1, 0.25)
    assert everybody.share.value == pytest.approx(1 / 3)


def test_a_tie_makes_no_cycle_and_a_turned_pair_is_the_same() -> None:
    tied = said((1, 1, ((0, 1, 1), (1, 2, 1), (0, 2, 0))))
    assert tournaments(*tied, np.ones(3)).possible.tolist() == [0]
    turned = said((1, 1, ((1, 0, -1), (2, 1, -1), (2, 0, 1))))
    found = tournaments(*turned, np.ones(3))
    assert (found.possible.tolist(), found.cyclic.tolist()) == ([1], [1])


def test_others_without_an_order_count_as_half_a_slip() -> None:
    found = tournaments(*said((1, 1, LINE), (2, 1, RING)), np.ones(6))
    assert found.slips.tolist() == [1.5, 1]  # the ring leaves all three level


def test_a_judge_is_held_against_people_alone() -> None:
    rows = said((1, 1, LINE), (2, 1, RING))
    found = tournaments(*rows, rows[0] == 1)
    assert found.pairs.tolist() == [0, 3]
    assert found.slips.tolist() == [0, 1]


@given(st.integers(3, 7), st.integers(0, 1000))
def test_counts_are_those_of_counting_one_by_one(size: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    pairs = list(combinations(range(size), 2))
    sign = random.integers(-1, 2, len(pairs))
    of = {pair: int(value) for pair, value in zip(pairs, sign, strict=True)}
    decisive = [t for t in combinations(range(size), 3) if all(of[pair] for pair in combinations(t, 2))]
    rings = [(x, y, z) for x, y, z in decisive if of[x, y] == of[y, z] == -of[x, z]]
    a, b = np.array(pairs).T
    found = tournaments(np.ones(len(a)), np.ones(len(a)), a, b, sign, np.ones(len(a)))
    assert (found.possible.tolist(), found.cyclic.tolist()) == ([len(decisive)], [len(rings)])
    rows = cyclic_triples(np.ones(len(a)), a, b, sign)
    assert {frozenset(pairs[row] for row in triple) for triple in rows.tolist()} == {
        frozenset(combinations(ring, 2)) for ring in rings
    }


def test_more_cycles_than_slips_are_told_from_fewer() -> None:
    half = said(
        *((1, i, RING if i % 2 else LINE) for i in range(40)), *((s, i, LINE) for s in (2, 3) for i in range(40))
    )
    found = tournaments(*half, np.ones(len(half[0])))
    first, second = (found.source == who for who in (1, 2))
    ann = cycles(_of(found, first), found.item[first])
    assert ann.share.value == 0.5
    assert ann.slips == pytest.approx(20 / 120)
    assert ann.expected == pytest.approx(1 / 6 * 5 / 6)
    assert ann.p is not None
    assert ann.p < 0.001
    ben = cycles(_of(found, second), found.item[second])
    assert (ben.cyclic, ben.p) == (0, 1.0)
    assert ben.share.interval == pytest.approx((0, 1 - 0.025 ** (1 / 40)))


def _of(found: Tournaments, chosen: np.ndarray) -> Tournaments:
    names = ("source", "item", "possible", "cyclic", "pairs", "slips")
    return replace(found, **{name: getattr(found, name)[chosen] for name in names})


def test_nothing_and_nonsense() -> None:
    none = tournaments([], [], [], [], [], [])
    assert cycles(none, []).share.value is None
    assert cyclic_triples([], [], [], []).shape == (0, 3)
    with pytest.raises(ValueError, match="a sign is"):
        tournaments([1], [1], [1], [2], [3], [1])
    with pytest.raises(ValueError, match="one entry"):
        tournaments([1], [1, 1], [1], [2], [1], [1])


def test_an_item_with_too_many_completions_is_counted_out() -> None:
    pairs = np.array(list(combinations(range(33), 2)))
    one = np.ones(len(pairs))
    found = tournaments(one, one, pairs[:, 0], pairs[:, 1], one, one)
    assert (len(found.source), found.left_out) == (0, 1)


def test_a_ring_of_models_is_real_where_all_three_pairs_are() -> None:
    first, second = np.tile([0, 1, 2], 30), np.tile([1, 2, 0], 30)
    sign = np.where(np.arange(90) < 75, 1, -1)
    found = head_to_head(games(first, second, sign, np.arange(90), 3))
    assert found.shares[0][1].value == pytest.approx(25 / 30)  # type: ignore[union-attr]
    assert found.shares[1][0].value == pytest.approx(5 / 30)  # type: ignore[union-attr]
    assert found.triples == 1
    (ring,) = found.rings
    assert (ring.models, ring.real) == ((0, 1, 2), True)
    chance = head_to_head(games(first[:9], second[:9], [1] * 6 + [-1] * 3, np.arange(9), 3))
    assert [ring.real for ring in chance.rings] == [False]
    assert head_to_head(games([0, 1, 0], [1, 2, 2], [1, 1, 1], range(3), 3)).rings == ()
