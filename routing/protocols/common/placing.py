"""From scores to ranks."""

from collections.abc import Mapping

CLOSE = 1e-12


def placed(scores: Mapping[str, float], band: float = 0.0) -> dict[str, int]:
    """Ranks from 1, the highest score; neighbours less than `band` apart share one, and so do equal ones."""
    ranks, rank, before = {}, 0, float("inf")
    for key in sorted(scores, key=lambda each: -scores[each]):
        if before - scores[key] > CLOSE and before - scores[key] >= band:
            rank += 1
        ranks[key], before = rank, scores[key]
    return {key: ranks[key] for key in scores}
