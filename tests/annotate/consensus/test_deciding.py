"""What votes come to, for every kind of question that has a consensus."""

from typing import Any

import pytest

from annotate.consensus.rules import rules, rules_for
from annotate.kinds import kinds
from annotate.models import Annotator, Standing, User
from tests.annotate.consensus.voting import by_item, outcome_of, said, said_item

pytestmark = pytest.mark.django_db
A, B, TIE = {"preferred": "a"}, {"preferred": "b"}, {"preferred": None}
PAIR: dict[str, Any] = {"kind": "pairwise"}


def test_the_side_with_most_votes_is_the_answer(researcher: User) -> None:
    campaign = said(researcher, PAIR, [said_item("r1", ("ann", A), ("bob", A), ("cleo", B))])
    row = by_item(outcome_of(campaign))["r1"]
    assert (row.answer, row.n, row.share) == (A, 3, 0.6667)
    assert row.confidence == pytest.approx((2 + 1) / (3 + 3))
    assert row.things == [
        {"of": ["a", "b"], "said": {"first": 2, "second": 1}, "n": 3, "answer": "first", "confidence": 0.5}
    ]


def test_a_tie_of_votes_is_a_tie_only_where_one_may_answer_so(researcher: User) -> None:
    items = [said_item("r1", ("ann", A), ("bob", B))]
    allowed = by_item(outcome_of(said(researcher, PAIR, items)))["r1"]
    assert (allowed.answer, allowed.share, allowed.things[0]["tied"]) == (TIE, 0, True)
    forced = {"kind": "pairwise", "config": {"allow_tie": False}}
    refused = by_item(outcome_of(said(researcher, forced, items, slug="forced")))["r1"]
    assert (refused.answer, refused.confidence, refused.things[0]["tied"]) == (None, None, True)


def test_strength_is_the_mean_of_those_for_the_side(researcher: User) -> None:
    question = {"kind": "pairwise", "config": {"strengths": ["slightly", "clearly", "much"], "both_bad": True}}
    votes = [("ann", {**A, "strength": 3}), ("bob", {**A, "strength": 2}), ("cleo", {**B, "strength": 1})]
    bad = {"preferred": None, "both_bad": True}
    campaign = said(researcher, question, [said_item("r1", *votes), said_item("r2", ("ann", bad), ("bob", bad))])
    found = by_item(outcome_of(campaign))
    assert found["r1"].answer == {"preferred": "a", "strength": 3}
    assert found["r2"].answer == bad


def test_what_an_annotator_weighs_decides(researcher: User) -> None:
    campaign = said(researcher, PAIR, [said_item("r1", ("ann", A), ("bob", A), ("cleo", B))])
    Standing.objects.create(campaign=campaign, annotator=Annotator.objects.get(name="cleo"), weight=3)
    row = by_item(outcome_of(campaign))["r1"]
    assert (row.answer, row.share, row.things[0]["said"]) == (B, 0.6, {"first": 2, "second": 3})


def test_judges_count_only_where_that_is_asked(researcher: User) -> None:
    items = [said_item("r1", ("ann", A), ("judge1", B), ("judge2", B)), said_item("r2", ("judge1", B))]
    people = by_item(outcome_of(said(researcher, PAIR, items)))
    assert people.keys() == {"r1"}
    assert people["r1"].answer == A
    everybody = by_item(outcome_of(said(researcher, PAIR, items, slug="all", consensus_of="all")))
    assert [everybody[key].answer for key in ("r1", "r2")] == [B, B]


def test_silent_repeats_do_not_count(researcher: User) -> None:
    item = said_item("r1", ("ann", A), ("bob", B))
    item["annotations"].append({"annotator": "bob", "kind": "human", "answers": {"q": B}, "round": 1})
    row = by_item(outcome_of(said(researcher, PAIR, [item])))["r1"]
    assert (row.answer, row.n) == (TIE, 2)


