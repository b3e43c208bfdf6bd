import numpy as np
import pytest

from annotate.stats.discovery import benjamini_hochberg
from annotate.stats.unlike import unlike_the_rest


def test_shares_and_the_rests_are_counted() -> None:
    found = unlike_the_rest([1, 1, 0, 0, 1], [7, 7, 7, 9, 9], [1, 2, 3, 1, 2])
    assert found.who.tolist() == [7, 9]
    assert found.n.tolist() == [3, 2]
    assert found.share.tolist() == pytest.approx([2 / 3, 1 / 2])
    assert found.rest.tolist() == pytest.approx([1 / 2, 2 / 3])


def test_the_statistic_by_hand() -> None:
    # The rest is right in half; annotator 1 in clusters 1 to 3 is 1, 1, 0 of 1: e = .5, .5, −.5; T = .5 / √(3/2 · .75).
    found = unlike_the_rest([1, 1, 0, 1, 0], [1, 1, 1, 2, 2], [1, 2, 3, 1, 2])
    from scipy.stats import t

    assert found.p[0] == pytest.approx(2 * t.sf(0.5 / np.sqrt(1.5 * 0.75), 2))


def test_one_annotator_alone_and_one_cluster_tell_nothing() -> None:
    assert unlike_the_rest([1, 0], [1, 1], [1, 2]).p.tolist() == [1.0]
    assert unlike_the_rest([1, 1, 0], [1, 1, 2], [5, 5, 5]).p.tolist() == [1.0, 1.0]
    assert len(unlike_the_rest([], [], []).who) == 0


def test_unequal_lengths_are_refused() -> None:
    with pytest.raises(ValueError, match="annotator"):
        unlike_the_rest([1, 0], [1], [1, 2])


def test_an_odd_annotator_is_found_and_honest_ones_are_not() -> None:
    """100 seeds, 12 annotators of 60 pairs in 60 prompt groups; one is consistent in 35 %, the rest in 65 %."""
    found, false = 0, 0
    for seed in range(100):
        rng = np.random.default_rng(seed)
        who = np.repeat(np.arange(12), 60)
        hard = rng.normal(0, 0.1, 60)
        group = np.tile(np.arange(60), 12)
        share = np.where(who == 0, 0.35, 0.65) + hard[group]
        flagged = benjamini_hochberg(unlike_the_rest(rng.random(720) < share, who, group).p)
        found += flagged[0]
        false += flagged[1:].sum()
    assert found >= 80
    assert false / 1100 <= 0.05


def test_one_odd_annotator_makes_nobody_else_look_odd() -> None:
    values = np.concatenate([np.tile([1, 1, 1, 1, 0], 12), np.tile([1, 1, 1, 1, 0], 12), np.tile([0] * 9 + [1], 6)])
    who, cluster = np.repeat([1, 2, 3], 60), np.tile(np.arange(60), 3)
    found = unlike_the_rest(values, who, cluster)
    assert found.rest.tolist() == pytest.approx([0.45, 0.45, 0.8])
    four = unlike_the_rest(np.append(values, values[:60]), np.append(who, [4] * 60), np.append(cluster, np.arange(60)))
    assert four.rest.tolist() == pytest.approx([0.8, 0.8, 0.8, 0.8])
    assert benjamini_hochberg(four.p).tolist() == [False, False, True, False]
