import numpy as np
import pytest

from annotate.stats.retest import ceiling, cohen, retest


def test_the_share_answered_alike_and_the_mean_distance() -> None:
    found = retest([5, 3, 4, 1], [5, 4, 4, 3], [1, 2, 3, 4], numbers=True)
    assert (found.n, found.clusters, found.same.value, found.distance.value) == (4, 4, 0.5, 0.75)


def test_kappa_is_cohens_worked_example() -> None:
    # 50 grant proposals: yes/yes 20, yes/no 5, no/yes 10, no/no 15: observed .7, by chance .5, kappa .4.
    first = [1] * 25 + [0] * 25
    later = [1] * 20 + [0] * 5 + [1] * 10 + [0] * 15
    found = retest(first, later, np.arange(50))
    assert found.same.value == pytest.approx(0.7)
    assert found.kappa.value == pytest.approx(0.4)
    assert found.kappa.interval is not None
    assert found.kappa.interval[0] < 0.4 < found.kappa.interval[1]
    assert found.distance.value is None


def test_one_label_has_no_kappa() -> None:
    assert cohen([1, 1, 1], [1, 1, 1], [1, 2, 3]).value is None


def test_more_labels_than_one_can_read_have_no_kappa() -> None:
    found = cohen(np.arange(40), np.arange(40), np.arange(40))
    assert (found.value, found.n, found.method) == (None, 40, "more than 30 different labels")


def test_of_nothing_there_is_nothing() -> None:
    assert retest([], [], []).same.value is None
    assert ceiling([], [], [], []).value is None


@pytest.mark.parametrize(("first", "later"), [([1, 2], [1]), ([np.nan], [1])])
def test_what_is_not_two_columns_of_numbers_is_refused(first: list[float], later: list[float]) -> None:
    with pytest.raises(ValueError, match="entry"):
        retest(first, later, [1] * len(first))


def test_the_ceiling_is_the_geometric_mean() -> None:
    found = ceiling([1, 1, 1, 0], [1, 2, 3, 4], [1, 0], [1, 5])
    assert found.value == pytest.approx(np.sqrt(0.75 * 0.5))
    assert (found.n, found.clusters) == (6, 5)


def test_a_protocol_that_was_not_repeated_counts_as_free_of_noise() -> None:
    assert ceiling([1, 1, 1, 0], [1, 2, 3, 4], [], []).value == pytest.approx(np.sqrt(0.75))


def test_two_noisy_readings_of_the_same_preference_meet_the_ceiling() -> None:
    """Ratings say the true side with 90 %, rankings with 80 %: they agree in 74 %, and the ceiling says 74.7 %."""
    rng = np.random.default_rng(1)
    truth, n = rng.choice([-1, 1], 40_000), 40_000

    def said(right: float) -> np.ndarray:
        return np.where(rng.random(n) < right, truth, -truth)

    rated, again, ranked, repeated = said(0.9), said(0.9), said(0.8), said(0.8)
    groups = np.arange(n)
    found = ceiling(rated == again, groups, ranked == repeated, groups)
    consistent = np.mean(rated == ranked)
    assert consistent == pytest.approx(0.74, abs=0.01)
    assert found.value == pytest.approx(np.sqrt(0.82 * 0.68), abs=0.01)
    assert found.value is not None
    assert consistent <= found.value + 0.005


def test_clusters_are_needed_for_every_row() -> None:
    with pytest.raises(ValueError, match="cluster"):
        ceiling([1, 0], [1], [1], [1])
