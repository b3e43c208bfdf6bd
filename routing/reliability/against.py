"""A judge against people or gold: agreement beyond chance, accuracy in four ways, lengths, numbers."""

from itertools import combinations
from typing import Any

import numpy as np

from annotate.stats.accuracy import accuracies
from annotate.stats.agreement import agreement
from annotate.stats.intervals import mean
from annotate.stats.lengths import length_bias
from annotate.stats.numbers import numbers
from routing.reliability.certainty import certainty
from routing.reliability.figures import confusions, plain
from routing.reliability.itself import repeated
from routing.reliability.labels import Label
from routing.reliability.table import Reference, Row, Table

Held = list[tuple[Row, Label]]


def against(table: Table, reference: Reference) -> dict[str, Any] | None:
    """The figures of the rows with a reference; None where no row has one.

    `undecided` counts rows with a reference that the judge gave no label; they are in no figure but those of both
    orders, so the valid rate stands beside every figure.
    """
    every = table.against(reference)
    held = [(row, label) for row, label in every if row.label is not None]
    if not every:
        return None
    is_pair = every[0][0].is_pair
    found = agreement([row.label for row, _ in held], [label for _, label in held], [row.cluster for row, _ in held])
    again = repeated(table, reference)
    noise = again.flip_noise.value if again else None
    return {
        "n": found.n,
        "clusters": found.clusters,
        "undecided": len(every) - len(held),
        "agreement": plain({"percent": found.percent, "kappa": found.kappa, "pi": found.pi}),
        "confusions": confusions(found, is_pair),
        "repeats": plain(again),
        **(_among_people(table) if reference == "people" else {}),
        **_numbers(table, reference),
        **(_pairs(every, held, noise) if is_pair else {}),
        **certainty(every, is_pair),
    }


def _among_people(table: Table) -> dict[str, Any]:
    """How often two people agree, and how often the judge agrees with one of them: the fair comparison.

    Of all that several people labelled: where they have no majority they disagree, and that counts.
    """
    several = [row for row in table.rows if row.label is not None and not row.fitted and len(row.people) > 1]
    alike = [np.mean([a == b for a, b in combinations(row.people, 2)]) for row in several]
    with_one = [np.mean([row.label == each for each in row.people]) for row in several]
    clusters = [row.cluster for row in several]
    return {
        "people": plain(mean(alike, clusters)),
        "with_one_person": plain(mean(with_one, clusters)),
        "no_majority": sum(row.reference("people") is None for row in several),
    }


def _numbers(table: Table, reference: Reference) -> dict[str, Any]:
    """The judge's ratings against people's mean rating, or gold."""
    given = [
        (row.label, rating, row.cluster)
        for row in table.rows
        if isinstance(row.label, float) and not row.fitted and (rating := _rating(row, reference)) is not None
    ]
    if not given:
        return {}
    mine, wanted, clusters = (list(column) for column in zip(*given, strict=True))
    return {"numbers": plain(numbers(mine, wanted, clusters))}


def _rating(row: Row, reference: Reference) -> float | None:
    if reference == "gold":
        return row.gold if isinstance(row.gold, float) else None
    return float(np.mean([float(label) for label in row.people])) if row.people else None


def _pairs(every: Held, held: Held, noise: float | None) -> dict[str, Any]:
    """Accuracies of both orders, and what length has to do with it, beside the rule that the longer one wins."""
    gold = np.array([label for _, label in held], int)
    longer = np.array([row.longer for row, _ in held], int)
    clusters = np.array([row.cluster for row, _ in held])
    mine = np.array([row.label for row, _ in held], int)
    told = (gold != 0) & (longer != 0)
    return {
        "accuracies": _accuracies(every, noise),
        "lengths": plain(length_bias(mine, gold, longer, clusters, noise)),
        "longer_wins": plain(mean((gold == longer)[told], clusters[told])),
    }


def _accuracies(every: Held, noise: float | None) -> dict[str, Any] | None:
    taken = [(row.orders, label, row.cluster) for row, label in every if row.orders is not None]
    if not taken:
        return None
    s1, s2 = np.array([both for both, _, _ in taken], float).T
    gold, clusters = [int(label) for _, label, _ in taken], [cluster for _, _, cluster in taken]
    figures: dict[str, Any] = plain(accuracies(s1, s2, gold, clusters, noise))
    return figures
