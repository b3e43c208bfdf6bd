"""What holds for every judging protocol and every kind of question: there is a way to ask it, and the answer fits."""

import json
from dataclasses import replace
from typing import Any

import pytest

from annotate.answers import clean_answers
from annotate.kinds import kinds
from annotate.kinds.base import Asked
from routing.judges import Reply, UnknownName
from routing.judges.base import FreeText, Labels, Request, Status, Structured
from routing.protocols import Judged, JudgingProtocol, QuestionSpec, protocol, protocols, protocols_for
from tests.annotate.kinds.examples import EXAMPLES, Example
from tests.routing.protocols.units import SETTINGS, asked_through, judged_by, judged_of, scripted, spec_of

PLUGIN = "likelihood"
"""The kind that `tests/plugins` defines, for which there is no protocol."""
RULES = ("longer", "first", "hash")
READ = {Labels, Structured, FreeText}
"""What a language model gives; the protocols for likelihoods and rewards have contracts of their own."""


def titled(example: Example) -> str:
    return f"{example.kind} {json.dumps(example.config)[:60]} {example.shows}"


def ready(name: str, **config: Any) -> JudgingProtocol:
    """The protocol with the settings that it cannot do without."""
    return protocol(name)({**SETTINGS.get(name, {}), **config})


def cases(*wanted: str) -> pytest.MarkDecorator:
    """Every example with every protocol that can judge it and knows the settings `wanted`."""
    found = [
        pytest.param(example, name, id=f"{titled(example)} {name}")
        for example in EXAMPLES
        for name, each in protocols_for(example.kind).items()
        if each.needs <= READ and set(wanted) <= set(each.defaults) and not ready(name).supports(spec_of(example))
    ]
    assert len(found) > 5
    return pytest.mark.parametrize(("example", "name"), found)


def cleaned(example: Example, judged: Judged, answer: object) -> object:
    asked: Asked = replace(example.asked(), source=judged.source)
    return clean_answers([asked], {"q": answer})["q"]


@pytest.mark.parametrize("example", EXAMPLES, ids=titled)
def test_every_configuration_of_every_kind_can_be_judged(example: Example) -> None:
    """Without a setting, and at least one rule of the scripted judge comes to an answer."""
    judged, question = judged_of(example), spec_of(example)
    able = [each() for each in protocols_for(example.kind).values() if each.needs <= READ]
    able = [judging for judging in able if judging.supports(question) is None]
    statuses = [judged_by(judging, judged, question, scripted(rule=rule)).status for judging in able for rule in RULES]
    assert "ok" in statuses


@pytest.mark.parametrize("shows", ["each", "pair", "all"])
@pytest.mark.parametrize("kind", sorted(set(kinds()) - {PLUGIN}))
def test_every_kind_can_be_judged_in_every_view_it_can_stand_in(kind: str, shows: str) -> None:
    example = next(example for example in EXAMPLES if example.kind == kind)
    question = replace(spec_of(example), shows=shows)
    able = [name for name in protocols_for(kind) if protocol(name)().supports(question) is None]
    assert bool(able) == (shows in kinds()[kind].shows)


@cases()
@pytest.mark.parametrize("rule", RULES)
def test_the_answer_of_a_judge_is_one_that_people_could_give(example: Example, name: str, rule: str) -> None:
    judging, judged, question = ready(name), judged_of(example), spec_of(example)
    verdict = judged_by(judging, judged, question, scripted(rule=rule))
    json.dumps([verdict.answer, verdict.probabilities, verdict.details])
    assert verdict.status in ("ok", "abstain"), verdict.details
    if verdict.status == "ok":
        assert cleaned(example, judged, verdict.answer) is not None
    assert verdict.confidence is None or 0 <= verdict.confidence <= 1
    assert judged_by(judging, judged, question, scripted(rule=rule)) == verdict


