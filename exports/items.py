"""Reads every item of a campaign with all its annotations."""

from collections.abc import Iterator, Mapping
from typing import Any

from annotate.errors import Invalid
from annotate.models import Annotation, Annotator, Campaign
from exports.formats import Whole

CHUNK = 500


def whole_items(campaign: Campaign, options: Mapping[str, Any]) -> Iterator[Whole]:
    """The items in the order of their import, each with its annotations in the order they were given."""
    names = _names(campaign)
    last = 0
    while True:
        found = list(campaign.items.filter(pk__gt=last).order_by("pk").prefetch_related("completions")[:CHUNK])
        if not found:
            return
        answered: dict[int, list[Annotation]] = {}
        rows = Annotation.objects.filter(campaign=campaign, unit__item__in=[item.pk for item in found])
        for annotation in rows.select_related("unit", "assignment", "annotator").order_by("pk"):
            answered.setdefault(annotation.unit.item_id, []).append(annotation)
        for item in found:
            yield Whole(item, answered.get(item.pk, []), names)
        last = found[-1].pk


def _names(campaign: Campaign) -> dict[int, str]:
    """A name for every annotator, that no other of the same kind has here."""
    used: set[tuple[str, str]] = set()
    names = {}
    rows = Annotator.objects.filter(annotations__campaign=campaign).distinct().order_by("pk")
    for pk, kind, name in rows.values_list("pk", "kind", "name"):
        while (kind, name) in used:
            name = f"{name} #{pk}"
        used.add((kind, name))
        names[pk] = name
    return names


def no_options(campaign: Campaign, given: Any) -> dict[str, Any]:
    """Raises `Invalid` where options are given: everything is read."""
    if not isinstance(given, Mapping):
        raise Invalid("options must be an object", {"options": "an object"})
    if given:
        problems = {f"options.{name}": "is not known; a format of whole items has no options" for name in given}
        raise Invalid("; ".join(f"{name}: {problem}" for name, problem in problems.items()), problems)
    return {}
