"""The protocols that read rewards and likelihoods: order-free, by hand-worked scores."""

import hashlib
import json
import math
from typing import Any

import pytest

from annotate.answers import clean_answers
from routing.judges import Reply
from routing.protocols import Judged, JudgingProtocol, QuestionSpec, protocol
from routing.protocols.follow_up import DISPLEASED, PLEASED
from tests.annotate.kinds.examples import EXAMPLES
from tests.routing.protocols.units import asked_through, judged_by, judged_of, scripted, spec_of

NAMES = ("follow_up", "reward_ranking", "scalar_reward")
KNOWN = {
    "follow_up": "928fd69377b28dfa",
    "reward_ranking": "f6475308606f401c",
    "scalar_reward": "83447eb3f0ef8ead",
}
"""What version 1 of each asks: a changed request needs a new version."""
JUDGED = Judged("Why?", {"a": "So.", "b": "Hm.", "c": "No."}, "Sky.", "A reference.", ("a", "b"), "Be fair.")
ALL = Judged("Why?", JUDGED.completions, shown=("a", "b", "c"))


def question(kind: str = "pairwise", **config: Any) -> QuestionSpec:
    return QuestionSpec("q", kind, config, "Which is better?", "all")


def rewards(*values: float) -> list[Reply]:
    return [Reply("ok", scores=(value,)) for value in values]


def verdict(*values: float, ties: bool = True, **config: Any) -> Any:
    return protocol("scalar_reward")(config).verdict(JUDGED, question(allow_tie=ties), rewards(*values))


def ranked(*values: float, ties: bool = True, **config: Any) -> Any:
    asked = question("ranking", allow_ties=ties)
    return protocol("reward_ranking")(config).verdict(ALL, asked, rewards(*values))


def test_the_difference_of_rewards_is_the_log_odds() -> None:
    found = verdict(1.5, 0.5)
    p = 1 / (1 + math.exp(-1))
    assert (found.answer, found.confidence) == ({"preferred": "a"}, pytest.approx(p))
    assert found.probabilities == pytest.approx({"a": p, "b": 1 - p})
    assert found.details == {"d": 1.0, "scores": {"a": 1.5, "b": 0.5}}


def test_order_does_not_matter() -> None:
    other = Judged("Why?", {"b": "Hm.", "a": "So."}, shown=("a", "b"))
    turned = protocol("scalar_reward")().verdict(other, question(), rewards(0.5, 1.5))
    assert turned.probabilities == pytest.approx(verdict(1.5, 0.5).probabilities)


@pytest.mark.parametrize(
    ("d", "ties", "answer"),
    [
        (0.07, True, {"preferred": None}),
        (0.09, True, {"preferred": "a"}),
        (-0.09, True, {"preferred": "b"}),
        (0.07, False, {"preferred": "a"}),
        (0.0, False, None),
    ],
)
def test_a_small_difference_is_a_tie_where_ties_are_allowed(d: float, ties: bool, answer: Any) -> None:
    """The band of 0.02 about ½ ends at log-odds of 0.080."""
    found = verdict(d, 0.0, ties=ties)
    assert (found.answer, found.status) == (answer, "ok" if answer else "abstain")


def test_a_temperature_makes_probabilities_milder() -> None:
    assert verdict(2.0, 0.0, temperature=4.0).probabilities["a"] == pytest.approx(1 / (1 + math.exp(-0.5)))


def test_strengths_follow_the_log_odds() -> None:
    asked = question(strengths=["slightly", "much"])
    steps = [protocol("scalar_reward")().verdict(JUDGED, asked, rewards(d, 0)).answer["strength"] for d in (1.0, 1.2)]
    assert steps == [1, 2]  # the stronger step begins at odds of 3 to 1, ln 3 = 1.0986


