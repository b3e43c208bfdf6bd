"""The protocol `persona`: which of two completions somebody described would prefer."""

from collections.abc import Mapping
from typing import Any, ClassVar

from routing.protocols.base import Judged, QuestionSpec
from routing.protocols.common.paired import Paired
from routing.protocols.fencing import Parts


class PersonaProtocol(Paired):
    """A comparison with the eyes of an annotator whose `profile` is given (personalised judges, arXiv 2406.11657).

    The paper has the judge state its certainty and leaves what is below it undecided; here the certainty is the
    probability of the answer, which a certificate turns into abstentions.
    """

    name: ClassVar[str] = "persona"
    version: ClassVar[int] = 1
    describe: ClassVar[str] = "Compares the two responses as somebody whose profile you give would, in both orders."
    paper: ClassVar[str] = "Personalised judges, arXiv 2406.11657"
    defaults: ClassVar[Mapping[str, Any]] = {"profile": "", **Paired.defaults}
    instructions: ClassVar[str] = (
        "Two responses to the same request are to be compared as a certain person would compare them. Think of what "
        "this person knows, values and wants; your own taste does not matter."
    )
    ask: ClassVar[str] = "Which response would this person find better, A or B?"

    def supports(self, question: QuestionSpec) -> str | None:
        missing = None if self.config["profile"].strip() else "give the profile of the person in the settings"
        return super().supports(question) or missing

    def rules(self, judged: Judged, question: QuestionSpec) -> Parts:
        return [*super().rules(judged, question), ("The person", self.config["profile"])]
