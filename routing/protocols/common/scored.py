"""What the protocols share that give every completion a score by itself: no order, and so no slots."""

import math
from abc import abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from routing.judges.base import Reply, Request, Want
from routing.protocols.base import Call, Judged, JudgingProtocol, QuestionSpec, Verdict
from routing.protocols.both_orders import TIE_BAND, Comparison, decide, sigmoid, strength
from routing.protocols.common.paired import two_keys


class Scored(JudgingProtocol):
    """Of two completions with the scores s, P(a preferred) = sigmoid((s_a − s_b) / `temperature`), as in a
    Bradley–Terry model. Where ties are allowed, |P − ½| < `tie_band` is one; equal scores are an abstention otherwise.

    Scores come from the conversation alone: the request (after its context) and a completion. Guidelines and reference
    answers are not read. "Both are bad" is never said.
    """

    kind: ClassVar[str] = "pairwise"
    defaults: ClassVar[Mapping[str, Any]] = {"tie_band": TIE_BAND, "temperature": 1.0}
    limits: ClassVar[Mapping[str, tuple[float, float]]] = {"tie_band": (0, 0.5), "temperature": (1e-6, 1e6)}

    @abstractmethod
    def want(self) -> Want:
        """What is wanted of each conversation."""

    def score(self, reply: Reply) -> float:
        """The score in a reply."""
        return float(reply.scores[0])

    def supports(self, question: QuestionSpec) -> str | None:
        if question.kind != self.kind:
            return f"question {question.name!r} is of kind {question.kind}; this judges {self.kind}"
        if question.shows == "each":
            return f"question {question.name!r} shows one completion at a time; a comparison needs two"
        return None

    def calls(self, judged: Judged, question: QuestionSpec, replies: Sequence[Reply] = ()) -> list[Call]:
        two_keys(judged, question)
        return self.conversations(judged)

    def conversations(self, judged: Judged) -> list[Call]:
        """A call for every completion shown."""
        return [
            Call(n, (key,), Request(conversation(judged, key), self.want(), (judged.completions[key],)))
            for n, key in enumerate(judged.keys)
        ]

    def scores(self, judged: Judged, replies: Sequence[Reply]) -> dict[str, float]:
        return {key: self.score(reply) for key, reply in zip(judged.keys, replies, strict=True)}

    def verdict(self, judged: Judged, question: QuestionSpec, replies: Sequence[Reply]) -> Verdict:
        if failure := self.failed(judged, question, replies):
            return failure
        (a, b), scores = two_keys(judged, question), self.scores(judged, replies)
        d = (scores[a] - scores[b]) / self.config["temperature"]
        p, details = sigmoid(d), {"d": d, "scores": scores}
        found = Comparison((d > 0) - (d < 0), p, d, details)
        side = decide(found, bool(question.config.get("allow_tie", True)), self.config["tie_band"])
        probabilities, confidence = {a: p, b: 1 - p}, max(p, 1 - p)
        if side is None:
            return Verdict("abstain", None, probabilities, details, confidence)
        answer: dict[str, Any] = {"preferred": {1: a, -1: b}.get(side)}
        if side and (steps := len(question.config.get("strengths") or ())):
            answer["strength"] = strength(d, steps)
        return Verdict("ok", answer, probabilities, details, confidence)

    def failure(self, calls: Sequence[Call], replies: Sequence[Reply]) -> Verdict | None:
        if failed := super().failure(calls, replies):
            return failed
        for call, reply in zip(calls, replies, strict=True):
            if not reply.scores or not all(map(math.isfinite, reply.scores)):
                return Verdict("parse_error", details={"call": call.order, "error": "the reply holds no finite score"})
        return None


def conversation(judged: Judged, key: str) -> tuple[dict[str, str], ...]:
    """The request, after its context, and a completion as the answer to it."""
    asked = "\n\n".join(part for part in (judged.context, judged.prompt) if part)
    return {"role": "user", "content": asked}, {"role": "assistant", "content": judged.completions[key]}
