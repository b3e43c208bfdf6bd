"""Hand-worked tables of pairwise verdicts, and the figures that the report must give for them."""

import math

import pytest

from annotate.models import User
from tests.routing.reliability.told import question_of, told_judge

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("told")]

TABLE = [
    ("0.9 0.2", "aaa"),  # a in both orders: right twice
    ("0.8 0.6", "aab"),  # the first slot twice, a by a little: right once
    ("0.6 0.9", "ab="),  # the first slot twice, b: people tie
    ("0.3 0.9", "bb"),  # b in both orders: right twice
    ("0.2 0.7", "a"),  # b in both orders: wrong twice
    ("0.7 0.6", "bba"),  # the first slot twice, a by a little: right once, wrong on average
]


def test_the_orders_of_a_table_give_its_flips_and_its_lean(researcher: User) -> None:
    orders = question_of(told_judge(researcher, TABLE))["orders"]
    assert orders["flip"]["value"] == pytest.approx(3 / 6)
    assert orders["first_slot"]["value"] == pytest.approx(9 / 12)  # 4 of 6 with a first, 5 of 6 with b first
    logits = [math.log(p / (1 - p)) for p in (0.9, 0.2, 0.8, 0.6, 0.6, 0.9, 0.3, 0.9, 0.2, 0.7, 0.7, 0.6)]
    assert orders["slot_bias"]["value"] == pytest.approx(sum(logits) / 12)
    assert orders["sides"] == [[1, 0, 3], [0, 0, 0], [0, 0, 2]]  # what it names in the one order, then in the other
    assert sorted(orders["points"])[0] == [0.2, 0.7]


def test_accuracies_are_over_the_pairs_that_people_decided(researcher: User) -> None:
    found = question_of(told_judge(researcher, TABLE))["against"]["people"]["accuracies"]
    assert (found["n"], found["gold_ties"]) == (5, 1)
    assert found["single"]["value"] == pytest.approx((2 + 1 + 2 + 0 + 1) / 10)
    assert found["strict"]["value"] == pytest.approx(2 / 5)
    assert found["judgebench"]["value"] == pytest.approx(2 / 5)  # one right and one wrong make 0
    assert found["averaged"]["value"] == pytest.approx(3 / 5)


def test_agreement_is_with_the_majority_ties_included(researcher: User) -> None:
    found = question_of(told_judge(researcher, TABLE))["against"]["people"]
    assert (found["n"], found["clusters"]) == (6, 6)
    assert found["agreement"]["percent"]["value"] == pytest.approx(3 / 6)
    assert found["confusions"] == {
        "labels": ["first", "equal", "second"],
        "table": [[2, 0, 1], [0, 0, 0], [1, 1, 1]],
    }
    chance = (3 / 6) * (3 / 6) + (3 / 6) * (2 / 6)  # judge 3 first, 3 second; people 3 first, 1 equal, 2 second
    assert found["agreement"]["kappa"]["value"] == pytest.approx((0.5 - chance) / (1 - chance))
    pi_chance = (6 / 12) ** 2 + (1 / 12) ** 2 + (5 / 12) ** 2
    assert found["agreement"]["pi"]["value"] == pytest.approx((0.5 - pi_chance) / (1 - pi_chance))


def test_two_people_are_compared_as_the_judge_is_with_one(researcher: User) -> None:
    found = question_of(told_judge(researcher, TABLE))["against"]["people"]
    assert found["people"]["n"] == 5  # the fifth pair has one person
    assert found["people"]["value"] == pytest.approx((1 + 1 / 3 + 0 + 1 + 1 / 3) / 5)
    assert found["with_one_person"]["value"] == pytest.approx((1 + 2 / 3 + 1 / 3 + 1 + 1 / 3) / 5)


def test_all_first_slot_is_half_right_alone_and_right_when_averaged(researcher: User) -> None:
    """What judges.md measured, in small: hard choices carry nothing, the probabilities behind them do."""
    table = [("0.9 0.8", "a"), ("0.8 0.9", "b"), ("0.95 0.9", "a"), ("0.6 0.7", "b")]
    found = question_of(told_judge(researcher, table))
    accuracies = found["against"]["people"]["accuracies"]
    assert accuracies["single"]["value"] == 0.5
    assert accuracies["strict"]["value"] == 0.0
    assert accuracies["averaged"]["value"] == 1.0
    assert found["flip_rate"] == 1.0


def test_gold_is_a_reference_of_its_own(researcher: User) -> None:
    gold = [{"answers": {"better": {"preferred": side}}} for side in ("a", "b", None)]
    table = [("0.9 0.2", "b"), ("0.9 0.2", "a"), ("0.3 0.9", "b")]
    found = question_of(told_judge(researcher, table, gold=gold))["against"]
    assert found["people"]["agreement"]["percent"]["value"] == pytest.approx(2 / 3)
    assert found["gold"]["confusions"]["table"] == [[1, 0, 1], [0, 0, 0], [0, 1, 0]]
    assert "people" not in found["gold"]


def test_length_bias_is_against_the_length_in_characters(researcher: User) -> None:
    table = [("0.2 0.9", "b"), ("0.9 0.2", "a"), ("0.9 0.2", "b"), ("0.2 0.9", "a")]  # b is the longer in rows 0 and 2
    found = question_of(told_judge(researcher, table))["against"]["people"]
    assert found["lengths"]["gold_longer"]["value"] == pytest.approx(2 / 4)  # all: b, a, b, a are the longer
    assert found["lengths"]["judge_longer"]["value"] == pytest.approx(2 / 4)
    assert found["lengths"]["people_longer"]["value"] == 1.0
    assert found["longer_wins"]["value"] == 1.0


def test_what_failed_is_in_the_valid_rate_and_in_nothing_else(researcher: User) -> None:
    found = question_of(told_judge(researcher, [("0.9 0.2", "a"), ("0.9 -", "a"), ("- 0.3", "b"), ("0.9 0.2", "a")]))
    assert found["validity"]["value"] == 0.5
    assert found["statuses"] == {"ok": 2, "parse_error": 2}
    assert found["against"]["people"]["n"] == 2
    assert found["against"]["people"]["agreement"]["percent"]["value"] == 1.0
    assert found["orders"]["n"] == 2
