"""Numbers on a scale."""

from typing import Any

import pytest

from annotate.errors import Invalid
from annotate.kinds import Asked, kind
from annotate.kinds.base import ScoreRow

rating = kind("rating")


def asked(keys: tuple[str, ...] = ("a",), **config: Any) -> Asked:
    return Asked("q", "rating", rating.clean_config(config), keys=keys)


def test_defaults_are_one_to_five_in_whole_steps() -> None:
    assert rating.clean_config({}) == {"min": 1, "max": 5, "step": 1, "labels": [], "widget": "buttons"}


@pytest.mark.parametrize("value", [0, 6, 2.5, "3", True, None, float("nan"), float("inf"), 10**400, -(10**400)])
def test_a_value_off_the_scale_is_refused(value: Any) -> None:
    with pytest.raises(Invalid, match="give a number from 1 to 5"):
        rating.clean(asked(), {"a": value})


def test_every_completion_shown_gets_a_value_and_no_other() -> None:
    two = asked(("a", "b"))
    with pytest.raises(Invalid, match="no value for completion b"):
        rating.clean(two, {"a": 1})
    with pytest.raises(Invalid, match="no such completion here; shown are a, b"):
        rating.clean(two, {"a": 1, "b": 1, "c": 1})
    assert list(rating.clean(two, {"b": 2, "a": 1})) == ["a", "b"]


@pytest.mark.parametrize(
    ("config", "value", "clean"),
    [
        ({"min": 0, "max": 1, "step": 0.1}, 0.1 + 0.2, 0.3),
        ({"min": 0, "max": 1, "step": 0.1}, 1.0, 1),
        ({"min": 1, "max": 7}, 5.0, 5),
        ({"min": -2, "max": 2, "step": 0.5}, -1.5, -1.5),
        ({"min": 0.5, "max": 5.5, "step": 1}, 2.5, 2.5),
    ],
)
def test_values_are_kept_exactly(config: dict[str, Any], value: float, clean: float) -> None:
    found = rating.clean(asked(**config), {"a": value})["a"]
    assert (found, type(found)) == (clean, type(clean))


def test_each_value_is_a_score() -> None:
    assert list(rating.records(asked(("a", "b")), {"a": 5, "b": 2})) == [ScoreRow("a", 5.0), ScoreRow("b", 2.0)]


def test_labels_name_both_ends_or_every_step() -> None:
    rating.clean_config({"max": 3, "labels": ["bad", "middling", "good"]})
    rating.clean_config({"labels": ["bad", "good"]})
    with pytest.raises(Invalid, match="both ends or all 5 steps"):
        rating.clean_config({"labels": ["bad", "middling", "good"]})


def test_many_steps_get_a_slider() -> None:
    assert rating.clean_config({"min": 0, "max": 100})["widget"] == "slider"
    with pytest.raises(Invalid, match="too many for buttons"):
        rating.clean_config({"min": 0, "max": 100, "widget": "buttons"})


@pytest.mark.parametrize(
    "config",
    [
        {"min": 5, "max": 5},
        {"min": 0, "max": 10, "step": 3},
        {"step": 0},
        {"step": -1},
        {"step": 1e-300},
        {"min": -1e308, "max": 1e308},
        {"min": 0, "max": 10**400},
        {"min": 0, "max": 1, "step": 1e-6},
        {"min": "1"},
        {"max": True},
        {"max": None},
        {"widget": "stars"},
    ],
)
def test_an_impossible_scale_is_refused(config: dict[str, Any]) -> None:
    with pytest.raises(Invalid) as refused:
        rating.clean_config(config)
    assert all(field.startswith("config.") for field in refused.value.fields)
