"""From which certainty on may a judge answer alone? A threshold with a guarantee, from an audited random sample.

For a threshold t let R(t) be the share of disagreement with people among units of certainty ≥ t. A grid of thresholds,
fixed beforehand, is tested from high certainty down: H(t): R(t) > α is rejected while the Clopper–Pearson upper bound
at 1 − δ of the disagreement above t is at most α = 1 − target; the first that is not ends the sequence, and the last
rejected is the threshold. In a fixed sequence the first true hypothesis is rejected with probability ≤ δ, so that,
with probability ≥ 1 − δ over the sample, agreement on the answered units of the same population is at least the
target (fixed-sequence testing: Bauer 1991, arXiv 2110.01052; for judges: arXiv 2407.18370).

It needs one unit per prompt group, and labels that took no part in calibration. It says nothing of slices, nor of what
comes after a drift (`annotate.stats.drift`).
"""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.stats import beta

from annotate.stats.calibration import checked
from annotate.stats.intervals import Floats

GRID = tuple(round(1 - n / 100, 2) for n in range(101))


@dataclass(frozen=True, slots=True)
class Look:
    """A threshold tried: n units at or above it, how many disagree, the upper bound, and what became of it.

    `outcome` is "accepted", "refused" or "skipped" (too few units; not a failure).
    """

    threshold: float
    n: int
    errors: int
    bound: float
    outcome: str


@dataclass(frozen=True, slots=True)
class Certified:
    """`threshold` None means that the judge must not answer alone, and `reason` says why.

    n, errors, bound and coverage = n / units are those of the threshold (None without one); `delta` is what this
    certification spent; `units` is the size of the sample.
    """

    threshold: float | None
    reason: str
    target: float
    delta: float
    units: int
    n: int | None
    errors: int | None
    bound: float | None
    coverage: float | None
    path: tuple[Look, ...]


def certify(
    certainty: npt.ArrayLike,
    agrees: npt.ArrayLike,
    cluster: npt.ArrayLike,
    target: float,
    delta: float,
    certification: int = 1,
    grid: tuple[float, ...] = GRID,
    at_least: int = 0,
    seed: int = 0,
) -> Certified:
    """The lowest certainty at which the judge keeps the target agreement with confidence 1 − `delta`.

    All arrays have shape (n,): certainty from 0 to 1, whether judge and people agree (1 or 0), and the prompt group, of
    which one unit is drawn. `certification` is k for the k-th look at this judge: it may spend 6δ / (π²k²), so all
    looks together spend δ. `grid` must not depend on the labels.

    Looks at fewer than ln δ / ln(1 − α) units are skipped, and at fewer than `at_least`, where that is more: the first
    test at so few is passed only without an error, and one error ends all. Raises ValueError for a target or delta
    that is not between 0 and 1, a k below 1, and malformed rows.
    """
    _check(target, delta, certification)
    sure, agreed = checked(certainty, agrees)
    if not np.isin(agreed, [0, 1]).all() or len(np.asarray(cluster)) != len(sure):
        raise ValueError("agrees is 1 or 0, and cluster has an entry, for each unit")
    kept = one_per_group(cluster, seed)
    alpha, spent = 1 - target, spending(delta, certification)
    needed = max(fewest(alpha, spent), at_least)
    path = _walk(sure[kept], agreed[kept] == 0, sorted(set(grid), reverse=True), alpha, spent, needed)
    accepted = [look for look in path if look.outcome == "accepted"]
    # Below the least certain unit of the sample nothing was seen: of equal looks the highest threshold is kept.
    last = next((look for look in accepted if look.n == accepted[-1].n), None)
    if last is None:
        why = _reason(path, alpha, needed, len(kept))
        return Certified(None, why, target, spent, len(kept), None, None, None, None, path)
    return Certified(
        threshold=last.threshold,
        reason="",
        target=target,
        delta=spent,
        units=len(kept),
        n=last.n,
        errors=last.errors,
        bound=last.bound,
        coverage=last.n / len(kept),
        path=path,
    )


def _walk(
    sure: Floats, wrong: npt.NDArray[np.bool_], grid: list[float], alpha: float, delta: float, needed: int
) -> tuple[Look, ...]:
    """Every look, from high certainty down to the first that is refused."""
    path: list[Look] = []
    for threshold in grid:
        above = sure >= threshold
        n, errors = int(above.sum()), int((above & wrong).sum())
        bound = upper_bound(errors, n, delta)
        outcome = "skipped" if n < needed else "accepted" if bound <= alpha else "refused"
        path.append(Look(threshold, n, errors, bound, outcome))
        if outcome == "refused":
            break
    return tuple(path)


def upper_bound(errors: int, n: int, delta: float) -> float:
    """Clopper & Pearson's (1934) upper bound, with confidence 1 − delta, of a share seen `errors` times in n.

    It is 1 for n = 0.
    """
    return 1.0 if errors >= n else float(beta.ppf(1 - delta, errors + 1, n - errors))


def fewest(alpha: float, delta: float) -> int:
    """The smallest n whose upper bound is ≤ alpha without any error: ln δ / ln(1 − α), rounded up."""
    return math.ceil(math.log(delta) / math.log1p(-alpha) - 1e-9)


def spending(delta: float, certification: int) -> float:
    """What the k-th certification may spend, 6δ / (π²k²): together they spend δ, however many follow."""
    return 6 * delta / (math.pi * certification) ** 2


def one_per_group(cluster: npt.ArrayLike, seed: int = 0) -> npt.NDArray[np.intp]:
    """The row numbers of one unit per prompt group, drawn at random, in the order of the rows."""
    groups = np.asarray(cluster)
    shuffled = np.random.default_rng(seed).permutation(len(groups))
    return np.sort(shuffled[np.unique(groups[shuffled], return_index=True)[1]])


def _check(target: float, delta: float, certification: int) -> None:
    if not 0 < target < 1:
        raise ValueError(f"target is {target}; it must be above 0 and below 1")
    if not 0 < delta < 1:
        raise ValueError(f"delta is {delta}; it must be above 0 and below 1")
    if certification < 1:
        raise ValueError(f"certification is {certification}; the first is 1")


def _reason(path: tuple[Look, ...], alpha: float, needed: int, units: int) -> str:
    """Why no threshold was accepted: the first test failed, or there was none to make."""
    last = path[-1] if path else None
    if last is None or last.outcome == "skipped":
        return (
            f"too few audited units: {needed} at or above a threshold are needed, "
            f"there are {last.n if last else 0} of {units}"
        )
    return (
        f"at certainty {last.threshold:.2f} and above {last.errors} of {last.n} disagree: up to {last.bound:.1%} may, "
        f"above the {alpha:.1%} allowed"
    )
