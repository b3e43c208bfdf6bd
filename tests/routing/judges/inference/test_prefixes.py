import random
from collections.abc import Iterator, Sequence

import pytest

from routing.judges.inference.prefixes import SHORTEST_PREFIX, Family, Tokens, batches, common, families

START = tuple(range(100, 150))
OTHER = tuple(range(200, 260))


def begun(*endings: int, start: Tokens = START) -> list[Tokens]:
    return [(*start, ending, ending) for ending in endings]


def made(rows: Sequence[Tokens], most: int = 8, room: int = 10_000, kept: int = 1) -> list[Family]:
    return sorted(families(rows, [kept] * len(rows), most, room), key=lambda each: each.members)


def saved(rows: Sequence[Tokens], split: Sequence[Sequence[int]]) -> int:
    total = 0
    for members in split:
        shared = min(common(rows[a], rows[b]) for a in members for b in members)
        shared = min(shared, *(len(rows[m]) - 1 for m in members))
        total += (len(members) - 1) * shared if shared >= SHORTEST_PREFIX else 0
    return total


def partitions(order: Sequence[int]) -> Iterator[list[Sequence[int]]]:
    if not order:
        yield []
    for size in range(1, len(order) + 1):
        for rest in partitions(order[size:]):
            yield [order[:size], *rest]


def test_rows_that_begin_alike_are_a_family() -> None:
    assert made(begun(1, 2, 3)) == [Family(50, (0, 1, 2))]


def test_two_families_stay_apart_where_little_is_common_to_both() -> None:
    rows = [*begun(1, 2), *begun(1, 2, start=START[:20] + OTHER)]
    assert made(rows) == [Family(50, (0, 1)), Family(80, (2, 3))]


def test_lone_rows_share_what_all_begin_with() -> None:
    rows = [(*START, n, *range(1000 * n, 1000 * n + 30)) for n in range(3)]
    assert made(rows) == [Family(50, (0, 1, 2))]


def test_a_short_beginning_is_not_shared() -> None:
    rows = [(*START[:15], n, n) for n in range(3)]
    assert [each.prefix for each in made(rows)] == [0, 0, 0]


def test_the_positions_that_are_read_stay_outside_the_beginning() -> None:
    assert made(begun(1, 1), kept=5) == [Family(47, (0, 1))]


def test_a_family_has_no_more_members_than_a_batch() -> None:
    assert sorted(len(each.members) for each in made(begun(*range(10)), most=4)) == [2, 4, 4]


def test_a_family_takes_no_more_tokens_than_a_batch() -> None:
    assert all(len(each.members) <= 3 for each in made(begun(*range(10)), room=3 * 52))


def test_a_row_beyond_the_room_stands_alone() -> None:
    assert made(begun(1, 2), room=20) == [Family(0, (0,)), Family(0, (1,))]


@pytest.mark.parametrize("seed", range(8))
def test_no_other_split_of_the_sorted_rows_saves_more(seed: int) -> None:
    rng = random.Random(seed)
    rows = []
    for _ in range(7):
        row = tuple(START[: rng.choice([10, 20, 50])])
        row += tuple(OTHER[: rng.choice([0, 18, 40])]) + tuple(rng.choices(range(9), k=3))
        rows.append(row)
    found = [each.members for each in families(rows, [1] * len(rows), 8, 10_000)]
    order = sorted(range(len(rows)), key=lambda index: rows[index])
    assert saved(rows, found) == max(saved(rows, split) for split in partitions(order))


def test_every_row_is_in_one_batch_and_the_longest_come_first() -> None:
    rows = [tuple(range(n, n + length)) for n, length in enumerate((5, 40, 12, 33, 7))]
    made_ = families(rows, [1] * 5, 2, 10_000)
    found = [[m for family in batch for m in family.members] for batch in batches(made_, rows, 2, 10_000)]
    assert found == [[1, 3], [2, 4], [0]]


def test_a_batch_keeps_within_rows_and_tokens() -> None:
    rows = [tuple(range(n, n + 30)) for n in range(9)]
    made_ = families(rows, [1] * 9, 8, 100)
    assert [sum(len(f.members) for f in batch) for batch in batches(made_, rows, 8, 100)] == [3, 3, 3]


def test_rows_with_and_without_a_common_beginning_do_not_mix() -> None:
    rows = [*begun(1, 2), (7, 8, 9)]
    found = list(batches(families(rows, [1] * 3, 8, 10_000), rows, 8, 10_000))
    assert [[family.prefix > 0 for family in batch] for batch in found] == [[True], [False]]


def test_nothing_is_no_batch() -> None:
    assert list(batches(families([], [], 8, 100), [], 8, 100)) == []
