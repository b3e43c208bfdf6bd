"""Orders of several completions: from all pairs, and from whole lists."""

from typing import Any

import pytest

from routing.judges import Reply
from routing.protocols import Judged, QuestionSpec
from routing.protocols.common.placing import placed
from routing.protocols.list_ranking import ListRankingProtocol
from routing.protocols.ranking import RankingProtocol

JUDGED = Judged("Say hello.", {"a": "Hello!", "b": "Go away.", "c": "Hi."}, shown=("a", "b", "c"))


def question(shows: str = "all", **config: Any) -> QuestionSpec:
    return QuestionSpec("order", "ranking", config, "Friendliest first.", shows)


def pair(p: float) -> list[Reply]:
    """Both orders of a pair whose first is preferred with probability p."""
    return [Reply("ok", {"A": s, "B": 1 - s}, 0.0) for s in (p, 1 - p)]


def labels(one: str, two: str) -> list[Reply]:
    return [Reply("ok", value=one), Reply("ok", value=two)]


def orders(**places: int) -> Reply:
    """A list as the model would give it: slots by their place."""
    return Reply("ok", value={"reasons": "So.", "order": sorted(places, key=lambda slot: places[slot])})


def test_every_pair_is_asked_in_both_orders() -> None:
    calls = RankingProtocol().calls(JUDGED, question())
    pairs = [("a", "b"), ("b", "a"), ("a", "c"), ("c", "a"), ("b", "c"), ("c", "b")]
    assert [call.keys for call in calls] == pairs


def test_ranks_go_by_the_mean_probability_of_being_preferred_by_hand() -> None:
    # a: (0.6 + 0.8) / 2 = 0.7, b: (0.4 + 0.9) / 2 = 0.65, c: (0.2 + 0.1) / 2 = 0.15.
    verdict = RankingProtocol().verdict(JUDGED, question(), [*pair(0.6), *pair(0.8), *pair(0.9)])
    assert verdict.details["scores"] == pytest.approx({"a": 0.7, "b": 0.65, "c": 0.15})
    assert verdict.answer == {"a": 1, "b": 2, "c": 3}
    assert verdict.confidence == pytest.approx(0.6)


def test_neighbours_closer_than_twice_the_band_tie_where_ties_are_allowed() -> None:
    replies = [*pair(0.5), *pair(0.9), *pair(0.87)]  # a 0.7, b 0.685, c 0.115
    assert RankingProtocol().verdict(JUDGED, question(), replies).answer == {"a": 1, "b": 1, "c": 2}
    forced = RankingProtocol().verdict(JUDGED, question(allow_ties=False), replies)
    assert forced.answer == {"a": 1, "b": 2, "c": 3}
    assert forced.confidence == pytest.approx(0.5)


def test_two_are_ranked_as_they_are_compared() -> None:
    two = Judged("p", {"a": "x", "b": "y"}, shown=("a", "b"))
    for p, ranks in ((0.519, {"a": 1, "b": 1}), (0.521, {"a": 1, "b": 2}), (0.4, {"a": 2, "b": 1})):
        assert RankingProtocol().verdict(two, question("pair"), pair(p)).answer == ranks


def test_a_cycle_is_a_tie_or_an_abstention() -> None:
    cycle = [*labels("A", "B"), *labels("B", "A"), *labels("A", "B")]  # a > b, c > a, b > c
    assert RankingProtocol().verdict(JUDGED, question(), cycle).answer == {"a": 1, "b": 1, "c": 1}
    verdict = RankingProtocol().verdict(JUDGED, question(allow_ties=False), cycle)
    assert (verdict.status, verdict.answer, verdict.confidence) == ("abstain", None, None)


def test_labels_without_probabilities_count_whole_and_flips_half() -> None:
    verdict = RankingProtocol().verdict(JUDGED, question(), [*labels("A", "A"), *labels("A", "B"), *labels("A", "B")])
    assert verdict.details["scores"] == {"a": 0.75, "b": 0.75, "c": 0}
    assert (verdict.answer, verdict.probabilities) == ({"a": 1, "b": 1, "c": 2}, None)


def test_scores_become_dense_ranks() -> None:
    assert placed({"a": 0.2, "b": 0.9, "c": 0.2, "d": 0.1}) == {"a": 2, "b": 1, "c": 2, "d": 3}
    assert placed({"a": 0.1 + 0.2, "b": 0.3}) == {"a": 1, "b": 1}


def test_a_list_is_ordered_in_a_few_orders_and_ranked_by_the_mean_place() -> None:
    judging = ListRankingProtocol()
    first, second = judging.calls(JUDGED, question())
    assert second.keys == first.keys[::-1]
    one, two, three = first.keys
    # Places 1, 2, 3 and, the slots now turned round, 1, 3, 2: means 1, 2.5 and 2.5.
    replies = [orders(A=1, B=2, C=3), orders(C=1, B=3, A=2)]
    verdict = judging.verdict(JUDGED, question(), replies)
    assert verdict.answer == {one: 1, two: 2, three: 2}
    assert verdict.details["places"] == {one: [1, 1], two: [2, 3], three: [3, 2]}
    assert judging.verdict(JUDGED, question(allow_ties=False), replies).status == "abstain"


@pytest.mark.parametrize("order", [["A", "B"], ["A", "B", "B"], ["A", "B", "C", "C"], ["A", "B", "D"], "ABC"])
def test_what_is_no_order_of_all_of_them_is_a_parse_error(order: Any) -> None:
    replies = [Reply("ok", value={"reasons": "", "order": order}), orders(A=1, B=2, C=3)]
    verdict = ListRankingProtocol().verdict(JUDGED, question(), replies)
    assert (verdict.status, verdict.answer) == ("parse_error", None)


@pytest.mark.parametrize("protocol", [RankingProtocol(), ListRankingProtocol()])
def test_an_order_needs_two(protocol: RankingProtocol | ListRankingProtocol) -> None:
    assert protocol.supports(question("each")) is not None
    with pytest.raises(ValueError, match="two or more have to be shown"):
        protocol.calls(Judged("p", {"a": "x"}, shown=("a",)), question())
