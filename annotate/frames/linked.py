"""The same completions in another campaign: items matched by key, completions by key within them."""

from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from annotate.frames.columns import Columns, Ids, Preferences, Scores
from annotate.frames.reading import column, read
from annotate.models import Campaign

C = TypeVar("C", bound=Columns)

SHARED = """
    SELECT theirs.id, ours.id, item.id, item.prompt_group_id,
           ours.text IS NOT DISTINCT FROM theirs.text AND ours.messages IS NOT DISTINCT FROM theirs.messages
    FROM annotate_item item JOIN annotate_item other ON other.campaign_id = {other} AND other.key = item.key
    JOIN annotate_completion ours ON ours.item_id = item.id
    JOIN annotate_completion theirs ON theirs.item_id = other.id AND theirs.key = ours.key
    WHERE item.campaign_id = {campaign} AND item.withdrawn_at IS NULL ORDER BY 1
"""
TYPES = {**dict.fromkeys(("theirs", "ours", "item", "group"), "int64"), "same": "bool_"}


@dataclass(frozen=True, slots=True)
class Shared:
    """Completions that two campaigns share, in the order of `theirs`; `items` and `groups` are our own. `different`
    counts completions of one key whose texts are not the same: they are left out."""

    theirs: Ids
    ours: Ids
    items: Ids
    groups: Ids
    different: int

    def scores(self, rows: Scores) -> Scores:
        """Their scores of what is shared, about our completions."""
        place, known = self._places(rows.completion)
        return replace(self._ours(rows, place, known), completion=self.ours[place[known]])

    def preferences(self, rows: Preferences) -> Preferences:
        """Their preferences of pairs of which both are shared, in the order of our completions."""
        a, knows_a = self._places(rows.a)
        b, knows_b = self._places(rows.b)
        known = knows_a & knows_b
        found = self._ours(rows, a, known)
        one, two = self.ours[a[known]], self.ours[b[known]]
        turned = one > two
        return replace(
            found,
            a=np.minimum(one, two),
            b=np.maximum(one, two),
            sign=np.where(turned, -found.sign, found.sign),
            probability=np.where(turned, 1 - found.probability, found.probability),
            a_first=found.a_first ^ turned,
        )

    def _places(self, ids: Ids) -> tuple[Ids, npt.NDArray[np.bool_]]:
        if not len(self.theirs):
            return np.zeros(len(ids), np.int64), np.zeros(len(ids), np.bool_)
        place = np.minimum(np.searchsorted(self.theirs, ids), len(self.theirs) - 1).astype(np.int64)
        return place, self.theirs[place] == ids

    def _ours(self, rows: C, place: Ids, known: npt.NDArray[np.bool_]) -> C:
        kept = place[known]
        return replace(rows.where(known), item=self.items[kept], group=self.groups[kept])


def shared(campaign: Campaign, other: Campaign) -> Shared:
    """What `campaign` has in common with `other`, whose items are matched by key and completions by key and text."""
    table = read(SHARED, {"campaign": campaign.pk, "other": other.pk}, TYPES)
    theirs, ours, items, groups, same = (column(table, name) for name in TYPES)
    return Shared(theirs[same], ours[same], items[same], groups[same], int((~same).sum()))
