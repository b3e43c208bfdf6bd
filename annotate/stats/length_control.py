"""Win rates of models with the length of their answers held equal.

The idea of Dubois et al., *Length-Controlled AlpacaEval* (arXiv 2404.04475): a regression of the preference on the
models and on tanh(Δ/σ), Δ being the difference of the two lengths and σ its standard deviation; a model's win rate is
then predicted for Δ = 0. Theirs has a baseline, a coefficient a model and the difficulty of instructions. Ours has all
pairs of models, their strengths with ties as Davidson models them, and one coefficient, since it is about those who
judge: what a longer answer is worth to them, in log-odds, whoever wrote it.

A leaderboard is called length-biased where that coefficient differs from 0 at a level of 1 %: it is looked at again and
again while a campaign runs.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import stdtr

from annotate.stats.bradley_terry import renumbered
from annotate.stats.connectivity import connectivity, has_finite_ties
from annotate.stats.games import Fitted, Games, chances, fit, totals
from annotate.stats.intervals import DIFFERENCE, SHARE, Figure, Floats
from annotate.stats.linearised import errors, one

LEVELS = 100
"""tanh(Δ/σ) is rounded to so many steps a unit, so that a million games are a few thousand cells."""
LEVEL = 0.01


@dataclass(frozen=True, slots=True)
class Controlled:
    """Of m models: `raw` win rates (a tie is half a win), `controlled` ones against the same opponents at equal
    lengths, and `change` = raw − controlled, above 0 for a model that wins by length, with `changes` its two-sided
    p-value. None where a model is not among those that can be compared.

    `slope` is what the longest answers gain in log-odds against the shortest of a pair; `p` its two-sided p-value, None
    without an interval; `why` says why there is no control at all.
    """

    n: int
    clusters: int
    sigma: float
    slope: Figure | None
    p: float | None
    raw: tuple[Figure | None, ...]
    controlled: tuple[Figure | None, ...]
    change: tuple[Figure | None, ...]
    changes: tuple[float | None, ...]
    why: str = ""

    @property
    def is_biased(self) -> bool:
        return self.p is not None and self.p < LEVEL


def win_rates(played: Games) -> tuple[Figure | None, ...]:
    """The share of points of each model in its games; None for one without games."""
    blocks = played.blocks
    points, weights = _points(played), _weights(played)
    counts = _counts(played)
    return tuple(
        _rate(points[:, m], weights[:, m], int(counts[m]), blocks.clusters) if counts[m] else None
        for m in range(played.models)
    )


def length_controlled(played: Games, longer: npt.ArrayLike) -> Controlled:
    """The figures; `longer`, shape (n,), is the length of the first's answer less that of the second's.

    Raises ValueError for another shape and for what is not a number.
    """
    delta = np.asarray(longer, float)
    if delta.shape != (len(played),) or not np.isfinite(delta).all():
        raise ValueError("there must be one difference of lengths, a number, per comparison")
    wins, ties = played.counts()
    main = connectivity(wins, ties).main
    if len(main) < 2:
        return _nothing(played, "no two models can be compared")
    chosen = played.among(main)
    inside, delta = renumbered(played.where(chosen), main), delta[chosen]
    sigma = float(delta.std())
    if sigma == 0:
        return _nothing(played, "all pairs differ by the same length")
    x = np.tanh(delta / sigma)
    within = np.ix_(list(main), list(main))
    half = bool(ties[within].any()) and not has_finite_ties(wins[within], ties[within])
    fitted = fit(inside, x, LEVELS, half)
    if not _is_told(fitted):
        return _nothing(played, "length goes with the models or with who wins so closely that nothing tells them apart")
    return _controlled(played.models, main, inside, fitted, sigma)


def _is_told(fitted: Fitted) -> bool:
    """Whether the games tell the slope apart from the strengths: what is left of its information counts one game or
    more, and it did not run off."""
    others = fitted.information[:-1, :-1]
    cross = fitted.information[:-1, -1]
    left = fitted.information[-1, -1] - cross @ np.linalg.solve(others, cross)
    return bool(left > 0.05 and abs(fitted.values[-1]) < 20)


def _controlled(models: int, main: tuple[int, ...], inside: Games, fitted: Fitted, sigma: float) -> Controlled:
    n, blocks = len(inside), inside.blocks
    slope = one(float(fitted.values[-1]), fitted.slopes[:, -1], n, blocks.clusters, None)
    raw: list[Figure | None] = [None] * models
    even, change, tests = list(raw), list(raw), list[float | None]([None] * models)
    points, weights, counts = _points(inside), _weights(inside), _counts(inside)
    expected, moves = _at_equal_lengths(inside, fitted)
    for m, model in enumerate(main):
        total, k = float(weights[:, m].sum()), int(counts[m])
        raw[model] = _rate(points[:, m], weights[:, m], k, blocks.clusters)
        through = fitted.slopes @ moves[m] / total
        rate = float(expected[:, m].sum()) / total
        even[model] = one(rate, (expected[:, m] - rate * weights[:, m]) / total + through, k, blocks.clusters, SHARE)
        off = points[:, m] - expected[:, m]
        gap = float(off.sum()) / total
        slopes = (off - gap * weights[:, m]) / total - through
        change[model], tests[model] = one(gap, slopes, k, blocks.clusters, DIFFERENCE), _p(gap, slopes)
    p = _p(float(fitted.values[-1]), fitted.slopes[:, -1])
    return Controlled(n, blocks.clusters, sigma, slope, p, tuple(raw), tuple(even), tuple(change), tuple(tests))


def _p(value: float, slopes: Floats) -> float | None:
    """The two-sided p-value of a value that should be 0; None where there is no error to tell."""
    error = float(errors(slopes[:, None])[0]) if len(slopes) > 1 else 0.0
    return float(2 * stdtr(len(slopes) - 1, -abs(value) / error)) if error > 0 else None


def _at_equal_lengths(inside: Games, fitted: Fitted) -> tuple[Floats, Floats]:
    """The points that each model is expected to win at equal lengths, by block, shape (k, m), and the derivatives of
    their sums by the parameters, shape (m, parameters)."""
    m, block = inside.models, inside.blocks.of
    d = fitted.strengths[:, None] - fitted.strengths[None, :]
    won, drawn = chances(d, fitted.tie)
    share = won + drawn / 2
    of_first = inside.weight * share[inside.first, inside.second]
    expected = totals(block * m + inside.first, of_first, inside.blocks.count, m)
    expected += totals(block * m + inside.second, inside.weight - of_first, inside.blocks.count, m)
    half = share - 0.5
    met = np.bincount(inside.first * m + inside.second, weights=inside.weight, minlength=m * m).reshape(m, m)
    met = met + met.T
    by_d = met * ((1 - drawn) / 4 - half**2)
    moves = np.zeros((m, len(fitted.values)))
    moves[:, :m] = np.diag(by_d.sum(axis=1)) - by_d
    if fitted.tie is not None:
        moves[:, m] = (met * -half * drawn).sum(axis=1)
    return expected, moves


def _rate(points: Floats, weights: Floats, n: int, clusters: int) -> Figure:
    value = float(points.sum() / weights.sum())
    held = weights > 0
    return one(value, (points - value * weights)[held] / weights.sum(), n, min(clusters, int(held.sum())), SHARE)


def _points(played: Games) -> Floats:
    """Points by block and model, a tie being half a point to either."""
    m, block, own = played.models, played.blocks.of, played.weight * (1 + played.sign) / 2
    first = totals(block * m + played.first, own, played.blocks.count, m)
    return first + totals(block * m + played.second, played.weight - own, played.blocks.count, m)


def _weights(played: Games) -> Floats:
    m, block, count = played.models, played.blocks.of, played.blocks.count
    first = totals(block * m + played.first, played.weight, count, m)
    return first + totals(block * m + played.second, played.weight, count, m)


def _counts(played: Games) -> npt.NDArray[np.int64]:
    first = np.bincount(played.first, minlength=played.models)
    return (first + np.bincount(played.second, minlength=played.models)).astype(np.int64)


def _nothing(played: Games, why: str) -> Controlled:
    none = (None,) * played.models
    return Controlled(len(played), played.blocks.clusters, 0.0, None, None, win_rates(played), none, none, none, why)
