"""The mean of ratings, or of how much better one side of a pair is."""

import numpy as np
from scipy.special import ndtr

from annotate.consensus.rules.base import Decided, Rule
from annotate.consensus.votes import Votes
from annotate.frames.columns import Numbers
from annotate.stats.votes import means

EQUAL = 1e-9


class Mean(Rule):
    """The weighted mean, rounded to a step of the scale (a half upwards); the mean itself is kept beside it.

    Of a pair it is the side that the mean of the signed strengths is on (1 where no strength is asked, a tie 0).

    The confidence takes the error of the mean as normal, with the deviations within things pooled over the question:
    P(|error| ≤ half a step), and of a pair P(the side is right); none where nothing was answered twice.
    """

    name = "mean"
    title = "Mean"
    describe = "The mean rating, each weighing what its annotator's do, rounded to a step; of pairs the mean strength."
    confidence = "how probably the mean of ever more annotators would come to the same"
    scales = frozenset({"ordinal", "interval"})

    def decide(self, votes: Votes) -> Decided:
        if votes.asks.kind == "rating":
            return self._of_ratings(votes)
        exact, error = means(votes.thing, votes.value * np.maximum(votes.strength, 1), votes.things, votes.weight)
        sign = np.where(np.abs(exact) < EQUAL, 0, np.sign(exact))
        return Decided(sign, np.asarray(ndtr(_standard(np.abs(exact), error)), float), sign == 0, exact)

    def _of_ratings(self, votes: Votes) -> Decided:
        exact, error = means(votes.thing, votes.value, votes.things, votes.weight)
        low, high, step = (float(votes.asks.config.get(name, d)) for name, d in (("min", 1), ("max", 5), ("step", 1)))
        steps = np.floor((np.clip(exact, low, high) - low) / step + 0.5 + EQUAL)
        confidence = 2 * ndtr(_standard(np.full(len(error), step / 2), error)) - 1
        return Decided(low + steps * step, np.asarray(confidence, float), np.zeros(len(exact), bool), exact)


def _standard(off: Numbers, error: Numbers) -> Numbers:
    """`off` in standard errors; without any error it is infinite, and 0 for nothing."""
    with np.errstate(divide="ignore", invalid="ignore"):
        found = off / error
    return np.where((error == 0) & (off == 0), 0.0, found)
