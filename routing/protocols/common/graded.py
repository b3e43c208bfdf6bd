"""What the protocols share that grade every completion alone."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from routing.judges.base import Labels, Reply, Structured, Want
from routing.protocols.base import Call, Judged, JudgingProtocol, QuestionSpec, Verdict
from routing.protocols.common.followed import likeliest
from routing.protocols.common.prompting import Ask, Prompt, guidelines, titled
from routing.protocols.common.scales import MOST_LABELS, described, nearest, on_scale, scale, schema, step_count
from routing.protocols.common.stages import asking, staged
from routing.protocols.fencing import Parts, material

NUMBER_FORM = 'Reply with JSON: {"score": number}.'


class Graded(JudgingProtocol):
    """A call per completion, which never sees the others, for a step of the question's scale.

    Up to ten steps are labels; the answer is the step next to the expected score Σ s·p(s) (G-Eval, arXiv 2303.16634),
    or the most probable one. A scale of more steps is asked for as a number, which has to be on it. Probabilities that
    speak for no step (all equal; equal best ones, where the most probable is asked for) are an abstention.
    """

    kind: ClassVar[str] = "rating"
    defaults: ClassVar[Mapping[str, Any]] = {"reasoning": False, "step": "expected"}
    choices: ClassVar[Mapping[str, Sequence[str]]] = {"step": ("expected", "most probable")}
    instructions: ClassVar[str] = "One response to a request is to be graded."
    ask: ClassVar[str] = "How good is the response {scale}"
    form: ClassVar[str] = "Reply with the number alone."

    def supports(self, question: QuestionSpec) -> str | None:
        if question.kind != self.kind:
            return f"question {question.name!r} is of kind {question.kind}; this judges {self.kind}"
        count = step_count(question.config)
        return None if count >= 2 else f"question {question.name!r} has a scale of {count} steps; it takes two"

    def rules(self, judged: Judged, question: QuestionSpec) -> Parts:
        """What the researcher wants the judge to go by."""
        return guidelines(judged.guidelines)

    def calls(self, judged: Judged, question: QuestionSpec, replies: Sequence[Reply] = ()) -> list[Call]:
        if not judged.keys:
            raise ValueError(f"question {question.name!r} rates completions and none is shown")
        asks = [self._ask(judged, question, key) for key in judged.keys]
        return staged(asking(lambda _: asks, self.config["reasoning"]), replies)

    def verdict(self, judged: Judged, question: QuestionSpec, replies: Sequence[Reply]) -> Verdict:
        if failure := self.failed(judged, question, replies):
            return failure
        keys, graded = judged.keys, replies[-len(judged.keys) :]
        by_key = dict(zip(keys, graded, strict=True))
        details: dict[str, Any] = {"missing": {key: reply.missing for key, reply in by_key.items()}}
        if self.config["reasoning"]:
            details["reasons"] = {key: reply.value for key, reply in zip(keys, replies, strict=False)}
        if _by_number(question):
            return _numbers(question, {key: reply.value["score"] for key, reply in by_key.items()}, details)
        return self._steps(question, by_key, details)

    def _steps(self, question: QuestionSpec, by_key: Mapping[str, Reply], details: dict[str, Any]) -> Verdict:
        values = scale(question.config)
        given = {key: _distribution(values, reply) for key, reply in by_key.items()}
        expected = {key: sum(values[s] * p for s, p in each.items()) for key, each in given.items()}
        details["expected"] = expected
        soft = all(reply.probabilities for reply in by_key.values())
        probabilities = given if soft else None
        if undecided := [key for key, each in given.items() if self._undecided(each)]:
            return Verdict("abstain", None, probabilities, {**details, "undecided": undecided})
        if self.config["step"] == "expected":
            answer = {key: nearest(question.config, score) for key, score in expected.items()}
        else:
            answer = {key: values[str(likeliest(reply))] for key, reply in by_key.items()}
        confidence = min(given[key][str(answer[key])] for key in answer) if soft else None
        return Verdict("ok", answer, probabilities, details, confidence)

    def _undecided(self, probabilities: Mapping[str, float]) -> bool:
        top = [p for p in probabilities.values() if p == max(probabilities.values())]
        return len(top) == len(probabilities) or (len(top) > 1 and self.config["step"] != "expected")

    def _ask(self, judged: Judged, question: QuestionSpec, key: str) -> Ask:
        text, by_number = judged.completions[key], _by_number(question)
        parts = [*judged.background(), ("Response", text)]
        known = [question.title, *(question.config.get("labels") or ())]
        body = material(self.instructions, parts, self.rules(judged, question), known)
        ask = titled(question.title, self.ask.replace("{scale}", described(question.config)))
        want: Want = Labels(tuple(scale(question.config)))
        if by_number:
            want = Structured(number_schema(question.config))
        return Ask((key,), Prompt(body, ask, NUMBER_FORM if by_number else self.form), want, (text,))


def number_schema(config: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {"score": schema(config)},
        "required": ["score"],
        "additionalProperties": False,
    }


def _by_number(question: QuestionSpec) -> bool:
    return step_count(question.config) > MOST_LABELS


def _distribution(values: Mapping[str, float], reply: Reply) -> dict[str, float]:
    """The probabilities of the steps; all on one step where only that was named."""
    return dict(reply.probabilities) or {step: float(step == reply.value) for step in values}


def _numbers(question: QuestionSpec, scores: Mapping[str, float], details: dict[str, Any]) -> Verdict:
    found = {key: on_scale(question.config, score) for key, score in scores.items()}
    if off := [key for key, value in found.items() if value is None]:
        error = f"{scores[off[0]]} is not on the scale"
        return Verdict("parse_error", None, None, {**details, "error": error})
    return Verdict("ok", dict(found), None, details)
