"""Planted annotators over 100 seeds: each is found with a power of 80 % or more, and honest people beside him are
flagged in 5 % or less; twelve people of 240 answers each, as `benchmarks/planted_annotators.py` says."""

import pytest

from benchmarks.planted_annotators import SIGNALS, found

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("kind", SIGNALS)
def test_the_planted_one_is_found_by_his_signal_and_honest_people_are_not_flagged(kind: str) -> None:
    result = found(kind)
    assert result.by_signal >= 0.8
    assert result.honest <= 0.05


def test_where_nobody_is_planted_hardly_anybody_is_flagged() -> None:
    assert found("honest").honest <= 0.05
