"""The units in which a question is asked, read once for a report."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any

from annotate.answers import asked_in, questions_of
from annotate.kinds import Asked
from annotate.kinds.source import Source
from annotate.models import Campaign, Item, Unit, View


class Units:
    """The units of some views of a campaign, and the question as asked of each."""

    def __init__(self, campaign: Campaign, question: str, kind: str, views: set[int]) -> None:
        self.question, self.kind, self.views = question, kind, views
        self._shows: dict[int, str] = dict(View.objects.filter(pk__in=views).values_list("pk", "shows"))
        rows = Unit.objects.filter(campaign=campaign, view__in=views)
        self._units = {
            pk: (view, tuple(keys), item, group)
            for pk, view, keys, item, group in rows.values_list("pk", "view", "keys", "item", "prompt_group")
        }
        self._items = Item.objects.filter(campaign=campaign)
        self._templates: dict[tuple[int, int], Asked | None] = {}

    def asked(self, unit: int, version: int) -> Asked | None:
        """The question in that version as asked of the unit; None where it was not there, or of another kind."""
        view, keys, item, _ = self._units[unit]
        if (version, view) not in self._templates:
            self._templates[version, view] = self._template(version, view)
        template = self._templates[version, view]
        if template is None:
            return None
        from_item = template.config.get("points_from") == "item"
        return replace(template, keys=keys, source=Source(points=self._points.get(item)) if from_item else Source())

    def _template(self, version: int, view: int) -> Asked | None:
        for asked in asked_in(questions_of(version, view), self._shows[view], (), Source()):
            if (asked.name, asked.kind) == (self.question, self.kind):
                return asked
        return None

    def item(self, unit: int) -> int:
        return self._units[unit][2]

    def group(self, unit: int) -> int:
        return self._units[unit][3]

    def item_key(self, unit: int) -> str:
        return self._keys[self.item(unit)]

    def gold(self, unit: int) -> Mapping[str, Any] | None:
        return self._gold.get(self.item(unit))

    @cached_property
    def _keys(self) -> dict[int, str]:
        return dict(self._items.values_list("pk", "key"))

    @cached_property
    def _gold(self) -> dict[int, Any]:
        return dict(self._items.filter(gold__isnull=False).values_list("pk", "gold"))

    @cached_property
    def _points(self) -> dict[int, Any]:
        return dict(self._items.filter(points__isnull=False).values_list("pk", "points"))
