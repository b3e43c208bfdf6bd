"""A provider that writes checklists, but where the prompt holds the word of a failure; found by discovery."""

from collections.abc import Sequence
from typing import Any, ClassVar

from routing.judges.base import Labels, Provider, Reply, Request, Structured, Want
from routing.models import JudgeRun

ODD: dict[str, Any] = {
    "FEW": {"points": ["Is it the only one?"]},
    "MANY": {"points": [f"Is it {n}?" for n in range(9)]},
    "EMPTY": {"points": ["Is it there?", "  "]},
    "LONG": {"points": ["Is it there?", "x" * 401]},
    "PROSE": "Well, it depends.",
}


class WritingProvider(Provider):
    """Two points for every request; the first label for every choice."""

    name: ClassVar[str] = "writing"
    gives: ClassVar[frozenset[type[Want]]] = frozenset({Labels, Structured})

    @property
    def revision(self) -> str:
        return "writing-1"

    def answer(self, requests: Sequence[Request]) -> list[Reply]:
        return [self._reply(request) for request in requests]

    def _reply(self, request: Request) -> Reply:
        prompt = request.messages[-1]["content"]
        if isinstance(request.want, Labels):
            labels = request.labels
            return Reply("ok", dict.fromkeys(labels, 0.0) | {labels[0]: 1.0}, 0.0)
        if "CANCEL" in prompt:  # somebody presses the button meanwhile
            JudgeRun.objects.update(state=JudgeRun.State.CANCELLED)
        if "DOWN" in prompt:
            return Reply.failed("provider_error", "the server is away")
        odd = next((value for word, value in ODD.items() if word in prompt), None)
        value = odd or {"points": ["Does it answer the question?", "Is it a single  sentence?"]}
        return Reply("ok", value=value, prompt_tokens=20, completion_tokens=10)
