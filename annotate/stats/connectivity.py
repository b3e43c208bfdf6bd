"""Which models the comparisons can put on one scale.

Ford, *Solution of a ranking problem from binary comparisons* (1957): Bradley–Terry strengths exist if and only if, in
however one parts the models in two, somebody of either part has beaten somebody of the other: the graph of wins is
strongly connected. A tie as half a win is an edge either way. An unbeaten model has no finite strength, and neither
have two models of parts that never met a difference: software that prints one there prints its starting value.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from annotate.stats.intervals import Floats

Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Connectivity:
    """Models by their numbers. `components` can be put on one scale each, the largest first; `apart` are the parts
    that no comparison joins at all; `unbeaten` and `winless` played but never lost, or won, half a point.

    `needed`, a pair for each component but the first: its comparisons with the first component could join it.
    """

    components: tuple[tuple[int, ...], ...]
    apart: tuple[tuple[int, ...], ...]
    unbeaten: tuple[int, ...]
    winless: tuple[int, ...]
    needed: tuple[Pair, ...]

    @property
    def main(self) -> tuple[int, ...]:
        return self.components[0] if self.components else ()


def connectivity(wins: Floats, ties: Floats) -> Connectivity:
    """`wins[i, j]`: how often i beat j, `ties[i, j]` = `ties[j, i]`: their ties; both of shape (m, m)."""
    from scipy.sparse.csgraph import connected_components

    if wins.shape != ties.shape or wins.ndim != 2 or wins.shape[0] != wins.shape[1]:
        raise ValueError(f"wins and ties must be square and alike; they are {wins.shape} and {ties.shape}")
    points = wins + ties / 2
    played = (points + points.T).sum(axis=1)
    beats = points > 0
    strong = connected_components(beats, directed=True, connection="strong")[1]
    weak = connected_components(beats, directed=False)[1]
    components, apart = _members(strong, played), _members(weak, played)
    return Connectivity(
        components,
        apart,
        tuple(int(m) for m in np.flatnonzero((played > 0) & ~beats.any(axis=0))),
        tuple(int(m) for m in np.flatnonzero((played > 0) & ~beats.any(axis=1))),
        tuple(_needed(points, played, components[0], each) for each in components[1:]) if components else (),
    )


def has_finite_ties(wins: Floats, ties: Floats) -> bool:
    """Whether Davidson's strengths are finite for models of one component.

    They run off together with the share of ties where strengths can be laid out such that every win is two steps or
    more and every tie two or less: a system of differences, solvable unless it has a cycle with more wins than ties.
    """
    lengths = np.where(ties + ties.T > 0, 1.0, np.inf)
    lengths[wins > 0] = -1.0
    reached = np.zeros(len(wins))
    for _ in range(len(wins) + 1):
        shorter = np.minimum(reached, (reached[:, None] + lengths).min(axis=0))
        if np.array_equal(shorter, reached):
            return False
        reached = shorter
    return True


def _members(label: npt.NDArray[np.int32], played: Floats) -> tuple[tuple[int, ...], ...]:
    """The parts of models that played, most models first, then most games."""
    parts = [tuple(int(m) for m in np.flatnonzero(label == each)) for each in np.unique(label[played > 0])]
    return tuple(sorted(parts, key=lambda part: (-len(part), -float(played[list(part)].sum()), part)))


def _needed(points: Floats, played: Floats, main: tuple[int, ...], other: tuple[int, ...]) -> Pair:
    """The most played of `other`, against the one of `main` whose answer is most open: the best of it for those that
    never lost to it, the worst for those that never won."""
    mine = max(other, key=lambda m: (played[m], -m))
    rate = points.sum(axis=1) / np.maximum(played, 1e-12)
    lost = points[np.ix_(list(main), list(other))].sum() > 0
    rival = min(main, key=lambda m: (rate[m] if lost else -rate[m], m))
    return mine, rival
