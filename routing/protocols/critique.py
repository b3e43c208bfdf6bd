"""The protocol `critique`: free text about the responses, or a response corrected."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from annotate.kinds.text import LONGEST, plain_lines
from routing.judges.base import FreeText, Reply, Structured, Want
from routing.protocols.base import Call, Judged, JudgingProtocol, QuestionSpec, Verdict
from routing.protocols.common.prompting import Ask, Prompt, guidelines, letters, titled
from routing.protocols.common.stages import asking, staged
from routing.protocols.fencing import material

CRITICISE = "A critique of what was responded to a request is to be written."
WHAT = "What is good about the response, what is wrong with it, and what should change?"
WHAT_ALL = "What is good and what is wrong about each of the responses, and what should change?"
HOW = "Be specific: quote the words you mean, and say why they matter."
CRITIQUE_FORM = "Reply with the critique alone."
CORRECT = "One response to a request is to be corrected."
MEND = (
    "Write the response again with what is wrong in it mended, and leave everything else word for word as it is. "
    "If nothing is wrong, repeat the response as it is."
)
CORRECTION_FORM = "Reply with the corrected response alone."


class CritiqueProtocol(JudgingProtocol):
    """One text for the unit, or one for each completion seen alone; where the question starts from the completion
    (`prefill`), the completion corrected (critiques: arXiv 2310.01377; corrections: arXiv 2306.01693).

    Where the question bounds the length, the text is asked for as JSON, so that a server can hold it to the bounds. A
    text outside them is a parse error: it is not cut.
    """

    name: ClassVar[str] = "critique"
    version: ClassVar[int] = 1
    kind: ClassVar[str] = "text"
    describe: ClassVar[str] = "Writes the text that the question asks for: a critique, or the response corrected."
    paper: ClassVar[str] = "UltraFeedback, arXiv 2310.01377"
    needs: ClassVar[frozenset[type[Want]]] = frozenset({FreeText})

    def supports(self, question: QuestionSpec) -> str | None:
        if question.kind != self.kind:
            return f"question {question.name!r} is of kind {question.kind}; this judges {self.kind}"
        return None

    def calls(self, judged: Judged, question: QuestionSpec, replies: Sequence[Reply] = ()) -> list[Call]:
        targets = [(key,) for key in judged.keys] if _per_completion(question) else [judged.keys]
        asks = [_ask(judged, question, keys) for keys in targets]
        return staged(asking(lambda _: asks, False), replies)

    def verdict(self, judged: Judged, question: QuestionSpec, replies: Sequence[Reply]) -> Verdict:
        if failure := self.failed(judged, question, replies):
            return failure
        texts = [reply.value["text"] if isinstance(reply.value, Mapping) else reply.value for reply in replies]
        low, high = _bounds(question)
        lengths = [len(plain_lines(text).strip()) for text in texts]
        if wrong := [length for length in lengths if not low <= length <= high]:
            error = f"the text has {wrong[0]} characters; {low} to {high} are asked for"
            return Verdict("parse_error", details={"error": error, "lengths": lengths})
        answer: Any = dict(zip(judged.keys, texts, strict=True)) if _per_completion(question) else texts[0]
        return Verdict("ok", answer, details={"lengths": lengths})


def _ask(judged: Judged, question: QuestionSpec, keys: tuple[str, ...]) -> Ask:
    texts = tuple(judged.completions[key] for key in keys)
    names = ["Response"] if len(keys) == 1 else [f"Response {slot}" for slot in letters(len(keys))]
    correcting = bool(question.config.get("prefill"))
    instructions = CORRECT if correcting else CRITICISE
    parts = [*judged.background(), *zip(names, texts, strict=True)]
    body = material(instructions, parts, guidelines(judged.guidelines), [question.title])
    if correcting:
        ask, form = titled(question.title, MEND), CORRECTION_FORM
    else:
        ask, form = f"{question.title.strip() or (WHAT if len(keys) == 1 else WHAT_ALL)}\n{HOW}", CRITIQUE_FORM
    low, high = _bounds(question)
    if not _is_bounded(question):
        return Ask(keys, Prompt(body, ask, form), FreeText(), texts)
    form = f'{form} It has {low} to {high} characters. Reply with JSON: {{"text": text}}.'
    return Ask(keys, Prompt(body, ask, form), Structured(_schema(low, high)), texts)


def _bounds(question: QuestionSpec) -> tuple[int, int]:
    return question.config.get("min_length", 1), question.config.get("max_length", LONGEST)


def _is_bounded(question: QuestionSpec) -> bool:
    low, high = _bounds(question)
    return low > 1 or high < LONGEST


def _per_completion(question: QuestionSpec) -> bool:
    return bool(question.config.get("per") == "completion")


def _schema(low: int, high: int) -> dict[str, Any]:
    text = {"type": "string", "minLength": max(low, 1), "maxLength": high}
    return {"type": "object", "properties": {"text": text}, "required": ["text"], "additionalProperties": False}
