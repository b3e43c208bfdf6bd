"""How many labels a question lets one give."""

import numpy as np

from annotate.consensus.votes import Votes
from annotate.kinds.rating import scale_values

TWO = 2


def labels_allowed(votes: Votes) -> int:
    """How many labels a thing of this question can have, at least as many as were given."""
    config, kind = votes.asks.config, votes.asks.kind
    allowed = TWO
    if kind in ("pairwise", "ranking"):
        allowed += bool(config.get("allow_tie" if kind == "pairwise" else "allow_ties", True))
    elif kind == "checklist":
        allowed += bool(config.get("allow_na", True))
    elif kind == "choice" and votes.asks.scale == "nominal":
        allowed = len(config["options"])
    elif kind == "rating":
        allowed = len(scale_values(config))
    return max(allowed, len(np.unique(votes.label)))
