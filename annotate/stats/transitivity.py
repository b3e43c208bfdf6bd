"""Cycles: a over b, b over c, and yet c over a.

A triple can be a cycle where the three completions of an item were compared in all three pairs, each decisively; the
share of cycles is among those (Kendall and Babington Smith, *On the method of paired comparisons*, 1940, count them for
one judge). Guessing makes one triple in four a cycle.

The null is slips: an annotator who follows an order of the completions and errs in a pair with probability ε,
independently, makes a share of ε(1 − ε) cycles, at most ¼. (If ε is smaller for completions further apart, as in
Bradley and Terry's and in Thurstone's models, the share is below that of the mean ε.) ε is estimated by how often he
decides against the order that the points of all other people give, pairs on which they leave no order counting half:
the others err too, so ε comes out too large and the test too careful. Nobody else's answers: ¼. What is tested,
one-sided and by prompt groups, is the share less ε(1 − ε).

The majority errs no more than its members do, so its share is held against their common ε.
"""

from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt

from annotate.stats.intervals import NOTHING, Figure, Floats
from annotate.stats.linearised import Ids, above, blocks, compact, errors, share
from annotate.stats.votes import sums

MOST_COMPLETIONS = 32
FEWEST_PAIRS = 10
"""Slips are estimated from so many pairs with other people's order or more."""
GUESSING = 0.25

Signs = npt.NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class Tournaments:
    """What each source said about the completions of an item: arrays of shape (t,), one entry per source and item.

    `possible` triples were decisive, `cyclic` are cycles; of `pairs` decisive comparisons in tournaments with a
    possible triple, of items that other people answered too, `slips` go against the order of those others.
    """

    source: Ids
    item: Ids
    possible: Floats
    cyclic: Floats
    pairs: Floats
    slips: Floats
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class Cycles:
    """`share` of `possible` triples that are cycles; `expected` by slips alone, and `p` that so many or more are,
    None where nothing can be tested. `slips` is the rate ε, None where others said too little."""

    possible: int
    cyclic: int
    share: Figure
    slips: float | None
    expected: float
    p: float | None


def tournaments(
    source: npt.ArrayLike,
    item: npt.ArrayLike,
    a: npt.ArrayLike,
    b: npt.ArrayLike,
    sign: npt.ArrayLike,
    person: npt.ArrayLike,
) -> Tournaments:
    """Comparisons of a with b (completions, of that item alone) as tournaments; all arrays have shape (n,).

    `person` tells the sources whose answers make the order of the others. A source's answers to one pair are added
    up. Items with more than 32 completions are left out and counted.
    """
    columns = [np.asarray(each, np.int64) for each in (source, item, a, b, sign)]
    if len({len(each) for each in columns}) != 1 or len(np.asarray(person)) != len(columns[0]):
        raise ValueError("there must be one entry per comparison in every array")
    if not np.isin(columns[4], [-1, 0, 1]).all():
        raise ValueError("a sign is +1 (a), 0 (a tie) or −1 (b)")
    sources, items = compact(columns[0]), compact(columns[1])
    first, second, size = _places(items[1], columns[2], columns[3])
    code = items[1] * len(sources[0]) + sources[1]
    found = [
        _of_size(
            code[chosen], first[chosen], second[chosen], columns[4][chosen], np.asarray(person)[chosen], len(sources[0])
        )
        for low, high in ((2, 4), (4, 8), (8, 16), (16, MOST_COMPLETIONS))
        if (chosen := (size[items[1]] > low) & (size[items[1]] <= high)).any()
    ]
    left = int(np.sum(size > MOST_COMPLETIONS))
    if not found:
        none, zero = np.empty(0, np.int64), np.empty(0)
        return Tournaments(none, none, zero, zero, zero, zero, left)
    source, item, *counted = (np.concatenate(part) for part in zip(*found, strict=True))
    possible, cyclic, pairs, slips = (part.astype(float) for part in counted)
    return Tournaments(sources[0][source], items[0][item], possible, cyclic, pairs, slips, left)


def _places(item: Ids, a: Ids, b: Ids) -> tuple[Ids, Ids, Ids]:
    """Completions as numbers from 0 within their item, and how many each item has."""
    ids, place = compact(np.concatenate([a, b]))
    of_item = np.empty(len(ids), np.int64)
    of_item[place] = np.concatenate([item, item])
    order = np.argsort(of_item, kind="stable")
    size = np.bincount(of_item, minlength=int(item.max(initial=-1)) + 1)
    start = np.cumsum(size) - size
    number = np.empty(len(ids), np.int64)
    number[order] = np.arange(len(ids)) - start[of_item[order]]
    return number[place[: len(a)]], number[place[len(a) :]], size.astype(np.int64)


def _of_size(
    code: Ids, first: Ids, second: Ids, sign: Ids, person: npt.NDArray[np.generic], sources: int
) -> tuple[npt.NDArray[np.generic], ...]:
    """Source, item, possible, cyclic, pairs and slips of the tournaments of items of about one size."""
    codes, row = compact(code)
    signs = _signs(row, first, second, sign, len(codes), int(max(first.max(), second.max())) + 1)
    is_person = np.zeros(len(codes), bool)
    is_person[row] = np.asarray(person, bool)
    item, source = np.divmod(codes, sources)
    possible, cyclic = _count(signs)
    pairs, slips = _against_others(signs, item, is_person)
    pairs, slips = np.where(possible > 0, pairs, 0), np.where(possible > 0, slips, 0)
    return source, item, possible, cyclic, pairs, slips


