"""What formats read: decided pairs, or whole items; with the options that each takes."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from annotate.campaigns import definition_of
from annotate.models import Campaign
from exports.decisions import MAJORITY, RULES, above
from exports.formats import Dropped, Format, Pair, Whole
from exports.items import no_options, whole_items
from exports.options import clean_options, resolved
from exports.pairs import decided

Options = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Reading:
    """`clean` checks the options given, `resolve` adds what depends on the data, `rows` reads in constant memory.

    `about` is what the manifest says besides counts.
    """

    clean: Callable[[Campaign, Any], dict[str, Any]]
    resolve: Callable[[Campaign, Options], dict[str, Any]]
    rows: Callable[[Campaign, Options], Iterator[Pair | Whole | Dropped]]
    about: Callable[[Campaign, Options], dict[str, Any]]


def about_pairs(campaign: Campaign, options: Options) -> dict[str, Any]:
    """By what pairs were decided, and how many annotators were left out or weigh more or less than others."""
    over = above(campaign, {**options, "adjudicated": False})
    left_out, weighs = len(over.excluded), len(over.weighs)
    return {
        "consensus": RULES[options.get("consensus", MAJORITY)],
        **({"annotators_excluded": left_out} if left_out else {}),
        **({"annotators_weighted": weighs} if weighs else {}),
    }


READINGS = {
    "pairs": Reading(clean_options, resolved, decided, about_pairs),
    "items": Reading(
        no_options,
        lambda campaign, options: dict(options),
        whole_items,
        lambda campaign, options: {"definition": definition_of(campaign)},
    ),
}


def reading_of(found: Format[Any]) -> Reading:
    """How this format reads a campaign."""
    return READINGS[found.reads]
