"""What two verdicts on one pair say together, one with each completion in the first slot (arXiv 2306.05685).

s1 and s2 are P(first slot) when completion a stands first and when it stands second. d = ½(logit s1 − logit s2) is the
preference for a, free of a constant liking for a slot, which is ½(logit s1 + logit s2), the slot bias.
"""

import math
from dataclasses import dataclass
from typing import Any

FLOOR = 1e-9  # probabilities are kept this far from 0 and 1, so that log-odds stay finite
TIE_BAND = 0.02


@dataclass(frozen=True, slots=True)
class Comparison:
    """`sign` is +1 for a, −1 for b, 0 for neither; `p` is P(a preferred) and `d` its log-odds, calibrated both, or
    None where labels alone came. `figures` are those that reports read, of the replies as they came."""

    sign: int
    p: float | None
    d: float | None
    figures: dict[str, Any]


def by_probability(s1: float, s2: float, temperature: float = 1.0, offset: float = 0.0) -> Comparison:
    """The comparison from P(first slot) in both orders: log-odds are averaged, hard verdicts never voted.

    Calibrated, s′ = sigmoid((logit s − offset) / temperature); the offset leaves P(a) alone, as both orders have it.
    """
    one, two = ((logit(s) - offset) / temperature for s in (s1, s2))
    d = (one - two) / 2
    figures: dict[str, Any] = {
        "s1": s1,
        "s2": s2,
        "d": (logit(s1) - logit(s2)) / 2,
        "slot_bias": (logit(s1) + logit(s2)) / 2,
        "flip": (s1 - 0.5) * (s2 - 0.5) > 0,
    }
    if (temperature, offset) != (1, 0):
        figures["calibrated"] = {"s1": sigmoid(one), "s2": sigmoid(two), "d": d}
    return Comparison((d > 0) - (d < 0), sigmoid(d), d, figures)


def by_label(s1: float, s2: float) -> Comparison:
    """The comparison where each order gave a label alone: s is 1 for the first slot, 0 for the second, ½ for a tie.

    The same completion twice is preferred. Anything else prefers neither; a flip names the same slot twice.
    """
    first, second = _side(s1), -_side(s2)
    figures = {"s1": s1, "s2": s2, "hard": True, "flip": first * second < 0}
    return Comparison(first if first == second else 0, None, None, figures)


def decide(found: Comparison, allow_tie: bool, tie_band: float = TIE_BAND) -> int | None:
    """+1 for a, −1 for b, 0 for a tie, None for an abstention.

    Where ties are allowed, |P(a) − ½| < `tie_band` is one, and so are labels that prefer neither. Where they are not,
    what prefers neither is an abstention.
    """
    near = found.p is not None and allow_tie and abs(found.p - 0.5) < tie_band
    if found.sign and not near:
        return found.sign
    return 0 if allow_tie else None


def strength(d: float, steps: int) -> int:
    """The step, 1 to `steps`, for log-odds `d`: tanh(|d|/2) = |2P − 1| is cut into equal parts."""
    return min(steps, 1 + int(steps * math.tanh(abs(d) / 2)))


def logit(p: float) -> float:
    """ln(p / (1 − p)), with p kept FLOOR away from 0 and 1."""
    kept = min(max(p, FLOOR), 1 - FLOOR)
    return math.log(kept / (1 - kept))


def sigmoid(x: float) -> float:
    """1 / (1 + e^−x), for any x."""
    return 0.5 * (1 + math.tanh(x / 2))


def _side(s: float) -> int:
    return (s > 0.5) - (s < 0.5)
