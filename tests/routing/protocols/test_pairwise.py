import math
from typing import Any

import pytest

from routing.judges import ConfigError, Reply
from routing.judges.base import Status
from routing.protocols import Judged, QuestionSpec
from routing.protocols.both_orders import logit, strength
from routing.protocols.pairwise import PairwiseProtocol

JUDGED = Judged("Say hello.", {"a": "Hello!", "b": "Go away."}, shown=("b", "a"))


def question(shows: str = "pair", **config: Any) -> QuestionSpec:
    return QuestionSpec("better", "pairwise", config, "Which is friendlier?", shows)


def reply(first: float, missing: float = 0.0) -> Reply:
    return Reply("ok", {"A": first, "B": 1 - first}, missing, 10, 0, 0.1)


def failed(status: Status) -> Reply:
    return Reply.failed(status, f"why {status}")


def judge(s1: float, s2: float, asked: QuestionSpec | None = None, **config: Any) -> Any:
    return PairwiseProtocol(config).verdict(JUDGED, asked or question(), [reply(s1), reply(s2)])


def test_both_orders_are_asked_and_only_the_order_differs() -> None:
    first, second = PairwiseProtocol().calls(JUDGED, question())
    assert (first.order, first.keys, first.request.texts) == (0, ("a", "b"), ("Hello!", "Go away."))
    assert (second.order, second.keys, second.request.texts) == (1, ("b", "a"), ("Go away.", "Hello!"))
    swap = {"Hello!": "Go away.", "Go away.": "Hello!"}
    lines = first.request.messages[0]["content"].splitlines()
    assert second.request.messages[0]["content"].splitlines() == [swap.get(line, line) for line in lines]
    assert first.request.labels == ("A", "B")


def test_screen_order_does_not_change_what_is_asked() -> None:
    other = Judged(JUDGED.prompt, JUDGED.completions, shown=("a", "b"))
    assert PairwiseProtocol().calls(other, question()) == PairwiseProtocol().calls(JUDGED, question())


def test_the_debiased_preference_by_hand() -> None:
    # logit 0.9 = ln 9, logit 0.2 = −ln 4: d = ½(ln 9 + ln 4) = ln 6, so P(a) = 6/7;
    # the bias is ½(ln 9 − ln 4) = ln 1.5.
    verdict = judge(0.9, 0.2)
    assert verdict.status == "ok"
    assert verdict.answer == {"preferred": "a"}
    assert verdict.probabilities == pytest.approx({"a": 6 / 7, "b": 1 / 7})
    assert verdict.details["d"] == pytest.approx(math.log(6))
    assert verdict.details["slot_bias"] == pytest.approx(math.log(1.5))
    assert verdict.details["flip"] is False


def test_a_judge_that_always_takes_the_first_slot_still_yields_its_preference() -> None:
    # Both orders choose slot one, a flip; but more strongly when a stands there: d = ½(ln 9 − ln 4) = ln 1.5.
    verdict = judge(0.9, 0.8)
    assert verdict.answer == {"preferred": "a"}
    assert verdict.probabilities["a"] == pytest.approx(0.6)
    assert verdict.details["flip"] is True


def test_always_the_second_slot_is_a_flip_as_well() -> None:
    verdict = judge(0.1, 0.2)
    assert verdict.details["flip"] is True
    assert verdict.answer == {"preferred": "b"}


def test_agreement_on_the_other_completion_prefers_it() -> None:
    verdict = judge(0.2, 0.9)
    assert verdict.answer == {"preferred": "b"}
    assert verdict.details["flip"] is False


def test_the_same_liking_for_a_slot_cancels() -> None:
    verdict = judge(0.95, 0.95)
    assert verdict.answer == {"preferred": None}
    assert verdict.probabilities == {"a": 0.5, "b": 0.5}
    assert verdict.details["slot_bias"] == pytest.approx(math.log(19))


@pytest.mark.parametrize(("p", "preferred"), [(0.519, None), (0.521, "a"), (0.481, None), (0.479, "b")])
def test_the_tie_band_is_two_points_each_side(p: float, preferred: str | None) -> None:
    verdict = judge(p, 1 - p)
    assert verdict.probabilities["a"] == pytest.approx(p)
    assert verdict.answer == {"preferred": preferred}


