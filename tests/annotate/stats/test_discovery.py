"""The false discovery rate: hand-worked and published values."""

import numpy as np
import pytest

from annotate.stats.discovery import adjusted, benjamini_hochberg

PUBLISHED = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240]
PUBLISHED += [0.4262, 0.5719, 0.6528, 0.7590, 1.0]
"""Benjamini and Hochberg (1995), section 4.1: the fifteen hypotheses on thrombolysis."""


def test_the_published_example_has_four_discoveries() -> None:
    assert benjamini_hochberg(PUBLISHED).tolist() == [True] * 4 + [False] * 11


def test_adjusted_values_worked_by_hand() -> None:
    # m = 4, sorted .01 .02 .03 .5: 4·.01/1 = .04, 4·.02/2 = .04, 4·.03/3 = .04, .5
    assert adjusted([0.5, 0.01, 0.03, 0.02]) == pytest.approx([0.5, 0.04, 0.04, 0.04])
    # a later, smaller value pulls down an earlier one: 2·.04/1 = .08 but 2·.045/2 = .045
    assert adjusted([0.04, 0.045]) == pytest.approx([0.045, 0.045])


def test_the_limit_itself_is_a_discovery() -> None:
    assert benjamini_hochberg([0.05]).tolist() == [True]
    assert benjamini_hochberg([0.0500001]).tolist() == [False]


def test_equal_values_are_treated_alike() -> None:
    assert len(set(adjusted([0.02, 0.02, 0.02, 0.9]).tolist()[:3])) == 1


def test_of_no_tests_there_are_no_discoveries() -> None:
    assert benjamini_hochberg([]).shape == (0,)


@pytest.mark.parametrize("p", [[0.1, np.nan], [-0.1], [1.1], 0.1])
def test_what_is_no_list_of_probabilities_is_refused(p: object) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        adjusted(p)  # type: ignore[arg-type]


def test_a_rate_outside_0_and_1_is_refused() -> None:
    with pytest.raises(ValueError, match="rate"):
        benjamini_hochberg([0.1], q=1)
