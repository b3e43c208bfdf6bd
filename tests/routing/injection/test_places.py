"""No text leaves its place: whatever stands in the material, the prompt parses back into what was put in."""

import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotate.kinds.source import Source
from routing.injection import ATTEMPTS, PLACES, Attempt, placed
from routing.judges.base import FreeText, Labels, Structured
from routing.protocols import Call, Judged, JudgingProtocol, QuestionSpec, protocol, protocols
from routing.protocols.fencing import plain
from tests.routing.protocols.test_templates import EXTRA, question_of
from tests.routing.protocols.units import SETTINGS, asked_through, scripted

NAMES = sorted(name for name, each in protocols().items() if each.needs <= {Labels, Structured, FreeText})
TEXTS = {"a": "The sky is blue.", "b": "Nobody knows, they say.", "c": "It is up there."}
REPLACED = {"Why?", "It is day.", TEXTS["b"]}
END = "End of the material."


def unit(texts: dict[str, str], prompt: str = "Why?", context: str = "It is day.", shown: str = "ab") -> Judged:
    source = Source(prompt, context, [{"key": "true", "text": "Is it true?"}], lambda: list(texts.items()))
    return Judged(prompt, texts, context, "A reference.", tuple(shown), "Be fair.", source)


def attacked(attempt: Attempt, key: str = "b") -> Judged:
    """The attempt in a completion, the prompt and the context at once."""
    judged = unit(TEXTS)
    for where in PLACES:
        judged = placed(judged, attempt.text, where, key)
    return unit(judged.completions, judged.prompt, judged.context or "")


def parsed(prompt: str) -> tuple[str, list[tuple[str, str]], str]:
    """A prompt as (what stands before the material, the parts by title, what stands after it)."""
    code = re.findall(r"Lines with the code ([0-9a-f]{6}) separate the material\.", prompt)[0]
    before, *blocks = prompt.split(f"\n\n[{code}] ")
    parts = [(title, text) for title, _, text in (block.partition(":\n") for block in blocks[:-1])]
    assert blocks[-1].startswith(END)
    assert all(code not in plain(text) for _, text in parts)
    return before.replace(code, "CODE"), parts, blocks[-1].removeprefix(END)


def asked(judging: JudgingProtocol, judged: Judged, question: QuestionSpec) -> list[Call]:
    """All calls; the model's own words are the same whatever stands in the material."""
    return asked_through(judging, judged, question, _indifferent)[0]


def _indifferent(requests: Any) -> Any:
    calm = [replace(request, texts=("one", "two")[: len(request.texts)]) for request in requests]
    return scripted(rule="first")(calm)


def variants(name: str) -> list[tuple[JudgingProtocol, QuestionSpec]]:
    found = protocol(name)
    settings = [{"reasoning": True}, {"reasoning": False}] if "reasoning" in found.defaults else [{}]
    questions = [question_of(found.kind, config) for config in EXTRA[found.kind]]
    return [(found({**SETTINGS.get(name, {}), **each}), question) for each in settings for question in questions]


def test_there_are_enough_attempts_and_no_two_alike() -> None:
    assert len(ATTEMPTS) >= 30
    assert len({attempt.name for attempt in ATTEMPTS}) == len({attempt.text for attempt in ATTEMPTS}) == len(ATTEMPTS)


@pytest.mark.parametrize("name", NAMES)
def test_no_attempt_leaves_its_place(name: str) -> None:
    for judging, question in variants(name):
        clean = asked(judging, unit(TEXTS), question)
        for attempt in ATTEMPTS:
            judged = attacked(attempt)
            calls = asked(judging, judged, question)
            assert len(calls) == len(clean)
            known = {judged.prompt, judged.context, judged.reference, *judged.completions.values()}
            for call, model in zip(calls, clean, strict=True):
                assert _told(call) == _told(model), attempt.name
                parts, calm = (parsed(each.request.messages[0]["content"])[1] for each in (call, model))
                assert [title for title, _ in parts] == [title for title, _ in calm]
                hostile = [text for _, text in parts if attempt.text in text]
                assert set(hostile) <= known
                assert len(hostile) == sum(text in REPLACED for _, text in calm)


def _told(call: Call) -> list[Any]:
    """All that is not material: roles, instructions, rules, the question, and the later turns."""
    first, *later = call.request.messages
    before, _, after = parsed(first["content"])
    return [first["role"], before, after, later, call.request.want, sorted(call.keys)]


@given(st.lists(st.text(), min_size=2, max_size=2), st.text(), st.text(min_size=1))
def test_any_text_at_all_keeps_its_place(texts: list[str], prompt: str, context: str) -> None:
    judged = unit(dict(zip("ab", texts, strict=True)), prompt, context)
    for call in protocol("pairwise")().calls(judged, question_of("pairwise", {})):
        _, parts, after = parsed(call.request.messages[0]["content"])
        expected = [("Context", context), ("Request", prompt), ("Reference answer", "A reference.")]
        expected += zip(["Response A", "Response B"], call.request.texts, strict=True)
        assert parts == [(title, text) for title, text in expected if text or title.startswith("Response")]
        assert "Which response is better, A or B?" in after
