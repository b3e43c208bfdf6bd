"""Exports by another rule than majority, and what stands above votes: decisions, weights, exclusions."""

from typing import Any

import pytest
from django.utils import timezone

from annotate.adjudicating import adjudicate, withdraw_adjudication
from annotate.models import Annotator, Campaign, Item, Standing, Unit, User
from annotate.parking import withdraw
from exports.formats import Dropped
from exports.options import clean_options
from exports.pairs import decided
from routing.reports import refresh
from tests.exports.voted import make_export, rows_of, voted, voted_item
from tests.factories import person

pytestmark = pytest.mark.django_db
A, B, TIE = {"preferred": "a"}, {"preferred": "b"}, {"preferred": None}


def outcomes(campaign: Campaign, **options: Any) -> list[str]:
    """Per pair the item and its winner's key, or the reason why it was dropped."""
    found = decided(campaign, clean_options(campaign, options))
    return [each.reason if isinstance(each, Dropped) else f"{each.item} {each.chosen.key}" for each in found]


def unit(key: str) -> Unit:
    return Unit.objects.get(item__key=key)


def standing(campaign: Campaign, name: str, **fields: Any) -> None:
    Standing.objects.create(campaign=campaign, annotator=Annotator.objects.get(name=name), **fields)


def test_a_decision_stands_above_the_votes_unless_the_option_says_not(researcher: User) -> None:
    campaign = voted(researcher, [voted_item("r1", "a a"), voted_item("r2", "a b"), voted_item("r3")])
    for key, answer in (("r1", B), ("r2", A), ("r3", B)):
        adjudicate(unit(key), "overall", answer, person(researcher))
    assert outcomes(campaign) == ["r1 b", "r2 a", "r3 b"]
    assert outcomes(campaign, minimum=3) == ["r1 b", "r2 a", "r3 b"], "a decision needs no votes"
    assert outcomes(campaign, adjudicated=False) == ["r1 a", "tie"]
    for rule in ("dawid_skene", "mean", "stored"):
        assert outcomes(campaign, consensus=rule) == ["r1 b", "r2 a", "r3 b"]


@pytest.mark.parametrize("rule", ["majority", "mean", "dawid_skene", "stored"])
def test_an_item_that_was_taken_out_is_dropped_by_every_rule(researcher: User, rule: str) -> None:
    campaign = voted(researcher, [voted_item("r1", "a a"), voted_item("r2", "a a"), voted_item("r3", "a a")])
    adjudicate(unit("r2"), "overall", B, person(researcher))
    refresh(campaign)
    for key in ("r1", "r2"):
        withdraw(Item.objects.get(key=key))
    assert outcomes(campaign, consensus=rule) == ["withdrawn", "withdrawn", "r3 a"]


def test_weights_that_add_up_alike_tie(researcher: User) -> None:
    campaign = voted(researcher, [voted_item("r1", "a a b")])
    for name, weight in (("human0", 0.1), ("human1", 0.2), ("human2", 0.3)):
        standing(campaign, name, weight=weight)
    assert outcomes(campaign) == ["tie"]


def test_a_pair_decided_to_be_a_tie_is_dropped_and_one_taken_back_is_not(researcher: User) -> None:
    campaign = voted(researcher, [voted_item("r1", "a a"), voted_item("r2", "a")])
    adjudicate(unit("r1"), "overall", TIE, person(researcher))
    adjudicate(unit("r2"), "overall", {**TIE, "both_bad": True}, person(researcher))
    assert outcomes(campaign) == ["tie", "both_bad"]
    withdraw_adjudication(unit("r1"), "overall", person(researcher))
    assert outcomes(campaign) == ["r1 a", "both_bad"]


@pytest.mark.django_db(transaction=True)
def test_the_manifest_counts_decisions_and_names_the_rule(researcher: User) -> None:
    campaign = voted(researcher, [voted_item("r1", "a a", "b"), voted_item("r2", "a a")])
    before = make_export(campaign)
    assert (before.manifest["adjudicated"], before.manifest["consensus"]) == (0, "majority; ties are dropped")
    adjudicate(unit("r1"), "overall", B, person(researcher))
    standing(campaign, "judge0", excluded_at=timezone.now())
    standing(campaign, "human0", weight=2)
    export = make_export(campaign, consensus="dawid_skene")
    manifest = export.manifest
    assert (manifest["adjudicated"], manifest["annotators_excluded"], manifest["annotators_weighted"]) == (1, 1, 1)
    assert manifest["consensus"].startswith("Dawid–Skene")
    assert [row["chosen"] for row in rows_of(export)] == ["r1 says b", "r2 says a"]
    assert manifest["annotations"] == 4


def test_the_excluded_do_not_count_and_weights_do(researcher: User) -> None:
    campaign = voted(researcher, [voted_item("r1", "a b b"), voted_item("r2", "a b")])
    assert outcomes(campaign) == ["r1 b", "tie"]
    standing(campaign, "human0", weight=2.5)
    assert outcomes(campaign) == ["r1 a", "r2 a"]
    Standing.objects.update(excluded_at=timezone.now())
    assert outcomes(campaign) == ["r1 b", "r2 b"]


def test_the_mean_goes_by_strength(researcher: User) -> None:
    campaign = voted(researcher, [voted_item("r1", "a3 b1 b1")], strengths=["slightly", "clearly", "much"])
    assert outcomes(campaign) == ["r1 b"]
    assert outcomes(campaign, consensus="mean") == ["r1 a"]


def test_by_dawid_skene_the_votes_of_a_contrary_annotator_are_turned(researcher: User) -> None:
    items = [voted_item(f"r{n:02}", "a a a b" if n % 3 else "b b b a") for n in range(30)]
    campaign = voted(researcher, [*items, voted_item("x", "", "", annotations=_by("human0", "a", "human3", "b"))])
    assert outcomes(campaign)[-1] == "tie"
    assert outcomes(campaign, consensus="dawid_skene")[-1] == "x a"


def _by(*said: str) -> list[dict[str, Any]]:
    pairs = zip(said[::2], said[1::2], strict=True)
    return [{"annotator": name, "kind": "human", "answers": {"overall": {"preferred": side}}} for name, side in pairs]


@pytest.mark.parametrize(
    ("annotators", "expected"),
    [
        ("people_first", ["r1 a", "r2 b", "tie"]),
        ("human", ["r1 a", "tie"]),
        ("judge", ["r1 b", "r2 b", "r3 a"]),
        ("all", ["r1 b", "r2 b", "r3 a"]),
    ],
)
def test_a_rule_hears_whom_the_export_asks_for(researcher: User, annotators: str, expected: list[str]) -> None:
    items = [voted_item("r1", "a", "b b"), voted_item("r2", "", "b"), voted_item("r3", "a b", "a")]
    assert outcomes(voted(researcher, items), consensus="mean", annotators=annotators) == expected


def test_what_is_stored_is_exported(researcher: User) -> None:
    campaign = voted(researcher, [voted_item("r1", "a a b"), voted_item("r2", "a b")])
    assert outcomes(campaign, consensus="stored") == ["undecided", "undecided"], "before anything is stored"
    refresh(campaign)
    assert outcomes(campaign, consensus="stored") == ["r1 a", "tie"]
