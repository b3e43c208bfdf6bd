"""The protocol `rating`: each completion graded in isolation, on the question's own scale."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, ClassVar

from routing.judges.base import Labels, Reply, Request
from routing.protocols.base import Call, Judged, JudgingProtocol, QuestionSpec, Verdict
from routing.protocols.fencing import fenced

MOST_STEPS = 10
INSTRUCTIONS = "One response to a request is to be graded."
ASK = """{title}
How good is the response on a scale from {low} (worst) to {high} (best)?{named}
Reply with the number alone."""


class RatingProtocol(JudgingProtocol):
    """The most probable step, and beside it the expected score Σ s·p(s) (G-Eval, arXiv 2303.16634).

    One call per completion, which never sees the others. Two steps exactly as probable as each other, and
    more so than the rest, are an abstention: nothing speaks for either.
    """

    name: ClassVar[str] = "rating"
    version: ClassVar[int] = 1
    kind: ClassVar[str] = "rating"

    def supports(self, question: QuestionSpec) -> str | None:
        if question.kind != self.kind:
            return f"question {question.name!r} is of kind {question.kind}; this judges {self.kind}"
        count = step_count(question.config)
        if not 2 <= count <= MOST_STEPS:
            return f"question {question.name!r} has a scale of {count} steps; this takes 2 to {MOST_STEPS}"
        return None

    def calls(self, judged: Judged, question: QuestionSpec, replies: Sequence[Reply] = ()) -> list[Call]:
        if not judged.keys:
            raise ValueError(f"question {question.name!r} rates completions and none is shown")
        labels = tuple(scale(question.config))
        return [
            Call(n, (key,), self._request(judged, question, judged.completions[key], labels))
            for n, key in enumerate(judged.keys)
        ]

    def verdict(self, judged: Judged, question: QuestionSpec, replies: Sequence[Reply]) -> Verdict:
        calls = self.calls(judged, question)
        if failure := self.failure(calls, replies):
            return failure
        values = scale(question.config)
        probabilities = {c.keys[0]: dict(r.probabilities) for c, r in zip(calls, replies, strict=True)}
        details = {
            "expected": {key: _expected(values, each) for key, each in probabilities.items()},
            "missing": {c.keys[0]: r.missing for c, r in zip(calls, replies, strict=True)},
        }
        best = {key: _most_probable(each) for key, each in probabilities.items()}
        if undecided := [key for key, steps in best.items() if len(steps) > 1]:
            return Verdict("abstain", None, probabilities, {**details, "undecided": undecided})
        answer = {key: values[steps[0]] for key, steps in best.items()}
        return Verdict("ok", answer, probabilities, details)

    def _request(self, judged: Judged, question: QuestionSpec, text: str, labels: tuple[str, ...]) -> Request:
        names = question.config.get("labels") or ()
        ends = (labels[0], labels[-1]) if len(names) == 2 else labels
        named = "; ".join(f"{step} means {name}" for step, name in zip(ends, names, strict=False))
        ask = ASK.format(title=question.title, low=labels[0], high=labels[-1], named=f"\n{named}." if named else "")
        prompt = fenced(INSTRUCTIONS, [*judged.background(), ("Response", text)], ask.strip())
        return Request(({"role": "user", "content": prompt},), Labels(labels), (text,))


def scale(config: Mapping[str, Any]) -> dict[str, float]:
    """The scale's steps, worst first: how each is written → its value (an int where it is whole)."""
    low, step = (Decimal(str(config.get(key, 1))) for key in ("min", "step"))
    values = [low + index * step for index in range(step_count(config))]
    numbers = [int(value) if value == int(value) else float(value) for value in values]
    return {str(number): number for number in numbers}


def step_count(config: Mapping[str, Any]) -> int:
    """How many steps the scale has: from `min` (1) to `max` (5) by `step` (1)."""
    low, high, step = (Decimal(str(config.get(key, d))) for key, d in (("min", 1), ("max", 5), ("step", 1)))
    return round((high - low) / step) + 1


def _expected(values: Mapping[str, float], probabilities: Mapping[str, float]) -> float:
    return sum(values[step] * p for step, p in probabilities.items())


def _most_probable(probabilities: Mapping[str, float]) -> list[str]:
    top = max(probabilities.values())
    return [step for step, p in probabilities.items() if p == top]