def test_a_wider_tie_band_is_a_setting() -> None:
    assert judge(0.6, 0.4, tie_band=0.11).answer == {"preferred": None}
    assert judge(0.6, 0.4, tie_band=0.09).answer == {"preferred": "a"}


def test_without_ties_a_hair_decides_and_an_exact_half_abstains() -> None:
    forced = question(allow_tie=False)
    assert judge(0.5001, 0.4999, forced).answer == {"preferred": "a"}
    even = judge(0.7, 0.7, forced)
    assert (even.status, even.answer) == ("abstain", None)
    assert even.probabilities == {"a": 0.5, "b": 0.5}


@pytest.mark.parametrize(
    ("odds", "steps", "expected"),
    [(2.9, 2, 1), (3.1, 2, 2), (1.9, 3, 1), (2.1, 3, 2), (4.9, 3, 2), (5.1, 3, 3), (1.1, 1, 1), (1e12, 4, 4)],
)
def test_strength_cuts_the_odds_at_fixed_places(odds: float, steps: int, expected: int) -> None:
    # Two steps part at 3 : 1; three at 2 : 1 and 5 : 1.
    assert strength(math.log(odds), steps) == strength(-math.log(odds), steps) == expected


def test_strength_is_given_where_asked_and_not_with_a_tie() -> None:
    asked = question(strengths=["slightly", "clearly"])
    assert judge(0.9, 0.2, asked).answer == {"preferred": "a", "strength": 2}
    assert judge(0.4, 0.6, asked).answer == {"preferred": "b", "strength": 1}
    assert judge(0.5, 0.5, asked).answer == {"preferred": None}


def test_certainty_does_not_overflow() -> None:
    verdict = judge(1.0, 0.0)
    assert verdict.details["d"] == pytest.approx(logit(1.0))
    assert verdict.answer == {"preferred": "a"}
    assert math.isfinite(verdict.details["slot_bias"])


@pytest.mark.parametrize("status", ["truncated", "provider_error", "refusal", "parse_error"])
@pytest.mark.parametrize("which", [0, 1])
def test_one_failed_call_fails_the_verdict(status: Status, which: int) -> None:
    replies = [reply(0.9), reply(0.1)]
    replies[which] = failed(status)
    verdict = PairwiseProtocol().verdict(JUDGED, question(), replies)
    assert (verdict.status, verdict.answer, verdict.probabilities) == (status, None, None)
    assert (verdict.details["call"], verdict.details["error"]) == (which, f"why {status}")


def test_a_missing_reply_is_an_error_and_no_verdict() -> None:
    with pytest.raises(ValueError, match="needs 2 replies, one per call; got 1"):
        PairwiseProtocol().verdict(JUDGED, question(), [reply(0.9)])


def test_the_missing_mass_of_each_order_is_kept() -> None:
    verdict = PairwiseProtocol().verdict(JUDGED, question(), [reply(0.9, 0.7), reply(0.1, 0.3)])
    assert verdict.details["missing"] == [0.7, 0.3]


@pytest.mark.parametrize(("shows", "fine"), [("pair", True), ("all", True), ("each", False)])
def test_a_comparison_needs_two_on_the_screen(shows: str, fine: bool) -> None:
    assert (PairwiseProtocol().supports(question(shows)) is None) is fine


def test_another_kind_is_not_supported() -> None:
    reason = PairwiseProtocol().supports(QuestionSpec("stars", "rating"))
    assert reason == "question 'stars' is of kind rating; this judges pairwise"


def test_three_completions_cannot_be_compared_at_once() -> None:
    three = Judged("p", {"a": "1", "b": "2", "c": "3"}, shown=("a", "b", "c"))
    with pytest.raises(ValueError, match="compares exactly two completions; shown: a, b, c"):
        PairwiseProtocol().calls(three, question("all"))


@pytest.mark.parametrize("band", [-0.1, 0.6, "wide", True])
def test_a_tie_band_outside_its_range_is_refused(band: Any) -> None:
    with pytest.raises(ConfigError, match=r"must be a number from 0 to 0\.5"):
        PairwiseProtocol({"tie_band": band})
