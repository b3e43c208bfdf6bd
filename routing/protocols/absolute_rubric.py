"""The protocol `absolute_rubric`: each completion graded by a rubric, feedback before the score."""

from collections.abc import Mapping
from typing import Any, ClassVar

from routing.judges.base import FreeText, Want
from routing.protocols.base import Judged, QuestionSpec
from routing.protocols.common.graded import Graded
from routing.protocols.common.rubrics import rubric, rubric_problem
from routing.protocols.common.scales import scale, step_count
from routing.protocols.fencing import Parts


class AbsoluteRubricProtocol(Graded):
    """Absolute grading (Prometheus, arXiv 2310.08491): feedback by the rubric, then the score, on the question's scale.

    `criterion` says what is looked at, the question's title where it is empty; `descriptions`, where there are any,
    say what a response of every step is like, worst first. The item's reference answer, where it has one, is shown as
    one that would get the best score.
    """

    name: ClassVar[str] = "absolute_rubric"
    version: ClassVar[int] = 1
    describe: ClassVar[str] = "Grades each response alone by a rubric of yours: feedback first, then the score."
    paper: ClassVar[str] = "Prometheus, arXiv 2310.08491"
    needs: ClassVar[frozenset[type[Want]]] = Graded.needs | {FreeText}
    defaults: ClassVar[Mapping[str, Any]] = {
        "criterion": "",
        "descriptions": [],
        **Graded.defaults,
        "reasoning": True,
    }
    instructions: ClassVar[str] = (
        "One response to a request is to be graded by a rubric, and by nothing else. A reference answer in the "
        "material, if there is one, deserves the best score."
    )
    ask: ClassVar[str] = "By the rubric, which score does the response get {scale}"

    def supports(self, question: QuestionSpec) -> str | None:
        problem = super().supports(question) or rubric_problem(self.config, question)
        given, steps = len(self.config["descriptions"]), step_count(question.config)
        if problem is None and given not in (0, steps):
            return f"the rubric describes {given} scores; question {question.name!r} has {steps}: describe each or none"
        return problem

    def rules(self, judged: Judged, question: QuestionSpec) -> Parts:
        return [*super().rules(judged, question), rubric(self.config, question, tuple(scale(question.config)))]
