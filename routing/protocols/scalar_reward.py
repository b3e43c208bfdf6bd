"""The protocol `scalar_reward`: two completions by the difference of the rewards that a reward model gives them."""

from typing import ClassVar

from routing.judges.base import Reward, Want
from routing.protocols.common.scored import Scored


class ScalarRewardProtocol(Scored):
    """P(a preferred) = sigmoid(r_a − r_b), which is what rewards trained on preferences mean (Bradley–Terry;
    InstructGPT, arXiv 2203.02155)."""

    name: ClassVar[str] = "scalar_reward"
    version: ClassVar[int] = 1
    describe: ClassVar[str] = "Compares two responses by the rewards that a reward model gives them."
    needs: ClassVar[frozenset[type[Want]]] = frozenset({Reward})
    paper: ClassVar[str] = "InstructGPT, arXiv 2203.02155"

    def want(self) -> Want:
        return Reward()
