"""How often every two annotators gave the same answer about a thing both answered."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from annotate.stats.linearised import compact
from annotate.stats.signals.base import Ids

Counts = npt.NDArray[np.float32]

MOST_BLOCKS = 40
FEWEST_BLOCKS = 10
CELLS = 10_000_000


@dataclass(frozen=True, slots=True)
class Pairs:
    """By block of clusters and pair, shape (blocks, count, count), the things `both` answered and those on which they
    said the `same`, 0 on the diagonal; how many `clusters` a pair shares, (count, count); and Σ q² of all answers."""

    both: Counts
    same: Counts
    clusters: Counts
    chance: float


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows in the order of annotator and thing, and where each annotator's begin, (count + 1,)."""

    order: Ids
    thing: Ids
    start: Ids

    def shared(self, j: int, k: int) -> tuple[Ids, Ids]:
        """The rows of j and those of k about the things both answered, thing by thing."""
        one, two = (slice(self.start[each], self.start[each + 1]) for each in (j, k))
        _, at, of = np.intersect1d(self.thing[one], self.thing[two], return_indices=True)
        return self.order[one][at], self.order[two][of]


def rows_by_annotator(owner: Ids, count: int, thing: Ids) -> Rows:
    order = np.lexsort((thing, owner)).astype(np.int64)
    start = np.concatenate([[0], np.cumsum(np.bincount(owner, minlength=count))]).astype(np.int64)
    return Rows(order, thing[order], start)


def shared_answers(owner: Ids, count: int, thing: Ids, label: Ids, cluster: npt.NDArray[Any]) -> Pairs:
    """The counts of n answers with things and labels numbered from 0; a thing belongs to one cluster."""
    group = compact(cluster)[1]
    groups = int(group.max(initial=-1)) + 1
    blocks = max(1, min(groups, MOST_BLOCKS, max(FEWEST_BLOCKS, CELLS // max(1, count) ** 2)))
    block = (np.random.default_rng(0).permutation(groups) % blocks)[group] if groups else group
    cell = compact(thing * (int(label.max(initial=0)) + 1) + label)[1]
    shares = np.bincount(label) / max(1, len(label))
    return Pairs(
        _together(thing, block, owner, blocks, count),
        _together(cell, block, owner, blocks, count),
        _together(group, np.zeros_like(group), owner, 1, count)[0],
        float(np.sum(shares**2)),
    )


def _together(unit: Ids, block: Ids, owner: Ids, blocks: int, count: int) -> Counts:
    """In each block and of every two annotators the number of units in which both have a row, shape (blocks, count,
    count); a unit lies in one block, so that one sparse product serves all blocks."""
    width = max(1, blocks * count)
    found = compact(unit * width + block * count + owner)[0]
    shape = (int(unit.max(initial=-1)) + 1, width)
    member = csr_array((np.ones(len(found), np.float32), (found // width, found % width)), shape=shape)
    both = (member.T @ member).tocoo()
    counts = np.zeros((blocks, count, count), np.float32)
    counts[both.row // max(1, count), both.row % max(1, count), both.col % max(1, count)] = both.data
    counts[:, np.arange(count), np.arange(count)] = 0
    return counts
