"""Comparisons of models, and the one likelihood behind strengths and length-controlled win rates.

Davidson, *On extending the Bradley–Terry model to accommodate ties in paired comparison experiments* (1970): of
models of strengths θ_i and θ_j, d = θ_i − θ_j, the first wins, loses or ties in the proportions
e^(d/2) : e^(−d/2) : e^δ. So σ(d) is its share of the decisive games, ties grow rarer as models grow apart, and what
counts of a model's results is its points, a tie being half a win. Covariates of a game add to d. The logarithm of the
likelihood is concave: Newton's method with halved steps finds its maximum.
"""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from annotate.stats.intervals import Floats
from annotate.stats.linearised import Blocks, Ids, blocks

RIDGE = 1e-8  # keeps what the data leave open finite; moves no figure by as much as 1e-6
STEPS = 100
TOLERANCE = 1e-10
HALVINGS = 40
DENSE = 4_000_000


@dataclass(frozen=True, slots=True)
class Games:
    """n comparisons of `models` models, numbered from 0: `sign` is +1 where `first` won, 0 for a tie, −1 else.

    `weight`, above 0, is what a comparison counts; `block` names its cluster of resampling.
    """

    first: Ids
    second: Ids
    sign: Ids
    weight: Floats
    blocks: Blocks
    models: int

    def __len__(self) -> int:
        return len(self.first)

    def where(self, chosen: npt.NDArray[np.bool_]) -> "Games":
        """The games chosen by a mask; blocks are counted anew."""
        return replace(
            self,
            first=self.first[chosen],
            second=self.second[chosen],
            sign=self.sign[chosen],
            weight=self.weight[chosen],
            blocks=self.blocks.where(chosen),
        )

    def among(self, models: tuple[int, ...]) -> npt.NDArray[np.bool_]:
        """Which games are between two of these models."""
        inside = np.zeros(self.models, bool)
        inside[list(models)] = True
        return np.asarray(inside[self.first] & inside[self.second])

    def counts(self) -> tuple[Floats, Floats]:
        """Weighted wins of i over j and ties of i and j, both of shape (m, m)."""
        m = self.models
        code = (self.first * m + self.second) * 3 + self.sign + 1
        table = np.bincount(code, weights=self.weight, minlength=3 * m * m).reshape(m, m, 3).astype(float)
        return table[..., 2] + table[..., 0].T, table[..., 1] + table[..., 1].T


def games(
    first: npt.ArrayLike,
    second: npt.ArrayLike,
    sign: npt.ArrayLike,
    cluster: npt.ArrayLike,
    models: int,
    weight: npt.ArrayLike | None = None,
) -> Games:
    """The games, checked. Raises ValueError for unequal lengths, a model against itself, or an entry that is none."""
    one, two, won = (np.asarray(each, np.int64) for each in (first, second, sign))
    weighs = np.ones(len(one)) if weight is None else np.asarray(weight, float)
    found = blocks(cluster)
    if not len(one) == len(two) == len(won) == len(weighs) == len(found.cluster):
        raise ValueError("there must be one entry per comparison in every array")
    if len(one) and (min(one.min(), two.min()) < 0 or max(one.max(), two.max()) >= models):
        raise ValueError(f"models are numbered from 0 to {models - 1}")
    if (one == two).any():
        raise ValueError("a model cannot be compared with itself; leave such pairs out")
    if not np.isin(won, [-1, 0, 1]).all():
        raise ValueError("a sign is +1 (first won), 0 (a tie) or −1 (second won)")
    if not (np.isfinite(weighs).all() and (weighs > 0).all()):
        raise ValueError("a weight must be a number above 0")
    return Games(one, two, won, weighs, found, models)


@dataclass(frozen=True, slots=True)
class Fitted:
    """The maximum: strengths (mean 0), then δ where ties are modelled, then the slope of the covariate.

    `information` is the negative Hessian there with the direction filled up that no data tell (all strengths
    together), `slopes` the derivatives of all parameters by the weights of the blocks, shape (blocks, parameters).
    """

    values: Floats
    information: Floats
    slopes: Floats
    models: int
    tie: float | None
    slope: float | None

    @property
    def strengths(self) -> Floats:
        return self.values[: self.models]


@dataclass(frozen=True, slots=True)
class _Cells:
    """Games that are alike, counted together; `place` is the cell of each game."""

    first: Ids
    second: Ids
    sign: Ids
    x: Floats
    weight: Floats
    place: Ids


def fit(played: Games, x: Floats | None = None, levels: int = 0, half: bool = False) -> Fitted:
    """The most likely parameters for games of one component (see `annotate.stats.connectivity`).

    `x`, shape (n,) between −1 and 1, is a covariate of the first against the second, rounded to `levels` steps a unit.
    `half` takes ties for half wins instead of modelling them. Raises ValueError without games.
    """
    if not len(played):
        raise ValueError("there are no games to fit")
    cells, ties = _cells(played, x, levels), not half and bool((played.sign == 0).any())
    values = np.zeros(played.models + ties + (x is not None))
    likelihood, slope, information = _derivatives(cells, values, played.models, ties, x is not None)
    for _ in range(STEPS):
        step = np.linalg.solve(information, slope)
        for _ in range(HALVINGS):
            nearer = _derivatives(cells, values + step, played.models, ties, x is not None)
            if nearer[0] >= likelihood - 1e-9 * abs(likelihood):
                break
            step = step / 2
        values = values + step
        likelihood, slope, information = nearer
        if np.abs(step).max() < TOLERANCE:
            break
    m = played.models
    return Fitted(
        values,
        information,
        _by_block(played, cells, values, information, ties, x is not None),
        m,
        float(values[m]) if ties else None,
        float(values[-1]) if x is not None else None,
    )


