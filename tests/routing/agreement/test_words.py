"""Agreement in words, from figures as reports store them."""

from typing import Any

import pytest

from routing.agreement.words import VERDICTS, headline, level, meaning, paradox


def figure(value: float | None, n: int = 120, interval: tuple[float, float] | None = (0.31, 0.52)) -> dict[str, Any]:
    return {"value": value, "interval": interval, "n": n, "clusters": n, "method": "cluster bootstrap"}


def test_alpha_says_how_far_answers_are_from_being_drawn_at_random() -> None:
    said = meaning(figure(0.42))
    assert said == "Alpha 0.42 (95 % interval 0.31 to 0.52): answers differ 58 % as much as if drawn at random."
    below = meaning(figure(-0.1, interval=(-0.3, 0.1)))
    assert below == "Alpha −0.10 (95 % interval −0.30 to 0.10): no better than answers drawn at random."
    nothing = meaning(figure(0.003, interval=(-0.0022, 0.01)))
    assert nothing == "Alpha 0.00 (95 % interval 0.00 to 0.01): no better than answers drawn at random."
    assert "not told apart from answers drawn at random" in meaning(figure(0.1, interval=(-0.1, 0.3)))
    assert "only 7 things" in meaning(figure(0.5, 7))
    assert "nothing" in meaning({**figure(None), "method": "nothing to tell"})


@pytest.mark.parametrize(
    ("value", "n", "expected"),
    [(0.8, 50, "good"), (0.7, 50, "mind"), (0.3, 50, "bad"), (0.9, 9, "unknown"), (None, 50, "unknown")],
)
def test_the_customary_limits(value: float | None, n: int, expected: str) -> None:
    found = figure(value, n)
    assert level(found) == expected
    assert VERDICTS[level(found)][1]


def test_the_prevalence_paradox_is_explained_where_it_strikes() -> None:
    group = {"percent": figure(0.944), "alpha": figure(-0.02), "gwet": figure(0.94)}
    said = paradox(group)
    assert said is not None
    assert "94 %" in said
    assert "AC is 0.94" in said
    assert paradox({**group, "alpha": figure(0.8)}) is None
    assert paradox({**group, "percent": figure(0.6)}) is None
    assert paradox({**group, "percent": figure(None)}) is None


def test_the_headline_takes_people_first() -> None:
    def question(title: str, annotators: str, value: float | None) -> dict[str, Any]:
        return {"title": title, "groups": [{"annotators": annotators, "alpha": figure(value)}]}

    (line,) = headline([question("one", "human", 0.9), question("two", "human", 0.5), question("three", "all", 0.1)])
    assert (line["title"], line["figure"]["value"]) == ("Agreement between people", 0.5)
    (line,) = headline([question("one", "human", None), question("three", "all", 0.7)])
    assert (line["title"], line["level"]) == ("Agreement between people and judges", "mind")
    (line,) = headline([])
    assert line["figure"] is None
    assert "overlap of 2" in line["sentence"]
