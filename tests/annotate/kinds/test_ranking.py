"""An order with ties: ranks are kept dense, and every pair is a preference."""

from typing import Any

import pytest

from annotate.errors import Invalid
from annotate.frames import Frames
from annotate.kinds import Asked, kind
from annotate.kinds.base import PreferenceRow
from annotate.kinds.source import Source
from annotate.models import User
from exports.formats import Pair
from exports.options import clean_options
from exports.pairs import decided
from routing.inconsistency import inconsistency
from tests.factories import import_rows, make_campaign, pair_rows

ranking = kind("ranking")


def asked(*keys: str, **config: Any) -> Asked:
    return Asked("q", "ranking", ranking.clean_config(config), keys=keys or ("a", "b", "c"))


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({"a": 1, "b": 5, "c": 9}, {"a": 1, "b": 2, "c": 3}),
        ({"c": 1, "b": 2, "a": 2}, {"a": 2, "b": 2, "c": 1}),
        ({"a": 2, "b": 2, "c": 4}, {"a": 1, "b": 1, "c": 2}),
        ({"a": 3.0, "b": 10**300, "c": 1}, {"a": 2, "b": 3, "c": 1}),
        ({"a": 7, "b": 7, "c": 7}, {"a": 1, "b": 1, "c": 1}),
    ],
)
def test_ranks_are_kept_dense_and_in_the_order_of_the_item(given: dict[str, Any], kept: dict[str, int]) -> None:
    clean = ranking.clean(asked(), given)
    assert list(clean.items()) == list(kept.items())
    assert all(type(rank) is int for rank in clean.values())


@pytest.mark.parametrize("rank", [0, -1, 1.5, True, "1", None, float("nan"), float("inf"), [1]])
def test_a_rank_is_a_whole_number_from_one(rank: Any) -> None:
    with pytest.raises(Invalid, match=r"q: completion b: .* is not a rank; give a whole number from 1"):
        ranking.clean(asked(), {"a": 1, "b": rank, "c": 2})


def test_every_completion_shown_is_ranked_and_no_other() -> None:
    with pytest.raises(Invalid, match="no value for completion c"):
        ranking.clean(asked(), {"a": 1, "b": 2})
    with pytest.raises(Invalid, match=r"'d'.*: no such completion here"):
        ranking.clean(asked(), {"a": 1, "b": 2, "c": 3, "d": 4})


def test_ties_can_be_forbidden() -> None:
    assert ranking.clean(asked(allow_ties=False), {"a": 3, "b": 1, "c": 2}) == {"a": 3, "b": 1, "c": 2}
    with pytest.raises(Invalid, match="ties are not allowed: give each of a, b, c its own rank"):
        ranking.clean(asked(allow_ties=False), {"a": 1, "b": 1, "c": 2})
    with pytest.raises(Invalid, match="allow_ties must be true or false"):
        ranking.clean_config({"allow_ties": "no"})


def test_every_pair_is_a_preference_seen_from_the_first_completion() -> None:
    assert list(ranking.records(asked(), {"a": 2, "b": 2, "c": 1})) == [
        PreferenceRow("a", "b", 0),
        PreferenceRow("a", "c", -1),
        PreferenceRow("b", "c", -1),
    ]
    many = asked(*"abcdefghijkl")
    rows = list(ranking.records(many, {key: place for place, key in enumerate(many.keys, start=1)}))
    assert len(rows) == 66
    assert rows[-1] == PreferenceRow("k", "l", 1)


@pytest.mark.django_db
def test_rankings_are_compared_with_ratings_and_exported_like_comparisons(researcher: User) -> None:
    order = {"name": "order", "kind": "ranking", "shows": "all"}
    rating = {"name": "score", "kind": "rating", "shows": "all"}
    campaign = make_campaign(researcher, questions=[order, rating])
    (row,) = pair_rows(1, 3)
    answers = {"order": {"a": 2, "b": 1, "c": 2}, "score": {"a": 1, "b": 4, "c": 3}}
    job = import_rows(campaign, [row | {"annotations": [{"annotator": "x", "kind": "human", "answers": answers}]}])
    assert job.done == 1
    pairs = list(decided(campaign, clean_options(campaign, {})))
    assert [(p.chosen.key, p.rejected.key) for p in pairs if isinstance(p, Pair)] == [("b", "a"), ("b", "c")]
    assert [str(p) for p in pairs if not isinstance(p, Pair)] == ["tie"]
    group = inconsistency(Frames(campaign))["groups"][0]
    assert (group["question_rating"], group["question_ranking"], group["n"]) == ("score", "order", 3)
    assert group["consistent"] == pytest.approx(2 / 3)


def test_an_item_needs_two_completions() -> None:
    assert ranking.item_problem({}, "all", 1, Source()) == "a ranking needs at least two completions"
    assert ranking.item_problem({}, "all", 12, Source()) is None
