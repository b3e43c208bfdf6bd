"""The protocol `reward_ranking`: completions in the order of the rewards that a reward model gives them."""

from collections.abc import Sequence
from itertools import pairwise
from typing import ClassVar

from routing.judges.base import Reply
from routing.protocols.base import Call, Judged, QuestionSpec, Verdict
from routing.protocols.both_orders import logit, sigmoid
from routing.protocols.common.placing import placed
from routing.protocols.scalar_reward import ScalarRewardProtocol


class RewardRankingProtocol(ScalarRewardProtocol):
    """One call per completion. Where ties are allowed, neighbours tie that `scalar_reward` would call a tie; where they
    are not, equal rewards are an abstention. The confidence is that of the closest pair of neighbours."""

    name: ClassVar[str] = "reward_ranking"
    version: ClassVar[int] = 1
    kind: ClassVar[str] = "ranking"
    describe: ClassVar[str] = "Ranks the responses by the rewards that a reward model gives them."

    def calls(self, judged: Judged, question: QuestionSpec, replies: Sequence[Reply] = ()) -> list[Call]:
        if len(judged.keys) < 2:
            raise ValueError(f"question {question.name!r} orders completions; two or more have to be shown")
        return self.conversations(judged)

    def verdict(self, judged: Judged, question: QuestionSpec, replies: Sequence[Reply]) -> Verdict:
        if failure := self.failed(judged, question, replies):
            return failure
        scores, temperature = self.scores(judged, replies), self.config["temperature"]
        ties = bool(question.config.get("allow_ties", True))
        ranks = placed(scores, logit(0.5 + self.config["tie_band"]) * temperature if ties else 0)
        gaps = [one - other for one, other in pairwise(sorted(scores.values(), reverse=True))]
        confidence, details = sigmoid(min(gaps) / temperature), {"scores": scores}
        if not ties and len(set(ranks.values())) < len(ranks):
            return Verdict("abstain", None, None, details, confidence)
        return Verdict("ok", ranks, None, details, confidence)
