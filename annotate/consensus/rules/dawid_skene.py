"""What is probably true, given how each annotator errs."""

import numpy as np

from annotate.consensus.rules.base import Decided, Rule
from annotate.consensus.votes import Votes
from annotate.stats.dawid_skene import dawid_skene

EQUAL = 1e-6


class ModelledErrors(Rule):
    """The label with the highest posterior by Dawid and Skene (1979); the confidence is that posterior.

    Where one annotator alone answered, it says how often he is right as far as the others can tell, no more.
    """

    name = "dawid_skene"
    title = "Dawid–Skene"
    describe = "The most probable answer, with each annotator's errors estimated along with the answers."
    confidence = "how probable the answer is, given all votes and how each annotator errs"
    scales = frozenset({"nominal", "ordinal", "ranking", "set"})
    most_labels = 50

    def decide(self, votes: Votes) -> Decided:
        shape = votes.things, len(votes.annotators), len(votes.labels)
        if len(votes.labels) > self.most_labels:
            raise ValueError(f"{len(votes.labels)} labels are too many for a model of errors; take another rule")
        fit = dawid_skene(votes.thing, votes.by, votes.label, shape, votes.weight)
        posterior = fit.posterior
        if not posterior.size:
            empty = np.zeros(len(posterior))
            return Decided(empty, empty, empty.astype(bool), empty)
        top = posterior.max(axis=1)
        tied = (posterior > top[:, None] - EQUAL).sum(axis=1) > 1
        value = np.where(tied, np.nan, votes.values[posterior.argmax(axis=1)])
        about = {
            "priors": dict(zip(votes.labels, fit.priors.round(4).tolist(), strict=True)),
            "rounds": fit.rounds,
            "converged": fit.converged,
            "log_likelihood": round(fit.log_likelihood, 3),
        }
        return Decided(value, np.where(tied, np.nan, top), tied, np.full(len(value), np.nan), about)
