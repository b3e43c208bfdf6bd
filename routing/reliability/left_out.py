"""Labels that would flatter or slander a judge: of units chosen because of judges, and of what it was fitted on."""

from dataclasses import dataclass

from annotate.models import Campaign
from routing.models import Calibration, Judge, Route

RANDOM = ("cascade", "random")
"""Policies that send units to people by a draw alone; a cascade's other units went to a judge first."""


@dataclass(frozen=True, slots=True)
class Routed:
    """The units, and the items as a whole, that people got for another reason than the base design or a draw."""

    units: frozenset[int]
    items: frozenset[int]

    def holds(self, unit: int, item: int) -> bool:
        return unit in self.units or item in self.items


def routed(campaign: Campaign) -> Routed:
    """What was ever routed to a judge, or to people by a policy that looks at the item: hard cases, mostly."""
    chosen = Route.objects.filter(campaign=campaign).exclude(to=Route.To.PEOPLE, policy__in=RANDOM)
    pairs = list(chosen.values_list("unit", "item").distinct())
    return Routed(
        frozenset(unit for unit, _ in pairs if unit is not None),
        frozenset(item for unit, item in pairs if unit is None),
    )


def fitted_groups(judge: Judge, question: str, kind: str) -> frozenset[int]:
    """The prompt groups whose labels the judge was trained on, or that its protocol's settings were fitted on."""
    groups = {int(group) for group in judge.config.get("trained_on") or ()}
    chosen = judge.protocols.get(f"question:{question}") or judge.protocols.get(kind) or {}
    if used := chosen.get("calibration"):
        for found in Calibration.objects.filter(pk=used).values_list("groups", flat=True):
            groups.update(found)
    return frozenset(groups)
