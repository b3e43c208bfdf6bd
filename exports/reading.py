"""What formats read: decided pairs, or whole items; with the options that each takes."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from annotate.campaigns import definition_of
from annotate.models import Campaign
from exports.formats import Dropped, Format, Pair, Whole
from exports.items import no_options, whole_items
from exports.pairs import clean_options, decided, resolved

Options = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Reading:
    """`clean` checks the options given, `resolve` adds what depends on the data, `rows` reads in constant memory.

    `about` is what the manifest says besides counts.
    """

    clean: Callable[[Campaign, Any], dict[str, Any]]
    resolve: Callable[[Campaign, Options], dict[str, Any]]
    rows: Callable[[Campaign, Options], Iterator[Pair | Whole | Dropped]]
    about: Callable[[Campaign], dict[str, Any]]


READINGS = {
    "pairs": Reading(clean_options, resolved, decided, lambda campaign: {"consensus": "majority; ties are dropped"}),
    "items": Reading(
        no_options,
        lambda campaign, options: dict(options),
        whole_items,
        lambda campaign: {"definition": definition_of(campaign)},
    ),
}


def reading_of(found: Format[Any]) -> Reading:
    """How this format reads a campaign."""
    return READINGS[found.reads]
