"""The units that people disagree on most: what to look at first."""

from typing import Any

import numpy as np

from annotate.models import Item
from annotate.stats.ratings import Ratings, pair_sums
from routing.agreement.coded import Coded

MOST = 10
LONGEST = 60


def disputed(held: Coded) -> list[dict[str, Any]]:
    """At most ten things by their mean distance between two annotators, with what was said of each and by how many; the
    most answers first among equals. Empty where nobody disagrees."""
    ratings = held.ratings
    first = np.unique(held.thing, return_index=True)[1]
    size = ratings.size
    distance = held.metric(ratings.counts(held.values))
    mean = pair_sums(ratings, distance.between) / np.maximum(size * (size - 1) / 2, 1)
    order = np.lexsort((-size, -mean))[:MOST]
    chosen = order[mean[order] > 0]
    items = held.rows.item[first[chosen]].tolist()
    keys = dict(Item.objects.filter(pk__in=items).values_list("pk", "key"))
    return [
        {
            "unit": int(held.rows.unit[first[thing]]),
            "item": item,
            "key": keys.get(item, ""),
            "n": int(size[thing]),
            "said": _said(held, ratings, int(thing)),
        }
        for item, thing in zip(items, chosen, strict=True)
    ]


def _said(held: Coded, ratings: Ratings, thing: int) -> list[tuple[str, int]]:
    cells = ratings.thing == thing
    values, counts = ratings.value[cells].tolist(), ratings.count[cells].tolist()
    return [(held.say(value)[:LONGEST], count) for value, count in zip(values, counts, strict=True)]
