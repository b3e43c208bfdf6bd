"""Which token sequences go through a model together, and which begin alike: their beginning goes through once."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

Tokens = tuple[int, ...]

SHORTEST_PREFIX = 16  # tokens; a shorter beginning is not worth a pass of its own


@dataclass(frozen=True, slots=True)
class Family:
    """Sequences, by their index, whose first `prefix` tokens are the same."""

    prefix: int
    members: tuple[int, ...]


def families(rows: Sequence[Tokens], kept: Sequence[int], most: int, room: int) -> list[Family]:
    """Splits `rows` into families of at most `most`, so that as few tokens as can be are computed.

    A family of m with a common beginning of p tokens saves (m − 1) · p. Rows are sorted, so that those that begin
    alike are neighbours, and the best cut into runs is found by dynamic programming. Of each row at least the last
    `kept` tokens stay outside the beginning. Where all of a family take `room` tokens or more, it grows no further.
    """
    order = sorted(range(len(rows)), key=lambda index: rows[index])
    alike = [0, *(common(rows[a], rows[b]) for a, b in pairwise(order))]
    best: list[tuple[int, int, int]] = [(0, 0, 0)]  # saved so far, where the last run starts, its beginning
    for end in range(1, len(order) + 1):
        found, shared, longest = (best[end - 1][0], end - 1, 0), len(rows[order[end - 1]]), 0
        for start in range(end - 1, max(-1, end - 1 - most), -1):
            row = order[start]
            shared = min(shared, len(rows[row]) - kept[row])
            longest = max(longest, len(rows[row]))
            if shared < SHORTEST_PREFIX or (end - start > 1 and (end - start) * longest > room):
                break
            saved = best[start][0] + (end - start - 1) * shared
            if saved > found[0]:
                found = (saved, start, shared)
            shared = min(shared, alike[start])
        best.append(found)
    return _traced(order, best)


def batches(made: Sequence[Family], rows: Sequence[Tokens], most: int, room: int) -> Iterator[list[Family]]:
    """Families of like length together, at most `most` rows and `room` tokens a batch (or a single family).

    The longest come first, so that what cannot fit in memory shows at once. Rows with and without a common beginning
    don't mix: the latter need one pass only.
    """

    def longest(family: Family) -> int:
        return max(len(rows[index]) for index in family.members)

    batch: list[Family] = []
    for family in sorted(made, key=lambda each: (each.prefix > 0, longest(each)), reverse=True):
        together = [*batch, family]
        count = sum(len(each.members) for each in together)
        mixed = batch and (batch[0].prefix > 0) != (family.prefix > 0)
        if batch and (mixed or count > most or count * max(map(longest, together)) > room):
            yield batch
            together = [family]
        batch = together
    if batch:
        yield batch


def common(one: Tokens, other: Tokens) -> int:
    """How many tokens two sequences begin with alike."""
    for at, (a, b) in enumerate(zip(one, other, strict=False)):
        if a != b:
            return at
    return min(len(one), len(other))


def _traced(order: Sequence[int], best: Sequence[tuple[int, int, int]]) -> list[Family]:
    made: list[Family] = []
    end = len(order)
    while end:
        _, start, shared = best[end]
        made.append(Family(shared, tuple(order[start:end])))
        end = start
    return made
