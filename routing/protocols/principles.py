"""The protocol `principles`: which of two completions is better by a constitution."""

from collections.abc import Mapping
from typing import Any, ClassVar

from routing.protocols.base import Judged, QuestionSpec
from routing.protocols.common.paired import Paired
from routing.protocols.fencing import Parts


class PrinciplesProtocol(Paired):
    """A comparison by given `principles` alone (Constitutional AI, arXiv 2212.08073), all in one prompt.

    Their order is the researcher's and is said to mean nothing.
    """

    name: ClassVar[str] = "principles"
    version: ClassVar[int] = 1
    describe: ClassVar[str] = "Compares the two responses by a list of principles of yours, in both orders."
    paper: ClassVar[str] = "Constitutional AI, arXiv 2212.08073"
    defaults: ClassVar[Mapping[str, Any]] = {"principles": [], **Paired.defaults}
    instructions: ClassVar[str] = (
        "Two responses to the same request are to be compared by the principles below. All of them count; their "
        "order means nothing."
    )
    ask: ClassVar[str] = "Which response is better by the principles, A or B?"

    def supports(self, question: QuestionSpec) -> str | None:
        missing = None if self.config["principles"] else "give at least one principle in the settings"
        return super().supports(question) or missing

    def rules(self, judged: Judged, question: QuestionSpec) -> Parts:
        listed = "\n".join(f"{n}. {text.strip()}" for n, text in enumerate(self.config["principles"], start=1))
        return [*super().rules(judged, question), ("Principles", listed)]
