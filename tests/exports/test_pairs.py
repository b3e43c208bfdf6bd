"""Which pairs become rows: majorities and drops, worked by hand."""

from typing import Any

import pytest

from annotate.models import Campaign, User
from exports.formats import Dropped, Pair
from exports.options import is_chat
from exports.pairs import decided
from tests.exports.voted import voted, voted_item
from tests.factories import import_rows, make_campaign

pytestmark = pytest.mark.django_db
CHAT = [{"role": "user", "content": "Hello"}]
SAME = [{"key": "a", "text": "same"}, {"key": "b", "text": "same"}]


def outcomes(campaign: Campaign, annotators: str = "people_first", minimum: int = 1) -> list[str]:
    """Per pair the winner's key, or the reason why it was dropped."""
    options = {"questions": ["overall"], "annotators": annotators, "minimum": minimum}
    found = decided(campaign, options)
    return [each.reason if isinstance(each, Dropped) else each.chosen.key for each in found]


def only(campaign: Campaign, annotators: str = "all") -> Pair:
    [found] = decided(campaign, {"questions": ["overall"], "annotators": annotators, "minimum": 1})
    assert isinstance(found, Pair)
    return found


@pytest.mark.parametrize(
    ("said", "outcome"),
    [
        ("a", "a"),
        ("b", "b"),
        ("a a b", "a"),
        ("b = b", "b"),
        ("a b", "tie"),
        ("a =", "tie"),
        ("a a b b =", "tie"),
        ("= = a", "tie"),
        ("=", "tie"),
        ("!", "both_bad"),
        ("! ! b", "both_bad"),
        ("! =", "tie"),
    ],
)
def test_the_majority_decides(researcher: User, said: str, outcome: str) -> None:
    assert outcomes(voted(researcher, [voted_item("r1", said)])) == [outcome]


@pytest.mark.parametrize(
    ("annotators", "expected"),
    [
        ("people_first", ["a", "b", "tie"]),
        ("human", ["a", "tie"]),
        ("judge", ["b", "b", "a"]),
        ("all", ["b", "b", "tie"]),
    ],
)
def test_whose_answers_count(researcher: User, annotators: str, expected: list[str]) -> None:
    items = [voted_item("r1", "a", "b b"), voted_item("r2", "", "b"), voted_item("r3", "=", "a")]
    assert outcomes(voted(researcher, items), annotators) == expected


def test_pairs_with_too_few_annotations_are_dropped(researcher: User) -> None:
    campaign = voted(researcher, [voted_item("r1", "a a"), voted_item("r2", "a", "a")])
    assert outcomes(campaign, minimum=2) == ["a", "too_few_annotations"]  # the judge does not count beside a person
    assert outcomes(campaign, "all", minimum=2) == ["a", "a"]


def test_completions_with_the_same_text_are_dropped(researcher: User) -> None:
    assert outcomes(voted(researcher, [voted_item("r1", "a", completions=SAME)])) == ["same_text"]


def test_completions_of_different_prompts_are_dropped(researcher: User) -> None:
    own = [{"key": "a", "text": "x", "prompt": "Its own"}, {"key": "b", "text": "y"}]
    both = [{"key": "a", "text": "x", "prompt": "Shared"}, {"key": "b", "text": "y", "prompt": "Shared"}]
    items = [voted_item("r1", "a", completions=own), voted_item("r2", "a", completions=both)]
    assert outcomes(voted(researcher, items)) == ["prompts_differ", "a"]


def test_silent_repeats_do_not_vote(researcher: User) -> None:
    item = voted_item("r1", "a b")
    item["annotations"][1]["round"] = 1
    assert outcomes(voted(researcher, [item])) == ["a"]


def test_a_pair_says_who_voted_how(researcher: User) -> None:
    pair = only(voted(researcher, [voted_item("r1", "b = b", "a")]))
    assert (pair.item, pair.question, pair.prompt) == ("r1", "overall", "Prompt r1")
    assert (pair.chosen.text, pair.rejected.text) == ("r1 says b", "r1 says a")
    assert pair.votes == (2, 1, 1)
    assert (len(pair.annotations), pair.judged) == (4, False)
    assert only(voted(researcher, [voted_item("r1", "", "a")], "judged")).judged


def test_the_strength_is_the_mean_over_all_votes(researcher: User) -> None:
    pair = only(voted(researcher, [voted_item("r1", "a3 a1 b2 =")], strengths=["bit", "more", "most"]))
    assert pair.strength == pytest.approx((3 + 1 - 2 + 0) / 4)


def test_items_of_more_than_two_completions_give_all_their_pairs(researcher: User) -> None:
    campaign = make_campaign(researcher, questions=[{"name": "overall", "kind": "pairwise", "shows": "pair"}])
    row = voted_item("r1", completions=[{"key": key, "text": key} for key in "abc"])
    row["annotations"] = [
        {"annotator": "ann", "kind": "human", "answers": {"overall": {"preferred": won}}, "shown": list(shown)}
        for shown, won in (("ab", "a"), ("cb", "b"), ("ac", "c"))
    ]
    import_rows(campaign, [row])
    pairs = list(decided(campaign, {"questions": ["overall"], "annotators": "all", "minimum": 1}))
    found = [(pair.chosen.key, pair.rejected.key) for pair in pairs if isinstance(pair, Pair)]
    assert found == [("a", "b"), ("c", "a"), ("b", "c")]


@pytest.mark.parametrize(
    ("change", "chat"),
    [
        ({}, False),
        ({"prompt": '["brackets"]'}, False),
        ({"prompt": CHAT}, True),
        ({"completions": [SAME[0], {"key": "b", "messages": [{"role": "assistant", "content": "hi"}]}]}, True),
        ({"completions": [SAME[0], {"key": "b", "text": "hi", "prompt": CHAT}]}, True),
    ],
)
def test_a_campaign_is_a_chat_if_anything_in_it_is(researcher: User, change: dict[str, Any], chat: bool) -> None:
    assert is_chat(voted(researcher, [voted_item("r1", "a"), voted_item("r2", "a", **change)])) is chat
