"""The protocol `aspects`: several completions graded side by side on one aspect, with a rationale before each score."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from routing.judges.base import Reply, Structured, Want
from routing.protocols.base import Call, Judged, JudgingProtocol, QuestionSpec, Verdict
from routing.protocols.common.orders import MOST_ORDERS, seeded_orders
from routing.protocols.common.prompting import Ask, Prompt, guidelines, letters, titled
from routing.protocols.common.scales import described, nearest, on_scale, schema, step_count
from routing.protocols.common.stages import asking, staged
from routing.protocols.fencing import material

QUESTION = "the question"
ASPECTS = {
    QUESTION: "",
    "instruction following": "Does the response do what the request asks, all of it, in the form that is asked for?",
    "truthfulness": "Is what the response says true, in keeping with the context, and free of made-up facts?",
    "honesty": "Does the response show how sure one can be, and say so where it does not know?",
    "helpfulness": "Is the response useful to whoever asked: to the point, complete and clear?",
}
INSTRUCTIONS = "Several responses to the same request are to be graded side by side. Their order means nothing."
GRADE = "Grade every response {scale}\nFor each, first give your reasons in a sentence or two, then the score."
FORM = "Reply with JSON: {{{example}}}, with {names} in this order."


class AspectsProtocol(JudgingProtocol):
    """One call for all completions of the unit, in an order drawn at random (UltraFeedback, arXiv 2310.01377).

    `aspect` is what is graded: the question itself, or one of the paper's four in words of ours. With several `orders`
    the mean of the scores, on the step next to it, is the answer. `seed` draws the orders.
    """

    name: ClassVar[str] = "aspects"
    version: ClassVar[int] = 1
    kind: ClassVar[str] = "rating"
    describe: ClassVar[str] = "Grades all responses of an item side by side in one call, a rationale before each score."
    paper: ClassVar[str] = "UltraFeedback, arXiv 2310.01377"
    needs: ClassVar[frozenset[type[Want]]] = frozenset({Structured})
    defaults: ClassVar[Mapping[str, Any]] = {"aspect": QUESTION, "orders": 1, "seed": 0}
    choices: ClassVar[Mapping[str, Sequence[str]]] = {"aspect": tuple(ASPECTS)}
    limits: ClassVar[Mapping[str, tuple[float, float]]] = {"orders": (1, MOST_ORDERS), "seed": (0, 1_000_000)}

    def supports(self, question: QuestionSpec) -> str | None:
        if question.kind != self.kind:
            return f"question {question.name!r} is of kind {question.kind}; this judges {self.kind}"
        if question.shows == "each":
            return f"question {question.name!r} shows one completion at a time; this grades them side by side"
        return None if step_count(question.config) >= 2 else f"question {question.name!r} has a scale of one step"

    def calls(self, judged: Judged, question: QuestionSpec, replies: Sequence[Reply] = ()) -> list[Call]:
        if not judged.keys:
            raise ValueError(f"question {question.name!r} rates completions and none is shown")
        asks = [self._ask(judged, question, keys) for keys in self._orders(judged)]
        return staged(asking(lambda _: asks, False), replies)

    def verdict(self, judged: Judged, question: QuestionSpec, replies: Sequence[Reply]) -> Verdict:
        if failure := self.failed(judged, question, replies):
            return failure
        scores: dict[str, list[float]] = {key: [] for key in judged.keys}
        reasons: dict[str, list[str]] = {key: [] for key in judged.keys}
        for keys, reply in zip(self._orders(judged), replies, strict=True):
            for key, slot in zip(keys, letters(len(keys)), strict=True):
                scores[key].append(reply.value[slot]["score"])
                reasons[key].append(reply.value[slot]["rationale"])
        details = {"scores": scores, "rationales": reasons}
        given = [number for each in scores.values() for number in each]
        if off := [number for number in given if on_scale(question.config, number) is None]:
            return Verdict("parse_error", None, None, {**details, "error": f"{off[0]} is not on the scale"})
        answer = {key: nearest(question.config, sum(each) / len(each)) for key, each in scores.items()}
        return Verdict("ok", answer, None, details)

    def _orders(self, judged: Judged) -> list[tuple[str, ...]]:
        return seeded_orders(judged, self.config["seed"], self.config["orders"])

    def _ask(self, judged: Judged, question: QuestionSpec, keys: tuple[str, ...]) -> Ask:
        texts, slots = tuple(judged.completions[key] for key in keys), letters(len(keys))
        shown = [(f"Response {slot}", text) for slot, text in zip(slots, texts, strict=True)]
        known = [question.title, *(question.config.get("labels") or ())]
        body = material(INSTRUCTIONS, [*judged.background(), *shown], guidelines(judged.guidelines), known)
        grade = GRADE.format(scale=described(question.config).replace("?", ".", 1))
        asked = ASPECTS[self.config["aspect"]] or question.title
        example = f'"{slots[0]}": {{"rationale": text, "score": number}}, …'
        form = FORM.format(example=example, names=", ".join(slots))
        return Ask(keys, Prompt(body, titled(asked, grade), form), Structured(_schema(question, slots)), texts)


def _schema(question: QuestionSpec, slots: Sequence[str]) -> dict[str, Any]:
    graded = {
        "type": "object",
        "properties": {"rationale": {"type": "string"}, "score": schema(question.config)},
        "required": ["rationale", "score"],
        "additionalProperties": False,
    }
    return {
        "type": "object",
        "properties": dict.fromkeys(slots, graded),
        "required": list(slots),
        "additionalProperties": False,
    }