def test_ratings_come_to_their_mean_rounded_to_a_step(researcher: User) -> None:
    question = {"kind": "rating", "config": {"min": 1, "max": 7}}
    items = [
        said_item("r1", ("ann", {"a": 5, "b": 1}), ("bob", {"a": 6, "b": 1}), ("cleo", {"a": 6, "b": 1})),
        said_item("r2", ("ann", {"a": 2, "b": 4}), ("bob", {"a": 3, "b": 4})),
    ]
    found = by_item(outcome_of(said(researcher, question, items)))
    assert found["r1"].answer == {"a": 6, "b": 1}
    assert found["r1"].things[0]["mean"] == 5.6667
    assert found["r2"].answer == {"a": 3, "b": 4}, "a half goes upwards"
    assert found["r1"].share == 0.6667, "two of three gave both completions what was decided"


def test_a_rating_may_be_decided_by_majority(researcher: User) -> None:
    question = {"kind": "rating", "config": {"min": 1, "max": 7}}
    items = [said_item("r1", ("ann", {"a": 1, "b": 2}), ("bob", {"a": 7, "b": 2}), ("cleo", {"a": 7, "b": 2}))]
    campaign = said(researcher, question, items, consensus={"q": "majority"})
    assert by_item(outcome_of(campaign))["r1"].answer == {"a": 7, "b": 2}
    tied = said(researcher, question, [said_item("r1", ("ann", {"a": 1, "b": 2}), ("bob", {"a": 7, "b": 2}))], slug="t")
    assert by_item(outcome_of(tied, by="majority"))["r1"].answer is None


def test_a_ranking_is_the_order_by_pairs_won(researcher: User) -> None:
    items = [
        said_item(
            "r1",
            ("ann", {"a": 1, "b": 2, "c": 3}),
            ("bob", {"a": 2, "b": 1, "c": 3}),
            ("cleo", {"a": 1, "b": 3, "c": 2}),
            keys="abc",
        ),
        said_item(
            "cycle",
            ("ann", {"a": 1, "b": 2, "c": 3}),
            ("bob", {"a": 3, "b": 1, "c": 2}),
            ("cleo", {"a": 2, "b": 3, "c": 1}),
            keys="abc",
        ),
    ]
    found = by_item(outcome_of(said(researcher, {"kind": "ranking"}, items)))
    assert found["r1"].answer == {"a": 1, "b": 2, "c": 3}
    assert found["cycle"].answer == {"a": 1, "b": 1, "c": 1}
    strict = {"kind": "ranking", "config": {"allow_ties": False}}
    assert by_item(outcome_of(said(researcher, strict, items, slug="strict")))["cycle"].answer is None


def test_of_several_options_each_is_decided_by_itself(researcher: User) -> None:
    question = {"kind": "choice", "config": {"options": ["x", "y", "z"], "multiple": True}}
    items = [
        said_item("r1", ("ann", ["x", "y"]), ("bob", ["x"]), ("cleo", ["x", "z", "y"])),
        said_item("r2", ("ann", ["x"]), ("bob", ["y"]), ("cleo", ["z"])),
        said_item("r3", ("ann", ["x"]), ("bob", ["x", "y"])),
    ]
    found = by_item(outcome_of(said(researcher, question, items)))
    assert found["r1"].answer == ["x", "y"]
    assert found["r2"].answer is None, "no option has a majority, and none is no answer"
    assert found["r3"].answer is None, "y is tied"
    assert [(t["of"], t["said"]) for t in found["r1"].things] == [
        (["", "x"], {"yes": 3}),
        (["", "y"], {"no": 1, "yes": 2}),
        (["", "z"], {"no": 2, "yes": 1}),
    ]


def test_a_checklist_is_decided_point_by_point(researcher: User) -> None:
    question = {"kind": "checklist", "config": {"points": ["p", "q"]}}

    def answer(p: str, q: str) -> dict[str, dict[str, str]]:
        return {"a": {"p": p, "q": q}}

    item = said_item("r1", ("ann", answer("yes", "no")), ("bob", answer("yes", "na")), ("cleo", answer("no", "na")))
    item["completions"] = item["completions"][:1]
    own = {"kind": "checklist", "config": {"points_from": "item"}}
    assert by_item(outcome_of(said(researcher, question, [item])))["r1"].answer == answer("yes", "na")
    campaign = said(researcher, own, [{**item, "points": [{"key": key, "text": key} for key in "qp"]}], slug="own")
    assert by_item(outcome_of(campaign))["r1"].answer == answer("yes", "na")


