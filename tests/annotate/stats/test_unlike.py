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
    # The rest is right in half; annotator 1 in clusters 1 to 3 is 1, 1, 0 of 1: e = .5, .5, −.5. The other, with 2
    # answers against his 3, is .5, −.5, 0 beyond his own share: d = −.25, 1.25, −.5; T = .5 / √(3/2 · 1.875).
    found = unlike_the_rest([1, 1, 0, 1, 0], [1, 1, 1, 2, 2], [1, 2, 3, 1, 2])
    from scipy.stats import t

    assert found.p[0] == pytest.approx(2 * t.sf(0.5 / np.sqrt(1.5 * 1.875), 2))
    # Annotator 2: e = 1/3, −2/3; the other is 1/3, 1/3, −2/3 beyond his own; d = 1/9, −8/9, 4/9; T = (1/3) / √(2 · 1).
    assert found.p[1] == pytest.approx(2 * t.sf(1 / 3 / np.sqrt(2 * 81 / 81), 1))


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


@pytest.mark.parametrize("people", [2, 3, 5])
def test_few_annotators_who_are_alike_are_seldom_flagged(people: int) -> None:
    """200 seeds of 40 pairs each: the others' share is no better known than one's own."""
    false = 0.0
    for seed in range(200):
        who, group = np.repeat(np.arange(people), 40), np.arange(40 * people)
        values = np.random.default_rng(seed).random(len(who)) < 0.7
        false += float(benjamini_hochberg(unlike_the_rest(values, who, group).p).any())
    assert false / 200 <= 0.075  # 5 % and 1.6 standard errors


def test_one_odd_annotator_makes_nobody_else_look_odd() -> None:
    values = np.concatenate([np.tile([1, 1, 1, 1, 0], 12), np.tile([1, 1, 1, 1, 0], 12), np.tile([0] * 9 + [1], 6)])
    who, cluster = np.repeat([1, 2, 3], 60), np.tile(np.arange(60), 3)
    found = unlike_the_rest(values, who, cluster)
    assert found.rest.tolist() == pytest.approx([0.45, 0.45, 0.8])
    four = unlike_the_rest(np.append(values, values[:60]), np.append(who, [4] * 60), np.append(cluster, np.arange(60)))
    assert four.rest.tolist() == pytest.approx([0.8, 0.8, 0.8, 0.8])
    assert benjamini_hochberg(four.p).tolist() == [False, False, True, False]
