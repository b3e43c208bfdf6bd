"""The protocol `checklist`: every point of a checklist asked by itself, of every completion alone."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from annotate.errors import Invalid
from annotate.kinds.points import Point, read_points
from routing.judges.base import Labels, Reply
from routing.protocols.base import Call, Judged, JudgingProtocol, QuestionSpec, Verdict
from routing.protocols.common.followed import likeliest
from routing.protocols.common.prompting import Ask, Prompt, guidelines, titled
from routing.protocols.common.stages import asking, staged
from routing.protocols.fencing import material

INSTRUCTIONS = "One response to a request is to be checked against one point."
OWN_POINT = "Does the response meet this point?\nPoint: {text}"
ITEM_POINT = "Does the response meet the point to check, which stands in the material?"
POINT = "Point to check"
FORM = "Reply with the single letter Y for yes or N for no."
FORM_NA = "Reply with the single letter Y for yes, N for no, or X where the point does not apply to this request."
ANSWERS = {"X": "na", "N": "no", "Y": "yes"}
"""Single letters, so that servers give their probabilities."""


class ChecklistProtocol(JudgingProtocol):
    """One call a point and completion (TICK, arXiv 2410.03608), from the probabilities of yes, no and na.

    With `reasoning` the reasons come first, as in the paper. Points of the campaign are the researcher's words; points
    that come with the item are material like its other texts. Two answers as probable as each other, and more so than
    the third, are an abstention.
    """

    name: ClassVar[str] = "checklist"
    version: ClassVar[int] = 1
    kind: ClassVar[str] = "checklist"
    describe: ClassVar[str] = "Asks every point of the checklist by itself, of each response alone."
    paper: ClassVar[str] = "TICK, arXiv 2410.03608"
    defaults: ClassVar[Mapping[str, Any]] = {"reasoning": False}

    def supports(self, question: QuestionSpec) -> str | None:
        if question.kind != self.kind:
            return f"question {question.name!r} is of kind {question.kind}; this judges {self.kind}"
        if not _from_item(question) and not question.config.get("points"):
            return f"question {question.name!r} has no points to check"
        return None

    def calls(self, judged: Judged, question: QuestionSpec, replies: Sequence[Reply] = ()) -> list[Call]:
        points = points_of(judged, question)
        asks = [_ask(judged, question, key, point, points) for key in judged.keys for point in points]
        return staged(asking(lambda _: asks, self.config["reasoning"]), replies)

    def verdict(self, judged: Judged, question: QuestionSpec, replies: Sequence[Reply]) -> Verdict:
        if failure := self.failed(judged, question, replies):
            return failure
        points = points_of(judged, question)
        places = [(key, point.key) for key in judged.keys for point in points]
        answered = dict(zip(places, replies[-len(places) :], strict=True))
        soft = all(reply.probabilities for reply in answered.values())
        probabilities = {
            key: {point.key: _by_answer(answered[key, point.key]) for point in points} for key in judged.keys
        }
        details: dict[str, Any] = {"missing": {f"{k} {p}": reply.missing for (k, p), reply in answered.items()}}
        if undecided := [f"{key} {point}" for (key, point), reply in answered.items() if _is_even(reply)]:
            return Verdict("abstain", None, probabilities, {**details, "undecided": undecided})
        answer = {
            key: {point.key: ANSWERS[likeliest(answered[key, point.key])] for point in points} for key in judged.keys
        }
        if not soft:
            return Verdict("ok", answer, None, details)
        confidence = min(max(reply.probabilities.values()) for reply in answered.values())
        return Verdict("ok", answer, probabilities, details, confidence)


def points_of(judged: Judged, question: QuestionSpec) -> list[Point]:
    """The points to check. Raises ValueError where there are none, or nothing to check them in."""
    if not judged.keys:
        raise ValueError(f"question {question.name!r} checks completions and none is shown")
    try:
        return read_points(judged.source.points if _from_item(question) else question.config.get("points"))
    except Invalid as error:
        wrong = "; ".join(f"points{path} {problem}" for path, problem in error.fields.items())
        raise ValueError(f"question {question.name!r} cannot be asked of this item: {wrong}") from error


def _ask(judged: Judged, question: QuestionSpec, key: str, point: Point, points: Sequence[Point]) -> Ask:
    text, every = judged.completions[key], [each.text for each in points]
    parts = [*judged.background(), ("Response", text)]
    rules, ask = guidelines(judged.guidelines), OWN_POINT.replace("{text}", point.text)
    if _from_item(question):
        body = material(INSTRUCTIONS, [*parts, (POINT, point.text)], rules, [question.title], along=every)
        ask = ITEM_POINT
    else:
        body = material(INSTRUCTIONS, parts, rules, [question.title, *every])
    na = bool(question.config.get("allow_na", True))
    want = Labels(tuple(ANSWERS) if na else tuple(ANSWERS)[1:])
    return Ask((key,), Prompt(body, titled(question.title, ask), FORM_NA if na else FORM), want, (text,))


def _from_item(question: QuestionSpec) -> bool:
    return bool(question.config.get("points_from") == "item")


def _by_answer(reply: Reply) -> dict[str, float]:
    return {ANSWERS[letter]: p for letter, p in reply.probabilities.items()}


def _is_even(reply: Reply) -> bool:
    values = list(reply.probabilities.values())
    return bool(values) and values.count(max(values)) > 1