@cases("reasoning")
def test_with_reasons_first_the_answer_fits_as_well(example: Example, name: str) -> None:
    judged, question = judged_of(example), spec_of(example)
    for reasoning in (True, False):
        judging = ready(name, reasoning=reasoning)
        calls, replies = asked_through(judging, judged, question, scripted())
        thoughts = [call for call in calls if isinstance(call.request.want, FreeText)]
        assert bool(thoughts) == (reasoning or name == "self_reference")
        verdict = judging.verdict(judged, question, replies)
        assert verdict.status != "ok" or cleaned(example, judged, verdict.answer) is not None


@cases()
def test_where_a_model_only_names_labels_the_answer_fits_as_well(example: Example, name: str) -> None:
    """No probabilities: hosted models, and servers that give none."""

    def naming(requests: list[Request]) -> list[Reply]:
        replies = scripted(rule="hash")(requests)
        return [_without_probabilities(reply) for reply in replies]

    judging, judged, question = ready(name), judged_of(example), spec_of(example)
    verdict = judged_by(judging, judged, question, naming)  # type: ignore[arg-type]
    assert verdict.status in ("ok", "abstain"), verdict.details
    assert verdict.status != "ok" or cleaned(example, judged, verdict.answer) is not None
    if any(isinstance(call.request.want, Labels) for call in judging.calls(judged, question)):
        assert (verdict.confidence, verdict.probabilities) == (None, None)


def _without_probabilities(reply: Reply) -> Reply:
    if not reply.probabilities:
        return reply
    best = max(reply.probabilities, key=reply.probabilities.__getitem__)
    return replace(reply, probabilities={}, missing=1.0, value=best)


@cases()
@pytest.mark.parametrize("status", ["truncated", "provider_error", "refusal", "parse_error"])
def test_one_failed_call_is_a_status_and_never_an_answer(example: Example, name: str, status: Status) -> None:
    judging, judged, question = ready(name), judged_of(example), spec_of(example)
    calls, replies = asked_through(judging, judged, question, scripted())
    for place in {0, len(calls) - 1}:
        broken = [*replies[:place], Reply.failed(status, "why"), *replies[place + 1 :]]
        verdict = judging.verdict(judged, question, broken)
        assert (verdict.status, verdict.answer, verdict.probabilities) == (status, None, None)
        assert (verdict.details["call"], verdict.details["error"]) == (place, "why")
    with pytest.raises(ValueError, match="replies, one per call"):
        judging.verdict(judged, question, replies[:-1])


@cases()
def test_json_off_the_schema_and_text_that_cannot_be_kept_are_parse_errors(example: Example, name: str) -> None:
    judging, judged, question = ready(name), judged_of(example), spec_of(example)
    calls, replies = asked_through(judging, judged, question, scripted())
    for place, call in enumerate(calls):
        if isinstance(call.request.want, Labels):
            continue
        for value in (None, {}, 5, {"other": 1}, "a\0b", " "):
            broken = [*replies[:place], replace(replies[place], value=value), *replies[place + 1 :]]
            if place == len(calls) - 1 or isinstance(call.request.want, Structured):
                assert judging.verdict(judged, question, broken).status == "parse_error", value


def test_a_kind_without_a_protocol_says_so_and_nothing_breaks() -> None:
    assert protocols_for(PLUGIN) == {}
    question = QuestionSpec("q", PLUGIN, {"step": 10})
    for each in protocols().values():
        assert PLUGIN in str(each().supports(question))


def test_an_unknown_protocol_names_the_near_misses() -> None:
    with pytest.raises(UnknownName, match="no judging protocol named 'ratings'; did you mean 'rating'"):
        protocol("ratings")


@pytest.mark.parametrize("name", sorted(protocols()))
def test_a_protocol_says_what_it_is(name: str) -> None:
    found = protocol(name)
    assert found.name == name
    assert found.version >= 1
    assert found.describe.endswith(".")
    assert found.paper
    assert found.kind in kinds()
    assert set(found.choices) | set(found.limits) <= set(found.defaults)
