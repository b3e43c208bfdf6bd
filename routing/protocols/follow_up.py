"""The protocol `follow_up`: which completion would please the one who asked, by how likely he is to say so next."""

from typing import ClassVar

from routing.judges.base import Likelihood, Reply, Want
from routing.protocols.common.scored import Scored

PLEASED = (
    "Thank you, that is just what I needed.",
    "Great, this answers my question.",
    "Perfect, that helps me a lot.",
)
DISPLEASED = (
    "That is not what I asked for.",
    "This is wrong, please try again.",
    "No, that does not help me at all.",
)


class FollowUpProtocol(Scored):
    """A completion's score is the mean log-likelihood of a pleased next turn by the user less that of a displeased one,
    under a language model (*Aligning Language Models Using Follow-up Likelihood as Reward Signal*, arXiv 2409.13948).

    The follow-ups are the same for all completions, so their lengths cancel out of the difference that decides.
    """

    name: ClassVar[str] = "follow_up"
    version: ClassVar[int] = 1
    describe: ClassVar[str] = "Compares how likely the user is to be pleased next rather than displeased."
    needs: ClassVar[frozenset[type[Want]]] = frozenset({Likelihood})
    paper: ClassVar[str] = "Follow-up likelihood, arXiv 2409.13948"

    def want(self) -> Want:
        return Likelihood((*PLEASED, *DISPLEASED))

    def score(self, reply: Reply) -> float:
        pleased, displeased = reply.scores[: len(PLEASED)], reply.scores[len(PLEASED) :]
        return sum(pleased) / len(PLEASED) - sum(displeased) / len(DISPLEASED)