def test_a_choice_by_completion(researcher: User) -> None:
    question = {"kind": "choice", "config": {"options": ["good", "bad"], "per": "completion"}}
    items = [said_item("r1", *((name, {"a": "good", "b": "bad"}) for name in ("ann", "bob")))]
    row = by_item(outcome_of(said(researcher, question, items)))["r1"]
    assert (row.answer, row.share, row.confidence) == ({"a": "good", "b": "bad"}, 1, 0.75)


def test_by_dawid_skene_a_contrary_annotator_is_read_the_other_way_round(researcher: User) -> None:
    def votes(n: int) -> list[tuple[str, dict[str, Any]]]:
        right, wrong = (A, B) if n % 3 else (B, A)
        return [("ann", right), ("bob", right), ("cleo", right), ("dan", wrong)]

    items = [said_item(f"r{n}", *votes(n)) for n in range(30)]
    items.append(said_item("last", ("dan", B), ("ann", A)))
    campaign = said(researcher, PAIR, items, consensus={"q": "dawid_skene"})
    found = outcome_of(campaign)
    assert by_item(found)["last"].answer == A
    assert by_item(found)["last"].things[0]["confidence"] > 0.9
    assert set(found.decided.about["priors"]) == {"first", "tie", "second"}


def test_units_whose_votes_are_alike_share_one_row(researcher: User) -> None:
    items = [said_item(f"r{n}", ("ann", A), ("bob", A)) for n in range(20)] + [said_item("other", ("ann", B))]
    found = outcome_of(said(researcher, PAIR, items))
    assert (len(found.unit), len(found.rows)) == (21, 2)


def test_nothing_answered_is_nothing_decided(researcher: User) -> None:
    for slug, question in (
        ("pair", PAIR),
        ("set", {"kind": "choice", "config": {"options": ["x", "y"], "multiple": True}}),
    ):
        for by in ("majority", "dawid_skene"):
            found = outcome_of(
                said(researcher, question, [said_item("r1")], slug=f"{slug}-{by}".replace("_", "-")), by=by
            )
            assert (len(found.unit), found.rows, found.answered.tolist()) == (0, [], [])


def test_things_and_answers_are_made_once_however_votes_combine(researcher: User) -> None:
    question = {"kind": "rating", "config": {"min": 1, "max": 3}}
    items = [
        said_item(f"r{a}{b}", ("ann", {"a": a, "b": b}), ("bob", {"a": 3, "b": b})) for a in (2, 3) for b in (1, 2)
    ]
    found = outcome_of(said(researcher, question, items))
    rows = by_item(found)
    assert {key: row.answer for key, row in rows.items()} == {
        "r21": {"a": 3, "b": 1},
        "r22": {"a": 3, "b": 2},
        "r31": {"a": 3, "b": 1},
        "r32": {"a": 3, "b": 2},
    }
    assert [thing["said"] for thing in rows["r21"].things] == [{"2": 1, "3": 1}, {"1": 2}]
    assert rows["r21"].things[0] is rows["r22"].things[0]
    assert rows["r21"].answer is rows["r31"].answer
    assert len(found.rows) == 4


def test_of_very_many_labels_the_usual_rule_decides(researcher: User) -> None:
    options = [f"o{n}" for n in range(51)]
    question = {"kind": "choice", "config": {"options": options}}
    items = [said_item(f"r{n}", ("ann", options[n])) for n in range(51)]
    campaign = said(researcher, question, items, consensus={"q": "dawid_skene"})
    assert outcome_of(campaign).rule == "majority"
    with pytest.raises(ValueError, match="51 labels are too many"):
        outcome_of(campaign, by="dawid_skene")


def test_every_rule_decides_some_kind_and_only_texts_have_none() -> None:
    assert set(rules()) >= {"majority", "mean", "dawid_skene"}
    used = {name for found in kinds().values() for name in rules_for(found.scale({"options": [], "widget": "buttons"}))}
    assert used == set(rules())
    assert rules_for("text") == []
