from collections import Counter

import numpy as np

from annotate.stats.signals.majority import hits, votes


def test_hits_by_hand() -> None:
    """Thing 0 has x, x, y: either x faces x and y, a tie that is half a hit; y faces x and misses. Thing 1 has x alone,
    whom nobody faces. Thing 2 has z, z: both hit."""
    found, known = hits(votes(np.array([0, 0, 0, 1, 2, 2]), np.array([0, 0, 1, 0, 2, 2])), np.ones(6))
    assert found[known].tolist() == [0.5, 0.5, 0, 1, 1]
    assert known.tolist() == [True, True, True, False, True, True]


def test_who_does_not_count_is_held_against_those_who_do_and_moves_nobody() -> None:
    """x, x, y as before, but the first x does not count: he faces x and y; the other x faces y alone, as y faces x."""
    found, known = hits(votes(np.zeros(3, np.int64), np.array([0, 0, 1])), np.array([0.0, 1, 1]))
    assert found.tolist() == [0.5, 0, 0]
    assert known.all()


def test_hits_are_those_of_counting_each_row_by_itself() -> None:
    random = np.random.default_rng(4)
    thing, label = random.integers(0, 60, 300), random.integers(0, 4, 300)
    thing = np.unique(thing, return_inverse=True)[1]
    counts = (random.random(300) < 0.8).astype(float)
    found, known = hits(votes(thing, label), counts)
    for row in range(300):
        others = (thing == thing[row]) & (counts > 0) & (np.arange(300) != row)
        assert known[row] == others.any()
        if others.any():
            cast = Counter(label[others].tolist())
            top = [each for each, n in cast.items() if n == max(cast.values())]
            assert found[row] == (1 / len(top) if label[row] in top else 0)


def test_no_rows_no_hits() -> None:
    found, known = hits(votes(np.zeros(0, np.int64), np.zeros(0, np.int64)), np.zeros(0))
    assert (found.tolist(), known.tolist()) == ([], [])
