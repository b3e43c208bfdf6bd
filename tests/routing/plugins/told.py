"""A provider that is told its answers by the texts: `0.9 0.2` is P(first slot) first and second in the prompt.

Of several such, separated by bars, each repeat of a pair takes the next; `-` is a failure.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from routing.judges.base import Provider, Reply, Request


class ToldProvider(Provider):
    name: ClassVar[str] = "told"
    describe: ClassVar[str] = "Answers what the texts say."
    defaults: ClassVar[Mapping[str, Any]] = {"price": 0}

    def __init__(self, config: Mapping[str, Any]) -> None:
        super().__init__(config)
        self.asked: Counter[tuple[str, int]] = Counter()

    @property
    def revision(self) -> str:
        return "told-1"

    def answer(self, requests: Sequence[Request]) -> list[Reply]:
        return [self._reply(request) for request in requests]

    def _reply(self, request: Request) -> Reply:
        place, text = next((n, text) for n, text in enumerate(request.texts) if text[:1] in "01-")
        told = text.split("|")
        turn = self.asked[text, place]
        self.asked[text, place] += 1
        said = told[min(turn, len(told) - 1)].split()[place]
        if said == "-":
            return Reply.failed("parse_error", "told so", 5)
        first = float(said)
        labels = dict(zip(request.labels, (first, 1 - first), strict=True))
        return Reply("ok", labels, 0.0, 5, 1, 0.1, {"text": said})
