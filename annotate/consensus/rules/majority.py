"""Most votes win."""

import numpy as np

from annotate.consensus.rules.base import Decided, Rule
from annotate.consensus.scales import labels_allowed
from annotate.consensus.votes import Votes
from annotate.stats.votes import NONE, most, tally


class Majority(Rule):
    """The label with strictly most of the weight; where labels tie there is none, and for a pair the sides are equal.

    The confidence is (votes for it + 1) / (votes + labels allowed), Laplace's rule of succession: how probably one more
    annotator would say the same. So one vote alone never looks certain.
    """

    name = "majority"
    title = "Majority"
    describe = "The answer with most votes, each weighing what its annotator's do. A tie of votes is no majority."
    confidence = "how probably one more annotator would give the same answer"
    scales = frozenset({"nominal", "ordinal", "ranking", "set", "span"})

    def decide(self, votes: Votes) -> Decided:
        counts = tally(votes.thing, votes.label, votes.things, len(votes.labels), votes.weight)
        found = most(counts)
        label = found.label
        if (votes.values == 0).any() and votes.asks.kind in ("pairwise", "ranking"):
            label = np.where(found.tied, np.flatnonzero(votes.values == 0)[0], label)
        decided = label != NONE
        for_it = np.where(decided, counts[np.arange(len(counts)), label], np.nan)
        confidence = (for_it + 1) / (counts.sum(axis=1) + labels_allowed(votes))
        value = np.where(decided, votes.values[label], np.nan)
        return Decided(value, confidence, found.tied, np.full(len(value), np.nan))
