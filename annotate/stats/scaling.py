"""Probabilities made to mean what they say: a temperature and a slot offset fitted on human labels.

P(first slot is better) = σ((logit s − offset) / T), by maximum likelihood (Platt 1999; temperature alone: Guo et al.,
arXiv 1706.04599). People's ties count as half a label for either side. An average over both orders has no slot left to
correct: fit its σ(d) with `offset=False`.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.special import expit

from annotate.stats.calibration import checked
from annotate.stats.intervals import Floats
from annotate.stats.orders import logit

FEW_LABELS = 10
# Slope over probabilities of unit spread: steeper means that one threshold parts the labels, flatter that none helps.
STEEPEST, FLATTEST = 20.0, 1e-3
FAR = 20.0


@dataclass(frozen=True, slots=True)
class Scaling:
    """T > 0 and the offset, in log-odds, fitted on n labels; `why` says where the fit is bounded, or was not tried."""

    temperature: float
    offset: float
    n: int
    why: str = ""

    def apply(self, probability: npt.ArrayLike) -> Floats:
        """σ((logit s − offset) / T) of each probability."""
        return np.asarray(expit((logit(probability) - self.offset) / self.temperature), float)


def fit(probability: npt.ArrayLike, outcome: npt.ArrayLike, offset: bool = True) -> Scaling:
    """The scaling of n probabilities of shape (n,) to outcomes: 1 (the event, as people say), 0, or ½ for their ties.

    Always finite: fewer than 10 labels, labels all alike, or probabilities all alike leave them as they are (T = 1);
    labels parted perfectly end at a small T, and a judge without signal, or that tells the contrary, at a large one,
    where all is as likely as not. Raises ValueError for unequal lengths and for entries outside 0 to 1.
    """
    p, y = checked(probability, outcome)
    x = logit(p)
    middle = float(x.mean()) if offset and len(x) else 0.0
    spread = float(np.sqrt(np.sum((x - middle) ** 2) / max(1, len(x))))
    if why := _unfit(y, spread):
        return Scaling(1.0, 0.0, len(p), why)
    z = (x - middle) / spread
    limits = [(FLATTEST, STEEPEST), (-FAR, FAR) if offset else (0.0, 0.0)]
    found = minimize(_loss, [1.0, 0.0], args=(z, y), jac=True, method="L-BFGS-B", bounds=limits)
    slope, intercept = (float(v) for v in found.x)
    temperature = spread / slope
    why = ""
    if slope > 0.99 * STEEPEST:
        why = "the labels are parted perfectly: the temperature is the smallest allowed"
    elif slope < 1.01 * FLATTEST:
        why = "the probabilities do not follow the labels: the temperature is the largest allowed"
    return Scaling(temperature, middle - intercept * temperature, len(p), why)


def tie_band(probability: npt.ArrayLike, tie_share: float) -> float:
    """The half-width b for which the share of |p − ½| < b is nearest to people's share of ties; 0 where either is none.

    It lies midway between neighbouring values; equal values fall on the same side.
    """
    distance = np.abs(np.asarray(probability, float) - 0.5)
    if not len(distance) or tie_share <= 0:
        return 0.0
    values, counts = np.unique(distance, return_counts=True)
    within = np.concatenate([[0], np.cumsum(counts)])
    cuts = np.concatenate([[0.0], (values[:-1] + values[1:]) / 2, [(values[-1] + 0.5) / 2]])
    if values[-1] >= 0.5:  # a certain answer is never a tie
        within, cuts = within[:-1], cuts[:-1]
    return float(cuts[np.argmin(np.abs(within - tie_share * len(distance)))])


def signs(probability: npt.ArrayLike, band: float = 0.0) -> npt.NDArray[np.int_]:
    """+1 for p > ½, −1 for p < ½, 0 within the band and for ½ itself."""
    p = np.asarray(probability, float)
    return np.where(np.abs(p - 0.5) < band, 0, np.sign(p - 0.5)).astype(int)


def _unfit(y: Floats, spread: float) -> str:
    if len(y) < FEW_LABELS:
        return f"only {len(y)} labels; a fit needs {FEW_LABELS}"
    if np.ptp(y) == 0:
        return "the labels are all alike"
    return "" if spread > 1e-9 else "the probabilities are all alike"


def _loss(parameters: Floats, z: Floats, y: Floats) -> tuple[float, Floats]:
    """Mean cross-entropy of σ(slope · z + intercept), and its gradient."""
    x = parameters[0] * z + parameters[1]
    gap = expit(x) - y
    return float(np.mean(np.logaddexp(0, x) - y * x)), np.array([np.mean(gap * z), np.mean(gap)])
