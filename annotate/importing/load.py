"""Writes a batch of planned rows: items, completions, units, assignments, and the annotations that came along."""

from collections.abc import Iterable, Sequence
from typing import Any

from annotate.copying import copy_in, new_ids
from annotate.importing.annotations import AnnotationLoader
from annotate.importing.digests import prompt_digest
from annotate.importing.plan import Planned, Planner
from annotate.importing.problems import RowProblem
from annotate.importing.rows import CompletionRow
from annotate.kinds.source import said_parts
from annotate.leaks import names_model
from annotate.measures import Measures, measure, own_words
from annotate.models import Assignment, Campaign, Completion, Item, PromptGroup, Unit
from annotate.units import Keys, screen_orders

UnitIds = dict[tuple[int, int, Keys], int]
"""(item id, view id, keys) → unit id."""


class Loader:
    """Puts planned rows into one campaign. Call `load` inside a transaction that holds the campaign's import lock."""

    def __init__(self, campaign: Campaign, planner: Planner) -> None:
        self.campaign, self.planner = campaign, planner
        self.annotations = AnnotationLoader(campaign, planner)

    def load(self, batch: Sequence[Planned]) -> tuple[int, list[tuple[int, RowProblem]]]:
        """Writes the rows; returns how many good ones were there already, and (row number, problem) of the others."""
        there = dict(
            Item.objects.filter(campaign=self.campaign, key__in=[p.key for p in batch]).values_list("key", "pk")
        )
        digests = dict(Item.objects.filter(pk__in=there.values()).values_list("key", "digest"))
        new: list[Planned] = []
        repeated: list[Planned] = []
        problems = []
        for row in batch:
            known = digests.setdefault(row.key, row.digest)
            if known != row.digest:
                problems.append((row.number, RowProblem("key", f"{row.key!r} is taken by an item with other content")))
            elif row.key in there:
                repeated.append(row)
            else:
                there[row.key] = 0
                new.append(row)
        for row, pk in zip(new, new_ids(Item, len(new)), strict=True):
            there[row.key] = pk
        groups = self._groups(new)
        self._write_items(new, there, groups)
        units = self._write_units(new, there, groups)
        open_from = self.annotations.load_new([(row, there[row.key], groups[row.key]) for row in new], units)
        self._open_assignments(new, there, groups, units, open_from)
        refused = self.annotations.load_repeated([(row, there[row.key]) for row in repeated if row.answered])
        return len(repeated) - len(refused), [*problems, *refused]

    def _groups(self, rows: Sequence[Planned]) -> dict[str, int]:
        """Item key → prompt group id."""
        digests = {row.key: prompt_digest(row.row.prompt) for row in rows}
        PromptGroup.objects.bulk_create(
            [PromptGroup(campaign=self.campaign, digest=digest) for digest in dict.fromkeys(digests.values())],
            ignore_conflicts=True,
        )
        found = dict(
            PromptGroup.objects.filter(campaign=self.campaign, digest__in=digests.values()).values_list("digest", "pk")
        )
        return {key: found[digest] for key, digest in digests.items()}

    def _write_items(self, rows: Sequence[Planned], ids: dict[str, int], groups: dict[str, int]) -> None:
        copy_in(
            Item,
            [
                *("id", "campaign_id", "prompt_group_id", "key", "digest", "prompt"),
                *("context", "reference", "tools", "points", "metadata", "gold", "withdrawn_at"),
            ],
            (
                (
                    *(ids[p.key], self.campaign.pk, groups[p.key], p.key, p.digest, p.row.prompt),
                    *(p.row.context, p.row.reference, p.row.tools, p.row.points, p.row.metadata, p.row.gold),
                    p.row.withdrawn_at,
                )
                for p in rows
            ),
        )
        copy_in(
            Completion,
            [
                *("item_id", "key", "position", "text", "messages", "model", "prompt", "metadata", "names_model"),
                *Measures._fields,
            ],
            (
                (
                    *(ids[p.key], c.key, position, c.text, c.messages, c.model, c.prompt, c.metadata, names_itself(c)),
                    *measure(c.said),
                )
                for p in rows
                for position, c in enumerate(p.row.completions)
            ),
        )

    def _write_units(self, rows: Sequence[Planned], ids: dict[str, int], groups: dict[str, int]) -> UnitIds:
        """Units of the new items; a view that draws pairs may get more from the annotations that came along."""
        wanted = [
            (p, unit) for p in rows for unit in dict.fromkeys([*p.units, *(answered.unit for answered in p.answered)])
        ]
        unit_ids = {
            (ids[p.key], view, keys): pk
            for (p, (view, keys)), pk in zip(wanted, new_ids(Unit, len(wanted)), strict=True)
        }
        copy_in(
            Unit,
            ["id", "campaign_id", "item_id", "view_id", "prompt_group_id", "keys", "waits"],
            (
                (
                    unit_ids[ids[p.key], view, keys],
                    self.campaign.pk,
                    ids[p.key],
                    view,
                    groups[p.key],
                    list(keys),
                    Unit.Waits.POINTS if view in p.waiting else "",
                )
                for p, (view, keys) in wanted
            ),
        )
        return unit_ids

    def _open_assignments(
        self,
        rows: Sequence[Planned],
        ids: dict[str, int],
        groups: dict[str, int],
        units: UnitIds,
        open_from: dict[int, int],
    ) -> None:
        """Open slots from `open_from[unit]` (what people have answered already) up to the overlap.

        Written layer by layer (the first unit of every prompt group, then the second …), which is the order of
        claiming: so the units of one prompt group lie apart.
        """
        version, layers, state = self.planner.version, dict[int, int](), Assignment.State
        waiting: list[tuple[int, list[Any]]] = []
        arm = self.planner.slot_arm
        for p in rows:
            for view, keys in p.units:
                unit = units[ids[p.key], view, keys]
                layer = layers[groups[p.key]] = layers.get(groups[p.key], -1) + 1
                orders = screen_orders(p.key, self.planner.views[view], keys, version.overlap)
                digest = prompt_digest(p.row.prompt) if self.planner.arms else ""
                rests = state.PARKED if p.row.withdrawn_at or view in p.waiting else state.OPEN
                waiting += [
                    (layer, [self.campaign.pk, version.pk, unit, slot, list(shown), rests, arm(view, digest, slot)])
                    for slot, shown in enumerate(orders)
                    if slot >= open_from.get(unit, 0)
                ]
        waiting.sort(key=lambda one: one[0])
        columns = ["campaign_id", "version_id", "unit_id", "slot", "shown", "state", "arm"]
        copy_in(Assignment, columns, _second(waiting))


def names_itself(completion: CompletionRow) -> bool:
    """Whether a completion gives away which model wrote it; of messages, those of the assistant count."""
    return any(names_model(text, completion.model) for text in said_parts(own_words(completion.said)))


def _second(pairs: Iterable[tuple[int, list[Any]]]) -> Iterable[list[Any]]:
    return (row for _, row in pairs)
