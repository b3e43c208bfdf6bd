"""Cohen's kappa of every pair of annotators, and its mean, with intervals by prompt group.

Cohen (1960), and with weights Cohen, *Weighted kappa* (1968): (p_o − p_e) / (1 − p_e) with p_o the mean weight of the
two answers and p_e that of two answers drawn from either's own shares. The mean over pairs, each weighed by the things
that it has in common, is Light's kappa (*Measures of response agreement for qualitative data*, 1971) where all
annotated the same. Errors are linearised: κ's derivatives by the weights of the prompt groups, in closed form.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt
from scipy.stats import t as student_t

from annotate.stats.intervals import DIFFERENCE, NOTHING, Figure, Floats, linearised

Codes = npt.NDArray[np.integer]
Marks = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Kappas:
    """Matrices (annotators, annotators): kappa (NaN where undefined), half its 95 % interval, the share of things on
    which both say the same, how many things both answered and in how many prompt groups. `means` by group of pairs."""

    value: Floats
    half: Floats
    percent: Floats
    n: Floats
    clusters: npt.NDArray[np.int64]
    means: dict[str, Figure]

    def figure(self, first: int, second: int) -> Figure:
        n, k, value = round(self.n[first, second]), int(self.clusters[first, second]), self.value[first, second]
        if not n:
            return NOTHING
        if np.isnan(value):
            return Figure(None, None, n, k, "both give one and the same answer")
        return linearised(float(value), float(self.half[first, second]), n, k, DIFFERENCE)


@dataclass(frozen=True, slots=True)
class _Pair:
    """Two annotators: kappa, NaN where undefined, and by their prompt groups `where` dκ and the things in common."""

    kappa: float
    percent: float
    n: float
    where: Codes
    slopes: Floats
    sizes: Floats


@dataclass(slots=True)
class _Mean:
    """Sums over pairs of annotators: of n, of n·κ, and by prompt group of n·dκ, κ·dn and dn."""

    among: Marks
    slopes: Floats
    valued: Floats
    sizes: Floats
    n: float = 0.0
    total: float = 0.0

    def add(self, pair: _Pair) -> None:
        self.n += pair.n
        self.total += pair.n * pair.kappa
        self.slopes[pair.where] += pair.n * pair.slopes
        self.valued[pair.where] += pair.kappa * pair.sizes
        self.sizes[pair.where] += pair.sizes


def pairwise_kappas(
    said: Codes,
    cluster: npt.ArrayLike,
    weights: Floats,
    among: Mapping[str, Marks],
    thing_weight: Floats | None = None,
) -> Kappas:
    """`said`, shape (annotators, things), holds numbers of values, −1 for no answer; `weights` is (values, values),
    symmetric, 1 on its diagonal. `among` names groups of pairs as symmetric matrices (annotators, annotators); pairs
    in none are left out. `cluster` and `thing_weight` have shape (things,). Raises ValueError for unequal lengths.
    """
    groups = np.unique(np.asarray(cluster), return_inverse=True)[1]
    if said.shape[1:] != groups.shape:
        raise ValueError("there must be one cluster per thing")
    each = np.ones(len(groups)) if thing_weight is None else thing_weight
    size, k = len(said), int(groups.max(initial=-1)) + 1
    nan, zero = np.full((size, size), np.nan), np.zeros((size, size))
    found = Kappas(nan, nan.copy(), nan.copy(), zero, zero.astype(np.int64), {})
    means = {name: _Mean(np.asarray(chosen), *np.zeros((3, k))) for name, chosen in among.items()}
    things = [np.flatnonzero(row >= 0) for row in said]
    for a, b in combinations(range(size), 2):
        wanted = [mean for mean in means.values() if mean.among[a, b]]
        few, many = (a, b) if len(things[a]) < len(things[b]) else (b, a)
        rows = things[few][said[many, things[few]] >= 0]
        if wanted and len(rows):
            pair = _pair(said[a, rows], said[b, rows], each[rows], groups[rows], weights)
            _keep(found, a, b, pair)
            for mean in wanted if np.isfinite(pair.kappa) else ():
                mean.add(pair)
    found.means.update({name: _mean(sums) for name, sums in means.items()})
    return found


def _pair(first: Codes, second: Codes, weight: Floats, groups: Codes, weights: Floats) -> _Pair:
    kappa, slopes = _kappa(first, second, weight, weights)
    where, place = np.unique(groups, return_inverse=True)
    percent = float(weight[first == second].sum() / weight.sum())
    sizes, by_group = (np.asarray(np.bincount(place, each), float) for each in (weight, slopes))
    return _Pair(kappa, percent, float(weight.sum()), where, by_group, sizes)


def _keep(found: Kappas, a: int, b: int, pair: _Pair) -> None:
    for cell in ((a, b), (b, a)):
        found.value[cell], found.percent[cell] = pair.kappa, pair.percent
        found.n[cell], found.clusters[cell] = pair.n, len(pair.where)
        found.half[cell] = _half(pair.slopes, len(pair.where))


def _kappa(first: Codes, second: Codes, weight: Floats, weights: Floats) -> tuple[float, Floats]:
    """Kappa, NaN where chance agrees always, and its derivative by the weight of each thing, shape (n,)."""
    n, size = weight.sum(), len(weights)
    rows, cols = np.bincount(first, weight, size) / n, np.bincount(second, weight, size) / n
    alike = weights[first, second]
    observed, chance = float(weight @ alike / n), float(rows @ weights @ cols)
    if chance > 1 - 1e-12:
        return float("nan"), np.zeros(len(weight))
    kappa = (observed - chance) / (1 - chance)
    drift = (weights @ cols)[first] + (weights @ rows)[second] - 2 * chance
    return kappa, np.asarray(weight * ((alike - observed) - (1 - kappa) * drift) / ((1 - chance) * n), float)


def _half(by_group: Floats, k: int) -> float:
    """t · error of k clusters; infinite for one, which tells nothing."""
    if k < 2:
        return float("inf")
    return float(student_t.ppf(0.975, k - 1) * np.sqrt(k / (k - 1) * by_group @ by_group))


def _mean(sums: _Mean) -> Figure:
    if not sums.n:
        return Figure(None, None, 0, 0, "no two annotators have a thing in common whose kappa is defined")
    value, k = sums.total / sums.n, int(np.count_nonzero(sums.sizes))
    slopes = (sums.slopes + sums.valued - value * sums.sizes) / sums.n
    return linearised(value, _half(slopes, k), round(sums.n), k, DIFFERENCE)
