"""Units to be judged, and a judge in this process that goes through all the stages of a protocol."""

from collections.abc import Callable, Sequence
from typing import Any

from annotate.kinds.source import CONTEXT, PROMPT, Source
from annotate.texts import context_text
from routing.judges import Reply, provider
from routing.judges.base import Request
from routing.protocols import Call, Judged, JudgingProtocol, QuestionSpec, Verdict
from tests.annotate.kinds.examples import Example

Answering = Callable[[Sequence[Request]], list[Reply]]

SETTINGS: dict[str, dict[str, Any]] = {
    "persona": {"profile": "A nurse who is short of time."},
    "principles": {"principles": ["Be kind.", "Say what is so."]},
    "relative_rubric": {"criterion": "Is it friendly?", "descriptions": ["rude", "friendly"]},
    "absolute_rubric": {"criterion": "Is it friendly?"},
}
"""What the protocols need to be told that cannot do without."""


def scripted(**config: Any) -> Answering:
    return provider("scripted")({"rule": "longer", **config}).answer


def spec_of(example: Example) -> QuestionSpec:
    asked = example.asked()
    return QuestionSpec("q", asked.kind, asked.config, "Is it {good}?", asked.shows)


def judged_of(example: Example) -> Judged:
    """The unit of an example; where its item has no texts, made-up ones."""
    source = example.source
    texts = {
        key: "\n\n".join(source.parts(key)) or f"Text of {key}: {n * 'word '}" for n, key in enumerate(example.keys)
    }
    if not any(source.parts(key) for key in example.keys):
        source = Source(source.prompt or "Do it.", source.context, source.points, lambda: list(texts.items()))
    prompt = "\n\n".join(source.parts(PROMPT))
    return Judged(prompt, texts, context_text(source.context), "A reference.", example.keys, "Be fair.", source)


def parts_of(judged: Judged, target: str) -> tuple[str, ...]:
    return judged.source.parts(target) if target in (PROMPT, CONTEXT) else (judged.completions[target],)


def asked_through(
    judging: JudgingProtocol, judged: Judged, question: QuestionSpec, answer: Answering
) -> tuple[list[Call], list[Reply]]:
    """All calls of a unit with their replies, stage by stage; what was asked before stays as it was."""
    replies: list[Reply] = []
    calls = judging.calls(judged, question)
    while len(calls) > len(replies):
        replies += answer([call.request for call in calls[len(replies) :]])
        before, calls = calls, judging.calls(judged, question, replies)
        assert calls[: len(before)] == before
    assert [call.order for call in calls] == list(range(len(calls)))
    return calls, replies


def judged_by(judging: JudgingProtocol, judged: Judged, question: QuestionSpec, answer: Answering) -> Verdict:
    _, replies = asked_through(judging, judged, question, answer)
    return judging.verdict(judged, question, replies)
