"""Calibrated probabilities of rows that the calibration has not seen."""

import numpy as np
import pytest
from scipy.special import expit

from annotate.stats.calibration import calibration
from annotate.stats.crossfit import by_group, crossfit
from annotate.stats.scaling import fit


def overconfident(n: int = 1200) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(1)
    x = rng.normal(0, 1, n)
    return expit(4 * x + 1), (rng.random(n) < expit(x)).astype(float), np.arange(n) // 3


def test_the_calibration_error_falls_on_rows_that_were_not_seen() -> None:
    s, y, groups = overconfident()
    after = crossfit(s, y, groups)
    before = calibration(s, y, groups).ece.value
    assert before is not None
    assert before > 0.15
    error = calibration(after.probability, y, groups).ece
    assert error.value is not None
    assert error.value < 0.06
    assert after.why == ()


def test_a_prompt_group_is_in_one_fold_only_and_folds_are_of_a_size() -> None:
    groups = np.random.default_rng(2).integers(0, 53, 500)
    fold = by_group(groups, 5)
    assert all(len(set(fold[groups == g])) == 1 for g in np.unique(groups))
    sizes = [len(np.unique(groups[fold == f])) for f in range(5)]
    assert max(sizes) - min(sizes) <= 1


def test_each_fold_has_the_scaling_of_the_others() -> None:
    s, y, groups = overconfident(300)
    found = crossfit(s, y, groups, folds=3)
    for held, scaling in enumerate(found.scalings):
        out = found.fold == held
        assert scaling == fit(s[~out], y[~out])
        assert found.probability[out] == pytest.approx(scaling.apply(s[out]))


def test_labels_of_a_group_do_not_move_its_own_probabilities() -> None:
    s, y, groups = overconfident(300)
    turned = np.where(groups == 7, 1 - y, y)
    own = groups == 7
    assert crossfit(s, y, groups).probability[own] == pytest.approx(crossfit(s, turned, groups).probability[own])


def test_the_tie_band_gives_about_as_many_ties_as_people_do() -> None:
    s, y, groups = overconfident()
    tied = np.where(np.random.default_rng(3).random(len(y)) < 0.25, 0.5, y)
    found = crossfit(s, tied, groups, ties=True)
    assert np.mean(found.side == 0) == pytest.approx(np.mean(tied == 0.5), abs=0.04)
    assert (crossfit(s, tied, groups).side != 0).all()


def test_the_same_seed_splits_alike_and_another_does_not() -> None:
    groups = np.arange(50)
    assert by_group(groups, 5, 1).tolist() == by_group(groups, 5, 1).tolist() != by_group(groups, 5, 2).tolist()


def test_what_cannot_be_split_comes_back_as_it_is() -> None:
    found = crossfit([0.9, 0.2], [1, 0], ["p", "p"])
    assert found.probability.tolist() == [0.9, 0.2]
    assert found.side.tolist() == [1, -1]
    assert "fewer than two groups" in found.why[0]
    assert len(crossfit([], [], []).probability) == 0


def test_too_few_labels_are_said() -> None:
    found = crossfit([0.9, 0.2, 0.7], [1, 0, 1], [1, 2, 3])
    assert len(found.scalings) == 3  # as many folds as groups
    assert "only 2 labels" in found.why[0]
    with pytest.raises(ValueError, match="folds"):
        crossfit([0.9], [1], [1], folds=1)
