"""What is judged at once: the units of an item, and the order in which each slot shows them."""

import itertools
import random
from collections.abc import Iterable, Sequence

from annotate.models import View

Keys = tuple[str, ...]


def units_of(view: View, item_key: str, keys: Sequence[str]) -> list[Keys]:
    """The completion keys of each unit that `view` makes of an item, in the item's order.

    A `pair` view makes all pairs, or `pairs` of them drawn at random, the same ones for the same item.
    """
    if view.shows == View.Shows.EACH:
        return [(key,) for key in keys]
    if view.shows == View.Shows.ALL:
        return [tuple(keys)]
    pairs: list[Keys] = list(itertools.combinations(keys, 2))
    if view.pairs is not None and view.pairs < len(pairs):
        drawn = random.Random(f"{item_key} {view.name}").sample(range(len(pairs)), view.pairs)
        return [pairs[i] for i in sorted(drawn)]
    return pairs


def screen_orders(item_key: str, view: View, keys: Keys, count: int) -> Iterable[Keys]:
    """The keys in screen order for `count` slots: drawn at random, and reversed in every other slot.

    So the two sides are balanced across the overlap of a unit, and random between units.
    """
    first = list(keys)
    rng = random.Random(f"{item_key} {view.name} {' '.join(keys)}")
    for slot in range(count):
        if slot % 2 == 0:
            rng.shuffle(first)
            yield tuple(first)
        else:
            yield tuple(reversed(first))
