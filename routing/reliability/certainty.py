"""Whether a judge knows when it is right: calibration before and after fitting, and coverage at an accuracy."""

from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import expit

from annotate.stats.agreement import agreement
from annotate.stats.calibration import calibration
from annotate.stats.coverage import coverage, curve
from annotate.stats.crossfit import crossfit
from annotate.stats.orders import preference
from routing.reliability.figures import plain, sampled
from routing.reliability.labels import Label
from routing.reliability.table import Row

Floats = npt.NDArray[np.float64]

TARGETS = (0.7, 0.8, 0.9, 0.95)
MOST_POINTS = 100
HARD = {0.0, 0.5, 1.0}


def certainty(every: list[tuple[Row, Label]], is_pair: bool) -> dict[str, Any]:
    """`calibration` before and after, `coverage` at targets and its `curve`; without probabilities nothing."""
    if is_pair and any(set(row.orders or ()) - HARD for row, _ in every):
        return _of_pairs([(row.orders, label, row.cluster) for row, label in every if row.orders is not None])
    return _of_units([(row, label) for row, label in every if row.label is not None and row.confidence is not None])


def _of_pairs(pairs: list[tuple[tuple[float, float], Label, int]]) -> dict[str, Any]:
    """P(first completion) from both orders, averaged as log-odds; people's ties are half an outcome each way."""
    s1, s2 = np.array([both for both, _, _ in pairs], float).T
    chance = np.asarray(expit(preference(s1, s2)), float)
    signs = np.array([label for _, label, _ in pairs], int)
    outcome, clusters = (1 + signs) / 2, np.array([cluster for _, _, cluster in pairs])
    fitted = crossfit(chance, outcome, clusters, offset=False, ties=bool((signs == 0).any()))
    held = agreement(fitted.side.tolist(), signs.tolist(), clusters)
    before, after = _sureness(chance, outcome), _sureness(fitted.probability, outcome)
    return {
        **_figures(before, after, clusters, fitted.why),
        "calibrated_agreement": plain({"percent": held.percent, "kappa": held.kappa, "pi": held.pi}),
    }


def _sureness(chance: Floats, outcome: Floats) -> tuple[Floats, Floats]:
    """How sure the more probable side is, and whether it is right: 1, 0, or ½ where people tie or it does."""
    right = np.where(chance == 0.5, 0.5, np.where(chance > 0.5, outcome, 1 - outcome))
    return np.maximum(chance, 1 - chance), right


def _of_units(every: list[tuple[Row, Label]]) -> dict[str, Any]:
    """Of answers in parts the confidence is that of the whole answer, so the whole answer is right or wrong."""
    units: dict[int, tuple[float, bool, int]] = {}
    for row, label in every:
        sure, right, cluster = units.get(row.unit, (row.confidence or 0.0, True, row.cluster))
        units[row.unit] = sure, right and row.label == label, cluster
    if not units:
        return {}
    sureness = np.array([sure for sure, _, _ in units.values()], float)
    hits = np.array([right for _, right, _ in units.values()], float)
    clusters = np.array([cluster for _, _, cluster in units.values()])
    fitted = crossfit(sureness, hits, clusters)
    return _figures((sureness, hits), (fitted.probability, hits), clusters, fitted.why)


def _figures(
    before: tuple[Floats, Floats], after: tuple[Floats, Floats], clusters: npt.NDArray[np.int_], why: tuple[str, ...]
) -> dict[str, Any]:
    line = curve(*before)
    points = [[float(x), float(y)] for x, y in zip(line.shares, line.accuracies, strict=True)]
    return {
        "calibration": {
            "before": plain(calibration(*before, clusters)),
            "after": plain(calibration(*after, clusters)),
            "why": list(why),
        },
        "coverage": plain([coverage(*before, target, clusters) for target in TARGETS]),
        "curve": sampled(points, MOST_POINTS),
    }
