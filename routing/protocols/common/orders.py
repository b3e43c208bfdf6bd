"""Orders in which several completions are put to a model: drawn at random, and the same whenever they are drawn again.

What a completion says has no part in it, so that none can choose its place.
"""

import hashlib

from routing.protocols.base import Judged

MOST_ORDERS = 8


def seeded_orders(judged: Judged, seed: int, count: int) -> list[tuple[str, ...]]:
    """`count` orders of the shown keys, every second one the reverse of the one before."""
    found: list[tuple[str, ...]] = []
    for number in range(count):
        order = tuple(reversed(found[-1])) if number % 2 else _drawn(judged, f"{seed} {number}")
        found.append(order)
    return found


def _drawn(judged: Judged, salt: str) -> tuple[str, ...]:
    def place(key: str) -> bytes:
        return hashlib.sha256("\0".join((salt, judged.prompt, key)).encode()).digest()

    return tuple(sorted(judged.keys, key=place))