def chances(d: Floats, tie: float | None) -> tuple[Floats, Floats]:
    """The chances that the first wins and that it ties, at a difference of strengths d."""
    drawn = np.zeros_like(d) if tie is None else np.exp(tie - np.abs(d) / 2)
    low = np.exp(-np.abs(d))
    all_of_it = 1 + low + drawn
    return np.where(d >= 0, 1, low) / all_of_it, drawn / all_of_it


def _cells(played: Games, x: Floats | None, levels: int) -> _Cells:
    m, width = played.models, 2 * levels + 1
    step = np.zeros(len(played), np.int64) if x is None else np.rint(x * levels).astype(np.int64) + levels
    code = ((played.first * m + played.second) * width + step) * 3 + played.sign + 1
    if m * m * width * 3 <= DENSE:
        count = np.bincount(code, weights=played.weight, minlength=m * m * width * 3)
        used = np.flatnonzero(count)
        where = np.empty(len(count), np.int64)
        where[used] = np.arange(len(used))
        place, weight = where[code], count[used]
    else:
        used, place = np.unique(code, return_inverse=True)
        weight = np.bincount(place, weights=played.weight)
    pair, rest = np.divmod(used, width * 3)
    level, sign = np.divmod(rest, 3)
    scaled = np.zeros(len(used)) if x is None else (level - levels) / levels
    return _Cells(pair // m, pair % m, sign - 1, scaled, weight.astype(float), place)


def _expected(cells: _Cells, values: Floats, m: int, ties: bool, sloped: bool) -> tuple[Floats, Floats, Floats]:
    """d, the expected half sign, and the chance of a tie of every cell."""
    d = values[cells.first] - values[cells.second] + (values[-1] * cells.x if sloped else 0)
    won, drawn = chances(d, float(values[m]) if ties else None)
    return d, won - (1 - drawn) / 2, drawn


def _derivatives(cells: _Cells, values: Floats, m: int, ties: bool, sloped: bool) -> tuple[float, Floats, Floats]:
    """The log-likelihood, its gradient, and its negative Hessian with the free direction filled up."""
    d, half, drawn = _expected(cells, values, m, ties, sloped)
    w, tied = cells.weight, cells.sign == 0
    tie = float(values[m]) if ties else None
    log_all = np.abs(d) / 2 + np.log1p(np.exp(-np.abs(d)) + (0 if tie is None else np.exp(tie - np.abs(d) / 2)))
    likelihood = float(np.sum(w * (cells.sign * d / 2 + (tied * tie if tie is not None else 0) - log_all)))
    likelihood -= RIDGE / 2 * float(values @ values)
    size = len(values)
    gradient, information = np.zeros(size), np.zeros((size, size))
    off, spread = w * (cells.sign / 2 - half), w * ((1 - drawn) / 4 - half**2)
    gradient[:m] = _between(cells, off, m)
    both = np.bincount(cells.first * m + cells.second, weights=spread, minlength=m * m).reshape(m, m)
    both = both + both.T
    information[:m, :m] = np.diag(both.sum(axis=1)) - both + max(1.0, float(both.sum())) / m**2
    if ties:
        mixed = -w * half * drawn
        gradient[m] = float(np.sum(w * (tied - drawn)))
        information[m, m] = float(np.sum(w * drawn * (1 - drawn)))
        information[m, :m] = information[:m, m] = _between(cells, mixed, m)
        if sloped:
            information[m, -1] = information[-1, m] = float(np.sum(mixed * cells.x))
    if sloped:
        gradient[-1] = float(np.sum(off * cells.x))
        information[-1, -1] = float(np.sum(spread * cells.x**2))
        information[-1, :m] = information[:m, -1] = _between(cells, spread * cells.x, m)
    return likelihood, gradient - RIDGE * values, information + RIDGE * np.eye(size)


def _between(cells: _Cells, values: Floats, m: int) -> Floats:
    first = np.bincount(cells.first, weights=values, minlength=m)
    return np.asarray(first - np.bincount(cells.second, weights=values, minlength=m), float)


def _by_block(played: Games, cells: _Cells, values: Floats, information: Floats, ties: bool, sloped: bool) -> Floats:
    """The derivatives of the parameters by the blocks' weights: the blocks' scores times the inverse information."""
    m, count, block = played.models, played.blocks.count, played.blocks.of
    _, half, drawn = _expected(cells, values, m, ties, sloped)
    off = (cells.sign / 2 - half)[cells.place] * played.weight
    scores = np.zeros((count, len(values)))
    scores[:, :m] = totals(block * m + played.first, off, count, m) - totals(block * m + played.second, off, count, m)
    if ties:
        beyond = ((cells.sign == 0) - drawn)[cells.place] * played.weight
        scores[:, m] = np.bincount(block, weights=beyond, minlength=count)
    if sloped:
        scores[:, -1] = np.bincount(block, weights=off * cells.x[cells.place], minlength=count)
    return np.asarray(np.linalg.solve(information, scores.T).T, float)


def totals(code: Ids, values: Floats, count: int, m: int) -> Floats:
    """Sums by block and model, shape (count, m), of a code block · m + model."""
    return np.bincount(code, weights=values, minlength=count * m).reshape(count, m).astype(float)
