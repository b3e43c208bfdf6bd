"""Shares held against the others': gold items, texts given again."""

import numpy as np
import pytest
from scipy.stats import betabinom, binom

from annotate.stats.signals.gold import gold_accuracy
from annotate.stats.signals.shares import at_most, shares, unlike
from annotate.stats.signals.texts import repeated_texts, shared_texts


@pytest.mark.parametrize(("x", "k", "mean"), [(0, 5, 0.9), (3, 5, 0.9), (10, 40, 0.35), (40, 40, 0.5)])
def test_the_law_is_the_beta_binomial_and_with_a_known_mean_the_binomial(x: int, k: int, mean: float) -> None:
    assert at_most(x / k, k, mean, 30) == pytest.approx(betabinom.cdf(x, k, mean * 30, (1 - mean) * 30))
    assert at_most(x / k, k, mean, 1e9) == pytest.approx(binom.cdf(x, k, mean), rel=1e-5)


def test_a_part_of_a_hit_counts_as_a_whole_one() -> None:
    assert at_most(2.5 / 5, 5, 0.9, 1e9) == pytest.approx(binom.cdf(3, 5, 0.9), rel=1e-5)
    assert at_most(0.0, 5, 0.0, 10) == 1.0


def test_gold_accuracy_by_hand() -> None:
    """One misses all of 5, five others hit 24 of 25: .96 − .05, known from their 25 answers."""
    who = np.repeat(np.arange(6), 5)
    hit = np.r_[np.zeros(5), 0, np.ones(24)]
    found = gold_accuracy(who, 6, hit, np.tile(np.arange(5), 6))
    assert [f.value for f in found.figures[:3]] == [0.0, 0.8, 1.0]
    assert found.figures[1].n == found.figures[1].clusters == 5
    assert found.p[0] == pytest.approx(betabinom.cdf(0, 5, 0.91 * 25, 0.09 * 25))
    assert (found.p[1:] > 0.05).all()


def test_answers_of_one_prompt_count_as_one() -> None:
    """Thirty answers in six prompts, all wrong, say as much as six do."""
    who, cluster = np.repeat([0, 1, 2], 30), np.tile(np.repeat(np.arange(6), 5), 3)
    hit = np.where(who == 0, 0.0, np.where(np.arange(90) % 10 == 0, 0.0, 1.0))
    found = shares(who, 3, hit, cluster)
    assert found.k.tolist() == [6, 6, 6]
    assert unlike(found, 0.0, above=False)[0] == pytest.approx(at_most(0, 6, 0.9, 12))


def test_of_fewer_than_five_prompts_nothing_is_tested() -> None:
    found = gold_accuracy([0] * 4 + [1] * 9, 3, [0] * 4 + [1] * 9, [*range(4), *range(9)])
    assert np.isnan(found.p).all()
    assert found.figures[0].value == 0.0
    assert found.figures[2].value is None
    assert np.isnan(gold_accuracy([], 2, [], []).p).all()


@pytest.mark.parametrize(
    ("who", "hit", "cluster"), [([0, 2], [1, 1], [0, 1]), ([0], [2], [0]), ([0], [np.nan], [0]), ([0, 1], [1], [0, 1])]
)
def test_malformed_columns_are_refused(who: list[int], hit: list[float], cluster: list[int]) -> None:
    with pytest.raises(ValueError, match=r"annotator|hit|NaN"):
        gold_accuracy(who, 2, hit, cluster)


def test_a_careless_one_is_found_among_gold_items_and_honest_ones_are_not() -> None:
    """100 seeds: 10 annotators of 20 gold items; nine are right in 92 %, one of two in 50 %."""
    found = false = 0
    for seed in range(100):
        rng = np.random.default_rng(seed)
        who, item = np.repeat(np.arange(10), 20), np.tile(np.arange(20), 10)
        hit = rng.random(200) < np.where(who == 0, 0.5, 0.92)
        p = gold_accuracy(who, 10, hit, item).p
        found += int(p[0] < 0.005)
        false += int((p[1:] < 0.05).sum())
    assert found >= 80
    assert false <= 45  # of 900


def test_another_bad_annotator_does_not_hide_a_bad_one() -> None:
    rng = np.random.default_rng(1)
    who, item = np.repeat(np.arange(6), 60), np.tile(np.arange(60), 6)
    hit = rng.random(360) < np.array([0.1, 0.6, 0.9, 0.9, 0.9, 0.9])[who]
    p = gold_accuracy(who, 6, hit, item).p
    assert p[0] < 1e-6
    assert p[1] < 0.05
    assert (p[2:] > 0.05).all()


def test_texts_given_again_by_hand() -> None:
    """The first gives text 0 to things 0 and 1 and a text of his own; the second gives one text twice to one thing."""
    who, text, thing = [0, 0, 0, 1, 1, 1], [0, 0, 1, 2, 2, 0], [0, 1, 2, 3, 3, 4]
    assert [f.value for f in repeated_texts(who, 2, text, thing).figures] == pytest.approx([2 / 3, 0])
    assert [f.value for f in shared_texts(who, 2, text, thing).figures] == pytest.approx([2 / 3, 1 / 3])


def test_who_gives_one_text_again_and_again_is_found() -> None:
    who, thing = np.repeat(np.arange(5), 40), np.tile(np.arange(40), 5)
    text = np.arange(200)
    text[:20] = 0  # the first gives one text to half of his things
    text[40:43] = text[80:83] = 500  # two others write "fine" three times each
    found = repeated_texts(who, 5, text, thing)
    assert [f.value for f in found.figures] == pytest.approx([0.5, 3 / 40, 3 / 40, 0, 0])
    assert found.p[0] < 1e-3
    assert (found.p[1:] > 0.5).all()


def test_what_everybody_writes_is_not_held_against_one() -> None:
    who, thing = np.repeat(np.arange(5), 40), np.tile(np.arange(40), 5)
    text = np.where(thing < 30, 0, np.arange(200))
    assert (repeated_texts(who, 5, text, thing).p > 0.5).all()
    assert (shared_texts(who, 5, text, thing).p > 0.5).all()


def test_texts_of_other_lengths_are_refused() -> None:
    with pytest.raises(ValueError, match="one text"):
        repeated_texts([0, 0], 1, [1], [1, 2])
