"""A rate measured through an imperfect judge, corrected by the judge's sensitivity and specificity.

Rogan & Gladen (1978): of units that are positive with share θ, a judge with sensitivity se and specificity sp calls
p = θ·se + (1 − θ)(1 − sp) positive, so θ = (p + sp − 1) / J with J = se + sp − 1. By the delta method
var θ = (p(1 − p)/n + θ² se(1 − se)/n₁ + (1 − θ)² sp(1 − sp)/n₀) / J².
"""

from dataclasses import dataclass

import numpy as np
from scipy.stats import norm

Z = float(norm.ppf(0.975))


@dataclass(frozen=True, slots=True)
class Rate:
    """`raw` is the share called positive; `value` and `interval` are clipped to 0–1; None, with `why`: undefined."""

    n: int
    raw: float | None
    sensitivity: float | None
    specificity: float | None
    value: float | None
    variance: float | None
    interval: tuple[float, float] | None
    why: str = ""


def corrected_rate(called: tuple[int, int], positives: tuple[int, int], negatives: tuple[int, int]) -> Rate:
    """The corrected rate from three counts (how many, out of how many).

    `called`: units called positive, of those judged without gold. `positives`: called positive, of the truly
    positive; `negatives`: called negative, of the truly negative. The three samples are taken for independent.

    The interval is Lang & Reiczigel's (2014): the delta method about counts with z²/2 added to either outcome of
    `called` and 1 to those of the others, as the plain one is far too narrow near 0 and 1. `value` is None where J ≤ 0:
    the judge tells nothing of the rate. Raises ValueError for counts that cannot be.
    """
    samples = called, positives, negatives
    if any(not 0 <= count <= total for count, total in samples):
        raise ValueError("each count must be from 0 to its total")
    p, se, sp = (count / total if total else None for count, total in samples)
    if p is None or se is None or sp is None:
        return Rate(called[1], p, se, sp, None, None, None, "no units, no true positives or no true negatives")
    if se + sp <= 1:
        why = "the judge calls true positives positive no more often than true negatives"
        return Rate(called[1], p, se, sp, None, None, None, why)
    theta = _corrected(p, se, sp)
    clipped = min(1.0, max(0.0, theta))
    sizes = called[1], positives[1], negatives[1]
    variance = _variance(clipped, (p, se, sp), sizes)
    return Rate(called[1], p, se, sp, clipped, variance, _interval(samples))


def _corrected(p: float, se: float, sp: float) -> float:
    return (p + sp - 1) / (se + sp - 1)


def _variance(theta: float, shares: tuple[float, float, float], sizes: tuple[float, float, float]) -> float:
    p, se, sp = (share * (1 - share) / size for share, size in zip(shares, sizes, strict=True))
    return (p + theta**2 * se + (1 - theta) ** 2 * sp) / (shares[1] + shares[2] - 1) ** 2


def _interval(samples: tuple[tuple[int, int], ...]) -> tuple[float, float] | None:
    """Lang & Reiczigel's limits; None where the counts with what is added tell nothing (J ≤ 0)."""
    added = (Z**2 / 2, 1, 1)
    sizes = tuple(total + 2 * more for (_, total), more in zip(samples, added, strict=True))
    p, se, sp = ((count + more) / size for (count, _), more, size in zip(samples, added, sizes, strict=True))
    if se + sp <= 1:
        return None
    theta = _corrected(p, se, sp)
    shift = 2 * Z**2 * (theta * se * (1 - se) / sizes[1] - (1 - theta) * sp * (1 - sp) / sizes[2])
    half = Z * float(np.sqrt(_variance(theta, (p, se, sp), (sizes[0], sizes[1], sizes[2]))))
    return min(1.0, max(0.0, theta + shift - half)), min(1.0, max(0.0, theta + shift + half))
