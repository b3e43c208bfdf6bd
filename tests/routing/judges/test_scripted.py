import pytest

from routing.judges import Labels, Request
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


def test_texts_that_fit_no_rule_are_a_provider_error_and_no_guess() -> None:
    request = Request((), Labels(("A", "B", "C")), ("x", "y"))
    [reply] = ScriptedProvider({}).answer([request])
    assert (reply.status, reply.probabilities) == ("provider_error", {})
    assert "one text, or 3" in reply.raw["error"]


def test_the_revision_names_rule_noise_and_seed() -> None:
    revisions = {ScriptedProvider({"seed": s, "noise": n}).revision for s in (0, 1) for n in (0.0, 0.1)}
    assert len(revisions) == 4
