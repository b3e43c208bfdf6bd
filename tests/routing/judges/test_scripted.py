import math
from typing import Any

import pytest

from routing.judges import Labels, Reply, Request
from routing.judges.base import FreeText, Likelihood, Reward, Structured, Want
from routing.judges.parsing import problem
from routing.judges.scripted import ScriptedProvider

LONG, SHORT = "one two three four five six seven", "one"  # 7 words and 1: weights 8 and 2


def pair(first: str, second: str, note: str = "") -> Request:
    return Request(({"role": "user", "content": note},), Labels(("A", "B")), (first, second))


def one(text: str) -> Request:
    return Request(({"role": "user", "content": ""},), Labels(("1", "2", "3", "4")), (text,))


@pytest.mark.parametrize(
    ("rule", "first"), [("longer", 8 / 10), ("shorter", (1 / 8) / (1 / 8 + 1 / 2)), ("first", 0.9)]
)
def test_a_pair_is_judged_by_the_rule(rule: str, first: float) -> None:
    [reply] = ScriptedProvider({"rule": rule}).answer([pair(LONG, SHORT)])
    assert reply.probabilities == pytest.approx({"A": first, "B": 1 - first})


def test_equal_lengths_are_an_even_chance() -> None:
    [reply] = ScriptedProvider({"rule": "longer"}).answer([pair("a b", "c d")])
    assert reply.probabilities == {"A": 0.5, "B": 0.5}


def test_the_hash_rule_follows_the_text_and_not_the_slot() -> None:
    judge = ScriptedProvider({"rule": "hash", "seed": 3})
    one_way, other_way = judge.answer([pair("x", "y"), pair("y", "x")])
    assert one_way.probabilities["A"] == pytest.approx(other_way.probabilities["B"])
    assert one_way.probabilities["A"] != pytest.approx(0.5)


def test_a_longer_text_gets_a_higher_step() -> None:
    judge = ScriptedProvider({"rule": "longer"})
    replies = judge.answer([one("word " * words) for words in (1, 40, 60, 1000)])
    best = [max(r.probabilities, key=r.probabilities.__getitem__) for r in replies]
    assert best == ["1", "2", "3", "4"]
    assert all(sum(r.probabilities.values()) == pytest.approx(1) for r in replies)


def test_noise_changes_about_as_many_verdicts_as_it_says() -> None:
    requests = [pair(LONG, SHORT, str(n)) for n in range(400)]
    replies = ScriptedProvider({"noise": 0.5}).answer(requests)
    # Half are touched, and a turn by 0 or 1 of two labels changes half of those.
    assert 70 <= sum(r.probabilities["A"] < 0.5 for r in replies) <= 130


def test_the_same_request_gets_the_same_reply_and_another_seed_another() -> None:
    requests = [pair(f"text {n}", "other") for n in range(20)]
    again = [ScriptedProvider({"rule": "hash", "noise": 0.3}).answer(requests) for _ in range(2)]
    assert again[0] == again[1]
    assert ScriptedProvider({"rule": "hash", "noise": 0.3, "seed": 1}).answer(requests) != again[0]


def test_several_texts_have_one_place_on_a_scale_that_is_not_theirs() -> None:
    request = Request((), Labels(("A", "B", "C")), ("word " * 200, "word"))
    [reply] = ScriptedProvider({}).answer([request])
    assert (reply.status, max(reply.probabilities, key=reply.probabilities.__getitem__)) == ("ok", "C")


def wanted(want: Want, *texts: str, rule: str = "longer", **config: Any) -> Reply:
    request = Request(({"role": "user", "content": "So?"},), want, texts)
    [reply] = ScriptedProvider({"rule": rule, **config}).answer([request])
    assert [reply] == ScriptedProvider({"rule": rule, **config}).answer([request])
    assert reply.status == "ok"
    return reply


def test_a_reward_is_the_weight_so_that_its_difference_is_the_preference() -> None:
    [one], [other] = wanted(Reward(), LONG).scores, wanted(Reward(), SHORT).scores
    assert 1 / (1 + math.exp(other - one)) == pytest.approx(8 / 10)


def test_continuations_are_the_likelier_the_better_the_text() -> None:
    pleased = Likelihood(("Thanks!", "That is wrong."))
    good, bad = (wanted(pleased, text).scores for text in ("word " * 200, "word"))
    assert good[0] > good[1]
    assert bad[0] < bad[1]
    assert all(score <= 0 for score in (*good, *bad))


def test_free_text_says_what_the_rule_goes_by() -> None:
    assert wanted(FreeText(), LONG, SHORT).value == "By the rule “longer”: text 1 has 7 words, text 2 has 1 words."
    assert wanted(FreeText()).value == "By the rule “longer”: there is no text."


@pytest.mark.parametrize("rule", ["longer", "shorter", "first", "hash"])
@pytest.mark.parametrize("noise", [0.0, 1.0])
@pytest.mark.parametrize(
    "schema",
    [
        {"enum": [1, 2, 3]},
        {"type": "boolean"},
        {"type": "integer", "minimum": 3, "maximum": 7},
        {"type": "number", "minimum": -1, "maximum": 0.5},
        {"type": "string", "minLength": 300},
        {"type": "string", "maxLength": 4},
        {"type": "array", "items": {"enum": ["x", "y", "z"]}, "uniqueItems": True},
        {"type": "array", "items": {"enum": ["A", "B"]}, "minItems": 2, "maxItems": 2, "uniqueItems": True},
        {"type": "array", "items": {"type": "string"}, "minItems": 3, "maxItems": 5},
        {"type": "object", "properties": {"A": {"type": "object", "properties": {"score": {"enum": [1, 2]}}}}},
    ],
)
def test_json_fits_any_schema_that_protocols_use(schema: dict[str, Any], noise: float, rule: str) -> None:
    for texts in ((), (LONG,), (LONG, SHORT)):
        value = wanted(Structured(schema), *texts, rule=rule, noise=noise).value
        assert problem(value, schema) == "", value


def test_json_follows_the_rule() -> None:
    scored = {"type": "object", "properties": {"score": {"enum": [1, 2, 3, 4]}}}
    each = {"type": "object", "properties": {"A": scored, "B": scored}}
    assert wanted(Structured(each), "word " * 400, "word").value == {"A": {"score": 4}, "B": {"score": 1}}
    order = {"type": "array", "items": {"enum": ["A", "B", "C"]}, "minItems": 3, "maxItems": 3, "uniqueItems": True}
    assert wanted(Structured(order), "one two", "one two three", "one").value == ["B", "A", "C"]


def test_quotes_stand_in_the_text() -> None:
    text = "The  sky is “blue”,\nso to speak."
    marks = {"type": "array", "minItems": 2, "items": {"type": "object", "properties": {"quote": {"type": "string"}}}}
    for seed in range(10):
        value = wanted(Structured(marks), text, rule="hash", seed=seed).value
        assert all(mark["quote"] and mark["quote"] in text for mark in value)


def test_the_revision_names_rule_noise_and_seed() -> None:
    revisions = {ScriptedProvider({"seed": s, "noise": n}).revision for s in (0, 1) for n in (0.0, 0.1)}
    assert len(revisions) == 4
