import numpy as np
import pytest

from annotate.stats.intervals import Figure
from annotate.stats.signals.base import Signal, adjusted_together, flags

NONE = Figure(None, None, 0, 0, "no data")


def signal(*p: float) -> Signal:
    return Signal((NONE,) * len(p), np.array(p))


def test_all_annotators_and_signals_are_adjusted_together() -> None:
    """Three tests, 0.01, 0.03 and 0.04: 3/1 · 0.01 = 0.03, 3/2 · 0.03 = 0.045 but no more than 3/3 · 0.04 = 0.04."""
    signals = {"one": signal(0.01, np.nan), "two": signal(0.04, 0.03)}
    found = adjusted_together(signals)
    assert found["one"] == pytest.approx([0.03, np.nan], nan_ok=True)
    assert found["two"] == pytest.approx([0.04, 0.04])
    assert signals["one"].p[0] == 0.01  # what is given stays as it is


def test_flagged_is_whose_adjusted_p_value_is_no_more_than_the_rate() -> None:
    signals = {"one": signal(0.01, np.nan), "two": signal(0.04, 0.03)}
    assert {name: each.tolist() for name, each in flags(signals).items()} == {"one": [True, False], "two": [True, True]}
    assert {name: each.tolist() for name, each in flags(signals, 0.035).items()} == {
        "one": [True, False],
        "two": [False, False],
    }


def test_another_signal_that_finds_nothing_makes_a_flag_harder() -> None:
    assert flags({"one": signal(0.02, 0.9)})["one"].tolist() == [True, False]
    assert flags({"one": signal(0.02, 0.9), "two": signal(0.9, 0.9)})["one"].tolist() == [False, False]


def test_names_and_the_order_of_signals_do_not_matter() -> None:
    one, two = signal(0.01, 0.2, np.nan), signal(0.04, 0.001, 0.5)
    found, again = adjusted_together({"a": one, "b": two}), adjusted_together({"x": two, "y": one})
    assert found["a"] == pytest.approx(again["y"], nan_ok=True)
    assert found["b"] == pytest.approx(again["x"], nan_ok=True)


def test_nothing_tested_flags_nobody() -> None:
    assert flags({}) == {}
    assert flags({"one": signal(np.nan, np.nan)})["one"].tolist() == [False, False]
    assert flags({"one": signal()})["one"].tolist() == []


@pytest.mark.parametrize("p", [1.5, -0.1])
def test_what_is_no_p_value_is_refused(p: float) -> None:
    with pytest.raises(ValueError):
        adjusted_together({"one": signal(p)})