def test_rewards_rank_and_close_ones_tie() -> None:
    found = ranked(0.5, 2.0, 0.45)
    assert found.answer == {"a": 2, "b": 1, "c": 2}
    assert found.confidence == pytest.approx(1 / (1 + math.exp(-0.05)))
    assert ranked(0.5, 2.0, 0.45, ties=False).answer == {"a": 2, "b": 1, "c": 3}
    assert ranked(0.5, 2.0, 0.45, tie_band=0.0).answer == {"a": 2, "b": 1, "c": 3}


def test_equal_rewards_are_an_abstention_where_ties_are_not_allowed() -> None:
    assert (ranked(1.0, 1.0, 0.0, ties=False).status, ranked(1.0, 1.0, 0.0).answer) == (
        "abstain",
        {"a": 1, "b": 1, "c": 2},
    )


def test_follow_ups_score_by_means_of_pleased_less_displeased() -> None:
    replies = [
        Reply("ok", scores=(-10.0, -12.0, -14.0, -20.0, -20.0, -23.0)),
        Reply("ok", scores=(-11.0, -12.0, -13.0, -20.0, -20.0, -20.0)),
    ]
    found = protocol("follow_up")().verdict(JUDGED, question(), replies)
    assert found.details == {"d": pytest.approx(1.0), "scores": {"a": pytest.approx(9.0), "b": pytest.approx(8.0)}}
    assert found.answer == {"preferred": "a"}


def test_a_call_is_the_conversation_without_guidelines_or_reference() -> None:
    first, second = protocol("follow_up")().calls(JUDGED, question())
    assert first.request.messages == (
        {"role": "user", "content": "Sky.\n\nWhy?"},
        {"role": "assistant", "content": "So."},
    )
    assert second.request.messages[1]["content"] == "Hm."
    assert first.request.want.spec() == {"continuations": [*PLEASED, *DISPLEASED]}
    assert (first.keys, second.keys, first.request.texts) == (("a",), ("b",), ("So.",))


@pytest.mark.parametrize("name", NAMES)
def test_a_failed_or_empty_reply_is_a_status_and_never_an_answer(name: str) -> None:
    judging = protocol(name)()
    judged, asked = (ALL, question("ranking")) if judging.kind == "ranking" else (JUDGED, question())
    calls, replies = asked_through(judging, judged, asked, scripted())
    for bad, status in (
        (Reply.failed("truncated", "long"), "truncated"),
        (Reply("ok"), "parse_error"),
        (Reply("ok", scores=(float("nan"),) * 6), "parse_error"),
    ):
        found = judging.verdict(judged, asked, [*replies[:-1], bad])
        assert (found.status, found.answer) == (status, None)
        assert found.details["call"] == len(calls) - 1


def cases() -> list[Any]:
    found: list[tuple[Any, JudgingProtocol]] = [(e, protocol(name)()) for e in EXAMPLES for name in NAMES]
    return [
        pytest.param(example, judging, id=f"{judging.name}-{json.dumps(example.config)[:40]}-{example.shows}")
        for example, judging in found
        if judging.supports(spec_of(example)) is None
    ]


@pytest.mark.parametrize(("example", "judging"), cases())
@pytest.mark.parametrize("rule", ["longer", "first", "hash"])
def test_the_answer_is_one_that_people_could_give(example: Any, judging: JudgingProtocol, rule: str) -> None:
    judged = judged_of(example)
    found = judged_by(judging, judged, spec_of(example), scripted(rule=rule))
    json.dumps([found.answer, found.probabilities, found.details])
    assert found.status in ("ok", "abstain"), found.details
    if found.status == "ok":
        assert clean_answers([example.asked()], {"q": found.answer})["q"] is not None


@pytest.mark.parametrize("name", NAMES)
def test_what_is_asked_does_not_change_within_a_version(name: str) -> None:
    judging = protocol(name)()
    judged, asked = (ALL, question("ranking")) if judging.kind == "ranking" else (JUDGED, question())
    said = [[list(c.request.messages), c.request.want.spec()] for c in judging.calls(judged, asked)]
    digest = hashlib.sha256(json.dumps(said).encode()).hexdigest()[:16]
    assert (judging.version, KNOWN[name]) == (1, digest)
