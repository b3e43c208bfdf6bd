"""Shares of annotators held against those of the others, by a test that is exact for few answers and near 0 or 1.

For annotator j with hits in a share s_j of his answers, k_j is his effective number of prompt groups,
(Σ_c n_jc)² / Σ_c n_jc². The others hit in a share r. Were he like them he would hit in r ± margin at worst, so k_j s_j
hits of k_j are held against the beta-binomial law of that mean, whose second parameter is the sum of the others' k: r
is known from no more, and a prompt that is hard is so for him and for them. A prompt group counts as one trial, as
Clopper–Pearson over groups would have it: exact where hits within a group go together, cautious where they do not.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import betaln, logsumexp

from annotate.stats.intervals import SHARE, Figure, Floats, quotient, rows_of
from annotate.stats.signals.base import Flags
from annotate.stats.signals.cells import FEWEST_CLUSTERS, Cells, cells, figures
from annotate.stats.signals.rest import the_rest

NEAR = 1e-9


@dataclass(frozen=True, slots=True)
class Shares:
    """What share of his answers hits, by annotator: `hits`, answers `n`, effective prompt groups `k` and figures, all
    (count,)."""

    hits: Floats
    n: Floats
    k: Floats
    figures: tuple[Figure, ...]

    @property
    def count(self) -> int:
        return len(self.n)


def shares(who: npt.ArrayLike, count: int, hit: npt.ArrayLike, cluster: npt.ArrayLike) -> Shares:
    """The shares of hits, shape (n,), from 0 to 1. Raises ValueError for other entries and unequal lengths."""
    return shares_in(cells(who, count, cluster), hit)


def shares_in(of: Cells, hit: npt.ArrayLike) -> Shares:
    """The same, of rows whose cells are known."""
    hits = hits_of(hit)
    if hits.shape != of.of.shape:
        raise ValueError("there must be one annotator per hit")
    won, asked = of.by_cell(hits), of.by_cell(np.ones(len(hits)))
    k = quotient(of.by_annotator(asked) ** 2, of.by_annotator(asked**2))
    found = figures(of, won, asked, SHARE)
    return Shares(of.by_annotator(won), of.n.astype(float), np.nan_to_num(k), found)


def hits_of(hit: npt.ArrayLike) -> Floats:
    """Hits, shape (n,). Raises ValueError for what is not from 0 to 1."""
    (hits,) = rows_of(hit)
    if not ((hits >= 0) & (hits <= 1)).all():
        raise ValueError("a hit is a number from 0 to 1")
    return hits


def unlike(found: Shares, margin: float, above: bool) -> Floats:
    """The one-sided p-values, shape (count,), that an annotator hits oftener than the others and the margin
    (`above`), or more rarely. NaN where he or the others have fewer than 5 prompt groups."""
    rest = the_rest(lambda left: against(found, margin, above, left), found.count)
    return against(found, margin, above, rest.left)


def against(found: Shares, margin: float, above: bool, left: Flags) -> Floats:
    """The p-values of `unlike` with only those `left` (count,) as the others."""
    kept = left.astype(float)
    hits, n, k = (np.sum(each * kept) - each * kept for each in (found.hits, found.n, found.k))
    rest = quotient(hits, n)
    enough = (found.k > FEWEST_CLUSTERS - NEAR) & (k > FEWEST_CLUSTERS - NEAR) & np.isfinite(rest)
    p = np.full(found.count, np.nan)
    for j in np.flatnonzero(enough):
        value, edge = found.hits[j] / found.n[j], rest[j] + (margin if above else -margin)
        if above:  # hitting oftener is missing more rarely
            value, edge = 1 - value, 1 - edge
        p[j] = at_most(float(value), int(found.k[j] + NEAR), float(edge), float(k[j]))
    return p


def at_most(value: float, k: int, mean: float, behind: float) -> float:
    """P(X ≤ `value` · k), where X of k trials follows the beta-binomial law with this mean, known from `behind`
    trials. A part of a hit counts as a whole one. A mean of 0 or less is never undercut: 1."""
    if mean <= 0:
        return 1.0
    mean = min(mean, 1 - NEAR)
    x = np.arange(min(k, int(np.ceil(value * k - NEAR))) + 1, dtype=float)
    ways = -betaln(k - x + 1, x + 1) - np.log(k + 1)
    a, b = mean * behind, (1 - mean) * behind
    return float(min(1.0, np.exp(logsumexp(ways + betaln(x + a, k - x + b) - betaln(a, b)))))
