"""The protocol `spans`: marks on a text, each by a quote that has to stand in it."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from routing.judges.base import Reply, Structured, Want
from routing.protocols.base import Call, Judged, JudgingProtocol, QuestionSpec, Verdict
from routing.protocols.common.mark_prompt import mark_ask, targets_of
from routing.protocols.common.marking import LEAVE_OUT, Left, marks_of
from routing.protocols.common.stages import asking, staged

KEEP = "keep"


class SpansProtocol(JudgingProtocol):
    """A call per text that is marked, for a list of quotes with their labels (error spans as in Fine-Grained RLHF,
    arXiv 2306.01693, and FActScore-like checks by quote).

    A quote is held against the text, and a mark stands where the quote does: of several occurrences at the one that is
    numbered. A quote that stands nowhere is reported and left out, or, with `unanchored` "keep", a mark without a
    place. What else a mark lacks (a note, a reference that is required) is reported too, and the mark left out.
    """

    name: ClassVar[str] = "spans"
    version: ClassVar[int] = 1
    kind: ClassVar[str] = "span"
    describe: ClassVar[str] = (
        "Marks spans by quoting them; quotes that do not stand in the text are counted and left out."
    )
    paper: ClassVar[str] = "Fine-Grained RLHF, arXiv 2306.01693"
    needs: ClassVar[frozenset[type[Want]]] = frozenset({Structured})
    defaults: ClassVar[Mapping[str, Any]] = {"unanchored": LEAVE_OUT}
    choices: ClassVar[Mapping[str, Sequence[str]]] = {"unanchored": (LEAVE_OUT, KEEP)}

    def supports(self, question: QuestionSpec) -> str | None:
        if question.kind != self.kind:
            return f"question {question.name!r} is of kind {question.kind}; this judges {self.kind}"
        return None if question.config.get("labels") else f"question {question.name!r} has no labels to mark with"

    def calls(self, judged: Judged, question: QuestionSpec, replies: Sequence[Reply] = ()) -> list[Call]:
        asks = [mark_ask(judged, question, target) for target in targets_of(judged, question)]
        return staged(asking(lambda _: asks, False), replies)

    def verdict(self, judged: Judged, question: QuestionSpec, replies: Sequence[Reply]) -> Verdict:
        if failure := self.failed(judged, question, replies):
            return failure
        answer, left = {}, Left()
        keep = self.config["unanchored"] == KEEP
        for target, reply in zip(targets_of(judged, question), replies, strict=True):
            answer[target] = marks_of(judged, question, target, reply.value["marks"], keep, left)
        given = sum(len(reply.value["marks"]) for reply in replies)
        return Verdict("ok", answer, details={"given": given, **left.details()})
