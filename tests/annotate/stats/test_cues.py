import numpy as np
import pytest

from annotate.stats.cues import cue


def test_the_longer_wins_the_ratings_and_loses_the_rankings() -> None:
    found = cue([1, 1, 0, -1], [-1, 1, -1, -1], [1, 1, 1, 1], [1, 2, 3, 4])
    assert (found.ratings.value, found.rankings.value) == (0.625, 0.25)
    assert found.difference.value == pytest.approx(0.375)


def test_a_cue_that_names_the_second_turns_the_pair_round() -> None:
    found = cue([-1, 1], [-1, -1], [-1, -1], [1, 2])
    assert (found.ratings.value, found.rankings.value) == (0.5, 1.0)


def test_pairs_without_the_cue_are_counted_and_left_out() -> None:
    found = cue([1, 1, 1], [1, 1, -1], [0, 0, 1], [1, 2, 3])
    assert (found.neither, found.ratings.n, found.rankings.value) == (2, 1, 0.0)


def test_of_no_pairs_there_are_no_figures() -> None:
    assert cue([], [], [], []).difference.value is None


def test_other_entries_are_refused() -> None:
    with pytest.raises(ValueError, match="first"):
        cue([2], [1], [1], [1])
    with pytest.raises(ValueError, match="cluster"):
        cue([1], [1], [1], [1, 2])


def test_a_planted_length_bias_of_the_ratings_is_found() -> None:
    rng = np.random.default_rng(3)
    n = 400
    longer, truth = rng.choice([-1, 1], n), rng.choice([-1, 1], n)
    rated = np.where(rng.random(n) < 0.3, longer, truth)
    found = cue(rated, truth, longer, np.arange(n) // 2)
    assert found.difference.interval is not None
    assert found.difference.interval[0] > 0
