"""The protocol `rating`: each completion graded in isolation, on the question's own scale."""

from typing import ClassVar

from routing.protocols.common.graded import Graded


class RatingProtocol(Graded):
    """Grades by the question and the guidelines: the expected score over the steps' probabilities (G-Eval)."""

    name: ClassVar[str] = "rating"
    version: ClassVar[int] = 2
    describe: ClassVar[str] = (
        "Grades each response alone; the score is what the probabilities of the steps lead to expect."
    )
    paper: ClassVar[str] = "G-Eval, arXiv 2303.16634"
