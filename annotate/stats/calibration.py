"""Do probabilities mean what they say? Reliability curve, expected calibration error, Brier score, log loss.

Each row has a probability p of an event (the judge's answer is right, or the first slot is better) and an outcome y:
1 it happened, 0 it did not, ½ for people's ties, as half a label each.
"""

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy.special import xlogy
from scipy.stats import norm

from annotate.stats.intervals import SHARE, Figure, Floats, Interval, figure, mean, rows_of

FLOOR = 1e-9
Z = float(norm.ppf(0.975))


@dataclass(frozen=True, slots=True)
class Bin:
    """Rows with p from `low` to `high`; the interval is Wilson's, over rows."""

    low: float
    high: float
    n: int
    confidence: float
    accuracy: float
    interval: Interval


@dataclass(frozen=True, slots=True)
class Calibration:
    """`ece` is Σ_b n_b/n · |accuracy_b − confidence_b| (Guo et al., arXiv 1706.04599) over `bins`.

    It is above 0 even for perfect probabilities, about `ece_by_chance` then. Its interval is the basic bootstrap, which
    takes some of that away, so the figure itself may lie above it; and it begins at 0 where perfect probabilities would
    give as much in over 2.5 % of the samples. `overconfidence` is mean p − mean y; `brier` is the mean of
    (p − y)²; `log_loss` is in nats, with p kept 10⁻⁹ from 0 and 1.
    """

    n: int
    clusters: int
    bins: tuple[Bin, ...]
    ece: Figure
    ece_by_chance: float | None
    overconfidence: Figure
    brier: Figure
    log_loss: Figure


def calibration(
    probability: npt.ArrayLike,
    outcome: npt.ArrayLike,
    cluster: npt.ArrayLike,
    bins: int = 10,
    binning: Literal["mass", "width"] = "mass",
    seed: int = 0,
) -> Calibration:
    """The figures of n rows; all arrays have shape (n,), `cluster` names each row's prompt group.

    Bins hold equally many rows ("mass"; equal probabilities stay together, so there may be fewer) or are equally wide
    from 0 to 1 ("width"). Raises ValueError for unequal lengths and for entries outside 0 to 1.
    """
    p, y = checked(probability, outcome)
    groups = np.unique(np.asarray(cluster), return_inverse=True)[1]
    index = by_mass(p, bins) if binning == "mass" else np.minimum((p * bins).astype(int), bins - 1)
    width = 1 / bins if binning == "width" else 0
    kept, loss = np.clip(p, FLOOR, 1 - FLOOR), (p - y) ** 2
    chance, most = _by_chance(p, index)
    brier = mean(loss, groups, seed=seed)
    return Calibration(
        n=len(p),
        clusters=brier.clusters,
        bins=tuple(_bin(p[index == b], y[index == b], int(b), width) for b in np.unique(index)),
        ece=_ece(p - y, index, groups, most, seed),
        ece_by_chance=chance if len(p) else None,
        overconfidence=mean(p - y, groups, (-1.0, 1.0), seed),
        brier=brier,
        log_loss=mean(-xlogy(y, kept) - xlogy(1 - y, 1 - kept), groups, (0.0, -float(np.log(FLOOR))), seed),
    )


def checked(probability: npt.ArrayLike, outcome: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Both as floats of shape (n,); raises ValueError for entries outside 0 to 1."""
    p, y = rows_of(probability, outcome)
    if any(((row < 0) | (row > 1)).any() for row in (p, y)):
        raise ValueError("probabilities and outcomes are from 0 to 1; an entry is outside")
    return p, y


def by_mass(p: Floats, bins: int) -> npt.NDArray[np.intp]:
    """The bin of each row, of equally many where ties allow."""
    if not len(p):
        return np.zeros(0, np.intp)
    cuts = np.quantile(p, np.arange(1, bins) / bins, method="higher")
    return np.searchsorted(np.unique(cuts), p, side="right")


def wilson(successes: float, n: int) -> Interval:
    """Wilson's 95 % interval of a share of n > 0; halves count as half a success."""
    share, more = successes / n, Z**2 / n
    middle = (share + more / 2) / (1 + more)
    half = Z * np.sqrt(share * (1 - share) / n + more / (4 * n)) / (1 + more)
    return max(0.0, float(middle - half)), min(1.0, float(middle + half))


def _bin(p: Floats, y: Floats, number: int, width: float) -> Bin:
    low, high = (number * width, (number + 1) * width) if width else (float(p.min()), float(p.max()))
    return Bin(low, high, len(p), float(p.mean()), float(y.mean()), wilson(float(y.sum()), len(p)))


def _ece(gap: Floats, index: npt.NDArray[np.intp], groups: npt.NDArray[np.intp], most: float, seed: int) -> Figure:
    """ECE, with an interval from 0 where it is no more than `most`."""
    columns = np.hstack([gap[:, None] * (index[:, None] == np.unique(index)), np.ones((len(gap), 1))])
    found = figure(lambda sums: np.abs(sums[..., :-1]).sum(axis=-1) / sums[..., -1], columns, groups, SHARE, seed, True)
    if found.interval and found.value is not None and found.value <= most:
        return replace(found, interval=(0.0, found.interval[1]))
    return found


def _by_chance(p: Floats, index: npt.NDArray[np.intp]) -> tuple[float, float]:
    """Mean and 97.5 % quantile of the ECE of n outcomes drawn with these very probabilities.

    A bin's sum of p − y has variance v = Σ p(1 − p); its distance from 0 has mean √(2v/π) and variance v(1 − 2/π).
    """
    variances = np.bincount(index, p * (1 - p)) / max(1, len(p)) ** 2
    mean, error = np.sqrt(2 / np.pi * variances).sum(), np.sqrt((1 - 2 / np.pi) * variances.sum())
    return float(mean), float(mean + Z * error)
