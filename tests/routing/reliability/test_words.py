"""What the report says first, from figures alone."""

from typing import Any

import pytest

from routing.reliability.words import verdict


def figure(value: float | None, low: float = 0, high: float = 1, n: int = 100) -> dict[str, Any]:
    return {"value": value, "interval": [low, high], "n": n, "clusters": n, "method": ""}


def held(**changed: Any) -> dict[str, Any]:
    return {
        "n": 120,
        "clusters": 60,
        "agreement": {"percent": figure(0.71, 0.64, 0.77), "kappa": figure(0.5, 0.4, 0.6), "pi": figure(0.5)},
        "people": figure(0.70, 0.65, 0.80),
        "with_one_person": figure(0.69, 0.62, 0.75),
        "accuracies": {"averaged": figure(0.8)},
        "longer_wins": figure(0.6),
        "lengths": {"preference": figure(0.02, -0.03, 0.07)},
        **changed,
    }


def question(against: dict[str, Any] | None = None, **changed: Any) -> dict[str, Any]:
    return {
        "question": "better",
        "kind": "pairwise",
        "n": 130,
        "valid_rate": 0.95,
        "flip_rate": 0.1,
        "first_slot_share": 0.5,
        "left_out": {"routed": 0, "fitted": 0},
        "repeats": None,
        "against": {"people": against, "gold": None},
        **changed,
    }


def test_a_judge_as_good_as_a_person_says_so_with_its_figure() -> None:
    said = verdict(question(held()))
    assert (said.level, said.against, said.mind) == ("fit", (), ())
    assert said.agreement.replace("\u00a0", " ") == (
        "Agrees with people on 71 % (64–77) of 120 pairs; two people agree with each other on 70 % (65–80), "
        "it with one of them on 69 % (62–75)."
    )


@pytest.mark.parametrize(
    ("changed", "of_question", "words"),
    [
        ({"n": 9}, {}, "Only 9 pairs can be held against people: an impression, not a figure."),
        ({}, {"valid_rate": 0.5}, "Only 50\u00a0% of its verdicts are answers"),
        ({"agreement": {"percent": figure(0.5), "kappa": figure(0.1, -0.1, 0.3), "pi": figure(0)}}, {}, "above chance"),
        (
            {"longer_wins": figure(0.85, 0.8, 0.9)},
            {},
            "the longer completion is right in 85\u00a0% (80–90)",
        ),
        ({"numbers": {"spearman": figure(0.1, -0.1, 0.3)}}, {}, "Spearman's rho is 0.10 (\u22120.10 to 0.30)."),
    ],
)
def test_what_forbids_using_the_labels(changed: Any, of_question: Any, words: str) -> None:
    said = verdict(question(held(**changed), **of_question))
    assert (said.level, said.title) == ("no", "Do not use these labels yet")
    assert words in said.against[0]


@pytest.mark.parametrize(
    ("changed", "of_question", "words"),
    [
        ({}, {"flip_rate": 0.4}, "In 40\u00a0% of the pairs it names the other completion"),
        ({}, {"first_slot_share": 0.2}, "It leans to the second slot"),
        ({}, {"cut": 3}, "3 of its verdicts were made on texts cut to fit"),
        ({"clusters": 12}, {}, "Only 12 prompt groups (below 30)"),
        ({"people": figure(0.9, 0.85, 0.95)}, {}, "People agree with each other more often (90\u00a0% (85–95))"),
        ({"lengths": {"preference": figure(0.1, 0.05, 0.15)}}, {}, "more often than people do, by 10 points (5–15)"),
        (
            {"lengths": {"preference": figure(-0.1, -0.15, -0.05)}},
            {},
            "less often than people do, by 10 points (5–15)",
        ),
        ({}, {"repeats": {"agreement": figure(0.7)}}, "Asked again it gives the same answer in 70\u00a0% only."),
        ({}, {"left_out": {"routed": 0, "fitted": 1}}, "1 unit that it was fitted on"),
    ],
)
def test_what_is_to_be_minded(changed: Any, of_question: Any, words: str) -> None:
    said = verdict(question(held(**changed), **of_question))
    assert (said.level, said.title) == ("care", "Usable with care")
    assert words in said.mind[0]


def test_without_people_nobody_knows() -> None:
    said = verdict(question())
    assert (said.level, said.title) == ("unknown", "Nobody has checked these labels")
    assert "let people annotate a random part" in said.agreement
    assert verdict(question(flip_rate=0.9)).level == "no"
    assert "went into making this judge" in verdict(question(left_out={"routed": 0, "fitted": 5})).agreement
    assert "gold answer" in verdict(question(), "gold").agreement
    assert "read some of them" in verdict(question(kind="text")).agreement
