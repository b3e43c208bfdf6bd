"""The protocol `choice`: one or several of the question's options, for the unit or for each completion."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from routing.judges.base import Reply
from routing.protocols.base import Call, Judged, JudgingProtocol, QuestionSpec, Verdict
from routing.protocols.common.options import Option, asked_as, chosen_from, listed, orders_of, want_of
from routing.protocols.common.prompting import Ask, Prompt, guidelines, letters, titled
from routing.protocols.common.stages import asking, staged
from routing.protocols.fencing import material

RESPONSES, REQUEST = "the responses", "the request alone"
INSTRUCTIONS = {
    RESPONSES: "A question about a request and what was responded to it is to be answered by choosing.",
    REQUEST: "A question about a request is to be answered by choosing.",
}


class ChoiceProtocol(JudgingProtocol):
    """Of up to twenty options one is chosen by the probability of its letter; more, or several, by name.

    `about` says what is shown: the unit's responses, or the request alone, as for tags of what is asked. A question
    per completion has each seen alone. With `orders` 2 the options are listed in both orders; their probabilities are
    averaged, and names that differ are an abstention. So is an even chance, and none where at least one is wanted.
    """

    name: ClassVar[str] = "choice"
    version: ClassVar[int] = 1
    kind: ClassVar[str] = "choice"
    describe: ClassVar[str] = (
        "Chooses among the options: by probability one of up to twenty, by name of more or several."
    )
    paper: ClassVar[str] = "AlpacaEval 2 (label probabilities), arXiv 2404.04475"
    defaults: ClassVar[Mapping[str, Any]] = {"about": RESPONSES, "orders": 1, "reasoning": False}
    choices: ClassVar[Mapping[str, Sequence[str]]] = {"about": (RESPONSES, REQUEST)}
    limits: ClassVar[Mapping[str, tuple[float, float]]] = {"orders": (1, 2)}

    def supports(self, question: QuestionSpec) -> str | None:
        if question.kind != self.kind:
            return f"question {question.name!r} is of kind {question.kind}; this judges {self.kind}"
        if len(question.config.get("options") or ()) < 2:
            return f"question {question.name!r} has no options to choose from"
        if self.config["about"] == REQUEST and question.config.get("per") == "completion":
            return f"question {question.name!r} is asked of each response; it cannot be about the request alone"
        return None

    def calls(self, judged: Judged, question: QuestionSpec, replies: Sequence[Reply] = ()) -> list[Call]:
        asks = [
            self._ask(judged, question, keys, options)
            for keys in _targets(judged, question)
            for options in orders_of(question, self.config["orders"])
        ]
        return staged(asking(lambda _: asks, self.config["reasoning"]), replies)

    def verdict(self, judged: Judged, question: QuestionSpec, replies: Sequence[Reply]) -> Verdict:
        if failure := self.failed(judged, question, replies):
            return failure
        targets, orders = _targets(judged, question), orders_of(question, self.config["orders"])
        answers = replies[-len(targets) * len(orders) :]
        chosen = []
        for place in range(len(targets)):
            given = answers[place * len(orders) : (place + 1) * len(orders)]
            chosen.append(chosen_from(question, orders, given))
        per = question.config.get("per") == "completion"
        by_key = dict(zip(judged.keys, chosen, strict=True)) if per else {"": chosen[0]}
        details = {"missing": [reply.missing for reply in answers]}
        soft = all(each.probabilities for each in chosen)
        probabilities: Any = {key: each.probabilities for key, each in by_key.items()} if soft else None
        probabilities = probabilities[""] if soft and not per else probabilities
        if why := [each.why for each in chosen if each.why]:
            return Verdict("abstain", None, probabilities, {**details, "why": why[0]})
        answer = {key: each.answer for key, each in by_key.items()}
        confidence = min(each.confidence for each in chosen) if soft else None
        return Verdict("ok", answer if per else answer[""], probabilities, details, confidence)

    def _ask(self, judged: Judged, question: QuestionSpec, keys: tuple[str, ...], options: Sequence[Option]) -> Ask:
        shown = keys if self.config["about"] == RESPONSES else ()
        texts = tuple(judged.completions[key] for key in shown)
        names = ["Response"] if len(shown) == 1 else [f"Response {slot}" for slot in letters(len(shown))]
        background = judged.background()
        if self.config["about"] == REQUEST:
            background = [part for part in background if part[0] != "Reference answer"]
        parts = [*background, *zip(names, texts, strict=True)]
        known = [question.title, *(option.text for option in options)]
        body = material(INSTRUCTIONS[self.config["about"]], parts, guidelines(judged.guidelines), known)
        want = want_of(question, options)
        which, form = asked_as(question, want)
        ask = titled(question.title, f"{which}\n{listed(options, want)}")
        return Ask(keys, Prompt(body, ask, form), want, texts)


def _targets(judged: Judged, question: QuestionSpec) -> list[tuple[str, ...]]:
    """What each call is about: the unit, or every completion by itself."""
    return [(key,) for key in judged.keys] if question.config.get("per") == "completion" else [judged.keys]
