"""Coverage at a target accuracy."""

import numpy as np
import pytest

from annotate.stats.coverage import coverage, curve


def test_the_largest_share_that_reaches_the_target() -> None:
    # From the top: 1/1, 1/2, 2/3, 3/4, 3/5. Three quarters is reached last at the fourth.
    sure, right = [0.9, 0.8, 0.7, 0.6, 0.5], [1, 0, 1, 1, 0]
    found = coverage(sure, right, 0.75, np.arange(5))
    assert (found.share, found.threshold, found.accuracy) == (0.8, 0.6, 0.75)
    assert coverage(sure, right, 1.0, np.arange(5)).share == pytest.approx(0.2)
    assert curve(sure, right).accuracies == pytest.approx([1, 1 / 2, 2 / 3, 3 / 4, 3 / 5])


def test_equal_confidences_stand_or_fall_together() -> None:
    found = coverage([0.9, 0.9, 0.9, 0.1], [1, 0, 0, 1], 0.9, np.arange(4))
    assert (found.share, found.threshold, found.accuracy) == (0, None, None)


def test_nothing_reaches_an_accuracy_that_is_never_there() -> None:
    found = coverage([0.9, 0.8], [0, 0], 0.5, [1, 2])
    assert (found.share, found.threshold, found.interval) == (0, None, (0, 0))


def test_the_interval_holds_the_share_of_a_judge_that_knows_what_it_knows() -> None:
    rng = np.random.default_rng(1)
    sure = rng.uniform(0.5, 1, 2000)
    found = coverage(sure, rng.random(2000) < sure, 0.85, np.arange(2000) // 4)
    # Uniform confidences from t up to 1 are right with (1 + t)/2: t = .7, a share of .6.
    assert found.interval is not None
    assert found.interval[0] < 0.6 < found.interval[1]
    assert found.interval[1] - found.interval[0] < 0.3


def test_one_prompt_tells_nothing_and_no_rows_are_no_figure() -> None:
    assert coverage([0.9, 0.8], [1, 1], 0.9, [1, 1]).interval == (0, 1)
    assert coverage([], [], 0.9, []).share is None
    with pytest.raises(ValueError, match="one cluster"):
        coverage([0.9], [1], 0.9, [])
