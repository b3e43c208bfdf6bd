"""Cycles among models: a wins most games against b, b against c, and c against a, so that no ranking is right.

A ring of three is called real where each of its three head-to-heads lies above one half: the largest of the three
one-sided p-values (Berger, *Multiparameter hypothesis testing and acceptance sampling*, 1982: an intersection–union
test), doubled since a ring may turn either way. The false discovery rate over all triples is controlled.
"""

from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt

from annotate.stats.discovery import benjamini_hochberg
from annotate.stats.games import Games
from annotate.stats.intervals import SHARE, Figure, Floats
from annotate.stats.linearised import above, errors, one


@dataclass(frozen=True, slots=True)
class Ring:
    """Three models, each winning most games against the next, the last against the first; `weakest` are the two whose
    head-to-head is nearest to one half."""

    models: tuple[int, int, int]
    weakest: tuple[int, int]
    p: float
    real: bool


@dataclass(frozen=True, slots=True)
class HeadToHead:
    """`shares[i][j]`: the share of points of i against j, None where they never met. `triples` had all three pairs
    decided by their points, `rings` are the cycles among them."""

    shares: tuple[tuple[Figure | None, ...], ...]
    triples: int
    rings: tuple[Ring, ...]


def head_to_head(played: Games) -> HeadToHead:
    """The head-to-heads of few models (their pairs times 2,000 numbers are held at once)."""
    m = played.models
    figures: list[list[Figure | None]] = [[None] * m for _ in range(m)]
    p = np.ones((m, m))
    share = np.full((m, m), np.nan)
    for i, j, value, slopes, n in _pairs(played):
        figures[i][j] = found = one(value, slopes, n, len(slopes), SHARE)
        figures[j][i] = _mirrored(found)
        share[i, j], share[j, i] = value, 1 - value
        error = float(errors(slopes[:, None])[0]) if len(slopes) > 1 else 0.0
        p[i, j], p[j, i] = above(value - 0.5, error, len(slopes)), above(0.5 - value, error, len(slopes))
    triples, rings = _rings(share, p)
    return HeadToHead(tuple(tuple(row) for row in figures), triples, rings)


def _mirrored(share: Figure) -> Figure:
    low, high = share.interval or SHARE
    return Figure(1 - (share.value or 0.0), (1 - high, 1 - low), share.n, share.clusters, share.method)


def _pairs(played: Games) -> list[tuple[int, int, float, Floats, int]]:
    """Each pair that met: the first's share of points, its derivatives by the blocks that hold the pair, and n."""
    m, turned = played.models, played.first > played.second
    low, high = np.where(turned, played.second, played.first), np.where(turned, played.first, played.second)
    points = played.weight * (1 + np.where(turned, -played.sign, played.sign)) / 2
    pair = low * m + high
    n = np.bincount(pair, minlength=m * m)
    place = np.cumsum(n > 0) - 1
    met = np.flatnonzero(n)
    code = place[pair] * played.blocks.count + played.blocks.of
    shape = (len(met), played.blocks.count)
    won = np.bincount(code, weights=points, minlength=shape[0] * shape[1]).reshape(shape)
    weight = np.bincount(code, weights=played.weight, minlength=shape[0] * shape[1]).reshape(shape)
    found = []
    for row, which in enumerate(met.tolist()):
        held, total = weight[row] > 0, float(weight[row].sum())
        value = float(won[row].sum()) / total
        slopes = (won[row] - value * weight[row])[held] / total
        found.append((which // m, which % m, value, slopes, int(n[which])))
    return found


def _rings(share: Floats, p: Floats) -> tuple[int, tuple[Ring, ...]]:
    decided = ~np.isnan(share) & (share != 0.5)
    possible = [t for t in combinations(range(len(share)), 3) if _all_pairs(decided, t)]
    found: list[tuple[tuple[int, int, int], float]] = []
    tests = np.ones(len(possible))
    for n, (x, y, z) in enumerate(possible):
        ring = (x, y, z) if share[x, y] > 0.5 else (x, z, y)
        edges = [(ring[0], ring[1]), (ring[1], ring[2]), (ring[2], ring[0])]
        if all(share[edge] > 0.5 for edge in edges):
            tests[n] = min(1.0, 2 * max(float(p[edge]) for edge in edges))
            found.append((ring, n))
    real = benjamini_hochberg(tests) if len(tests) else np.zeros(0, bool)
    rings = [Ring(ring, _weakest(share, ring), float(tests[int(n)]), bool(real[int(n)])) for ring, n in found]
    return len(possible), tuple(sorted(rings, key=lambda each: each.p))


def _all_pairs(decided: npt.NDArray[np.bool_], triple: tuple[int, ...]) -> bool:
    return all(decided[i, j] for i, j in combinations(triple, 2))


def _weakest(share: Floats, ring: tuple[int, int, int]) -> tuple[int, int]:
    edges = ((ring[0], ring[1]), (ring[1], ring[2]), (ring[2], ring[0]))
    return min(edges, key=lambda edge: abs(float(share[edge]) - 0.5))