def _signs(row: Ids, first: Ids, second: Ids, sign: Ids, count: int, n: int) -> Signs:
    """The sign of x against y in each tournament, antisymmetric, shape (t, n, n)."""
    turned = first > second
    x, y = np.where(turned, second, first), np.where(turned, first, second)
    total = np.bincount((row * n + x) * n + y, weights=np.where(turned, -sign, sign), minlength=count * n * n)
    upper = np.sign(total).astype(np.int8).reshape(count, n, n)
    return np.asarray(upper - upper.transpose(0, 2, 1), np.int8)


def _count(signs: Signs) -> tuple[Floats, Floats]:
    """How many triples of each tournament are decisive, and how many of those are cycles, shape (t,)."""
    possible, cyclic = np.zeros(len(signs)), np.zeros(len(signs))
    for x, y, z in combinations(range(signs.shape[1]), 3):
        one_, two, back = signs[:, x, y], signs[:, y, z], signs[:, z, x]
        possible += (one_ != 0) & (two != 0) & (back != 0)
        cyclic += (one_ != 0) & (one_ == two) & (two == back)
    return possible, cyclic


def _against_others(signs: Signs, item: Ids, is_person: npt.NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """Decisive pairs of items that other people answered, and those against their order, shape (t,)."""
    place = compact(item)[1]
    own = signs.sum(axis=2, dtype=np.int32) * is_person[:, None]
    total = np.zeros((int(place.max()) + 1, signs.shape[1]), np.int32)
    np.add.at(total, place, own)
    people = np.bincount(place, weights=is_person)[place] - is_person
    others = total[place] - own
    pairs, slips = np.zeros(len(signs)), np.zeros(len(signs))
    for x, y in combinations(range(signs.shape[1]), 2):
        said, order = signs[:, x, y], np.sign(others[:, x] - others[:, y])
        counts = (said != 0) & (people > 0)
        pairs += counts
        slips += counts * np.where(order == 0, 0.5, said != order)
    return pairs, slips


def cycles(found: Tournaments, cluster: npt.ArrayLike, slips: float | None = None) -> Cycles:
    """The cycles of some tournaments; `cluster`, shape (t,), names their prompt groups.

    `slips` is the rate to expect, where it is not theirs: a majority's, from its members.
    """
    held = blocks(cluster)
    possible, cyclic = int(found.possible.sum()), int(found.cyclic.sum())
    own = rate(found) if slips is None else slips
    expected = GUESSING if own is None else own * (1 - own)
    if not possible:
        return Cycles(0, 0, NOTHING, own, expected, None)
    of = {name: sums(held.of, getattr(found, name), held.count) for name in ("possible", "cyclic", "pairs", "slips")}
    clusters = int(np.unique(held.cluster[found.possible > 0]).size)
    figure = share(of["cyclic"], of["possible"], possible, clusters)
    value = cyclic / possible
    change = (of["cyclic"] - value * of["possible"]) / possible
    if own is not None and slips is None:
        change = change - (1 - 2 * own) * (of["slips"] - own * of["pairs"]) / of["pairs"].sum()
    counted = change[of["possible"] > 0]
    k = len(counted)
    p = above(value - expected, float(errors(counted[:, None])[0]), k) if k > 1 else None
    return Cycles(possible, cyclic, figure, own, expected, p)


def rate(found: Tournaments) -> float | None:
    """The rate of slips ε against the others' order; None from fewer than ten pairs."""
    pairs = float(found.pairs.sum())
    return float(found.slips.sum()) / pairs if pairs >= FEWEST_PAIRS else None


def cyclic_triples(item: npt.ArrayLike, a: npt.ArrayLike, b: npt.ArrayLike, sign: npt.ArrayLike) -> Ids:
    """The cycles among decisive pairs that occur once each: the numbers of their three rows, shape (cycles, 3)."""
    items, one_, two, signs = (np.asarray(each, np.int64) for each in (item, a, b, sign))
    if not len(items):
        return np.empty((0, 3), np.int64)
    place = compact(items)[1]
    first, second, size = _places(place, one_, two)
    out = [
        _rows_of_cycles(np.flatnonzero(chosen), place[chosen], first[chosen], second[chosen], signs[chosen])
        for low, high in ((2, 4), (4, 8), (8, 16), (16, MOST_COMPLETIONS))
        if (chosen := (size[place] > low) & (size[place] <= high)).any()
    ]
    return np.concatenate(out) if out else np.empty((0, 3), np.int64)


def _rows_of_cycles(row: Ids, place: Ids, first: Ids, second: Ids, sign: Ids) -> Ids:
    tournament = compact(place)[1]
    count, n = int(tournament.max()) + 1, int(max(first.max(), second.max())) + 1
    signs = _signs(tournament, first, second, sign, count, n)
    at = np.full((count, n, n), -1, np.int64)
    at[tournament, first, second] = at[tournament, second, first] = row
    found = []
    for x, y, z in combinations(range(n), 3):
        ring = np.flatnonzero(
            (signs[:, x, y] != 0) & (signs[:, x, y] == signs[:, y, z]) & (signs[:, y, z] == signs[:, z, x])
        )
        found.append(np.column_stack([at[ring, x, y], at[ring, y, z], at[ring, z, x]]))
    return np.concatenate(found)
