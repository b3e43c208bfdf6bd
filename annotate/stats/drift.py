"""Is the agreement on audited units since a certificate still what was certified? A test to look at after every unit.

H₀: whatever came before, a unit disagrees with probability ≤ α = 1 − target. For each alternative θ in (α, 1] the
likelihood ratio Π (θ/α)^x ((1 − θ)/(1 − α))^(1 − x) is a bet against H₀ that is fair at best; so is its mean over θ,
uniform on (α, 1],
    E = ∫_α^1 θ^e (1 − θ)^(n − e) dθ / ((1 − α) α^e (1 − α)^(n − e)),    e disagreements of n,
and any mixture of such bets begun at fixed times. By Ville's inequality E ever reaches 1/δ with probability ≤ δ under
H₀, however often one looks (Waudby-Smith & Ramdas, arXiv 2010.09686). Bets begin every 25 units, the j-th with the
share 1 / ((j + 1)(j + 2)) of the stake, so that a long good time does not hide a later drop.
"""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import betaincc, betaln

from annotate.stats.calibration import checked
from annotate.stats.intervals import Floats

EVERY = 25


@dataclass(frozen=True, slots=True)
class Drift:
    """`e_value` is E now, `peak` the highest so far; suspended once that reached 1/δ, at unit `suspended_at` (from 1).

    `n` counts one unit per prompt group, `errors` its disagreements.
    """

    n: int
    errors: int
    e_value: float
    peak: float
    suspended: bool
    suspended_at: int | None


def drift(agrees: npt.ArrayLike, target: float, delta: float, cluster: npt.ArrayLike | None = None) -> Drift:
    """The test over audited units in the order they were audited; `agrees` has shape (n,) and holds 1 or 0.

    With `cluster` only the first unit of each prompt group counts: the others are no news. No units: E = 1.
    Raises ValueError for a target or delta that is not between 0 and 1, and malformed rows.
    """
    if not 0 < target < 1 or not 0 < delta < 1:
        raise ValueError(f"target is {target} and delta {delta}; both must be above 0 and below 1")
    agreed, _ = checked(agrees, agrees)
    if not np.isin(agreed, [0, 1]).all():
        raise ValueError("agrees is 1 or 0 for each unit")
    if cluster is not None:
        groups = np.asarray(cluster)
        if groups.shape != agreed.shape:
            raise ValueError("there must be one cluster per row")
        agreed = agreed[np.sort(np.unique(groups, return_index=True)[1])]
    wrong = 1 - agreed
    path = np.exp(np.minimum(log_e_values(wrong, 1 - target), 700))
    peak = float(path.max(initial=1.0))
    reached = np.flatnonzero(path >= 1 / delta)
    at = int(reached[0]) + 1 if len(reached) else None
    return Drift(len(wrong), int(wrong.sum()), float(path[-1]) if len(path) else 1.0, peak, at is not None, at)


def log_e_values(wrong: Floats, alpha: float) -> Floats:
    """ln E after each of n units, shape (n,), for disagreements 1 or 0 against a share of at most `alpha`."""
    n = len(wrong)
    starts = np.arange(0, n, EVERY)
    stake = 1 / ((np.arange(len(starts)) + 1) * (np.arange(len(starts)) + 2))
    total = np.concatenate([[0.0], np.cumsum(wrong)])
    units, errors = np.arange(1, n + 1)[:, None] - starts, total[1:, None] - total[starts]
    begun = units > 0
    bets = np.where(begun, _log_bet(np.where(begun, errors, 0), np.where(begun, units, 0), alpha), 0.0)
    idle = 1 - stake.sum()
    peak = bets.max(axis=1, initial=0.0)
    return np.asarray(peak + np.log(np.exp(bets - peak[:, None]) @ stake + idle * np.exp(-peak)), float)


def _log_bet(errors: Floats, units: Floats, alpha: float) -> Floats:
    """ln of the mean likelihood ratio over θ uniform on (α, 1]; 0 for no units."""
    good = units - errors
    with np.errstate(divide="ignore"):
        above = np.log(betaincc(errors + 1, good + 1, alpha))
    return np.asarray(
        betaln(errors + 1, good + 1)
        + above
        - math.log1p(-alpha)
        - errors * math.log(alpha)
        - good * math.log1p(-alpha),
        float,
    )
