import numpy as np
import pytest

from annotate.stats.consistency import consistency, consistency_figures

RATED = np.array([1, -1, 1, 0, 0, -1, 1, 0])
RANKED = np.array([1, 1, 0, -1, 0, -1, 1, 0])
GROUP = np.array([1, 1, 2, 2, 3, 3, 4, 4])


def test_the_figures_say_what_the_table_says() -> None:
    whole, found = consistency(RATED, RANKED, GROUP), consistency_figures(RATED, RANKED, GROUP)
    for name, share in whole.shares.items():
        assert found[name].value == pytest.approx(share)
    assert found["consistent"].value == whole.consistent
    assert found["consistent"].interval == pytest.approx(whole.interval)
    assert found["kappa"].value == pytest.approx(whole.kappa)
    assert found["chance"].value == pytest.approx(whole.chance)
    assert found["one_tie"].value == pytest.approx(2 / 8)
    assert (found["decisive"].value, found["decisive"].n, found["decisive"].clusters) == (0.75, 4, 3)
    assert all((figure.n, figure.clusters) == (8, 4) for name, figure in found.items() if name != "decisive")


def test_of_no_pairs_there_are_no_figures() -> None:
    none = np.zeros(0, int)
    assert {figure.value for figure in consistency_figures(none, none, none).values()} == {None}


def test_signs_and_lengths_are_checked() -> None:
    with pytest.raises(ValueError, match="signs"):
        consistency_figures(np.array([2]), np.array([1]), np.array([1]))
    with pytest.raises(ValueError, match="one entry"):
        consistency_figures(RATED, RANKED, GROUP[:3])
