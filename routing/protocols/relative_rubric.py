"""The protocol `relative_rubric`: which of two completions meets a rubric better, feedback before the verdict."""

from collections.abc import Mapping
from typing import Any, ClassVar

from routing.judges.base import FreeText, Want
from routing.protocols.base import Judged, QuestionSpec
from routing.protocols.common.paired import Paired
from routing.protocols.common.rubrics import rubric, rubric_problem
from routing.protocols.fencing import Parts


class RelativeRubricProtocol(Paired):
    """Relative grading (Prometheus 2, arXiv 2405.01535): written feedback on both by the rubric, then the better one.

    `criterion` says what is looked at, the question's title where it is empty; `descriptions` what a response of each
    level is like, worst first. The item's reference answer is shown where there is one. Other than in the paper both
    orders are asked, and their probabilities averaged.
    """

    name: ClassVar[str] = "relative_rubric"
    version: ClassVar[int] = 1
    describe: ClassVar[str] = "Compares the two responses by a rubric of yours, in both orders, reasons first."
    paper: ClassVar[str] = "Prometheus 2, arXiv 2405.01535"
    needs: ClassVar[frozenset[type[Want]]] = Paired.needs | {FreeText}
    defaults: ClassVar[Mapping[str, Any]] = {
        "criterion": "",
        "descriptions": [],
        **Paired.defaults,
        "reasoning": True,
    }
    instructions: ClassVar[str] = (
        "Two responses to the same request are to be compared by a rubric, and by nothing else."
    )
    ask: ClassVar[str] = "By the rubric, which response is better, A or B?"

    def supports(self, question: QuestionSpec) -> str | None:
        return super().supports(question) or rubric_problem(self.config, question)

    def rules(self, judged: Judged, question: QuestionSpec) -> Parts:
        return [*super().rules(judged, question), rubric(self.config, question)]
