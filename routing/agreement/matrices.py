"""Every annotator against every other, and people against judges: kappa of what both answered."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from annotate.frames import Who
from annotate.frames.columns import Ids
from annotate.stats.intervals import Figure
from annotate.stats.pairwise_kappa import Kappas, pairwise_kappas
from routing.agreement.coded import Coded
from routing.reliability.figures import plain

MOST_PEOPLE = 30
MOST_JUDGES = 10


@dataclass(frozen=True, slots=True)
class Between:
    """Kappas among the busiest people (first) and judges; `left_out` counts the others."""

    people: list[Who]
    judges: list[Who]
    left_out: int
    kappas: Kappas | None

    def mean(self, group: str) -> Figure:
        if self.kappas is None:
            return Figure(
                None, None, 0, 0, "too many different answers to hold every two against each other; alpha does"
            )
        return self.kappas.means[group]

    def among_people(self) -> dict[str, Any] | None:
        return self._matrix(range(len(self.people)), range(len(self.people)), self.people, self.people)

    def people_and_judges(self) -> dict[str, Any] | None:
        judges = range(len(self.people), len(self.people) + len(self.judges))
        return self._matrix(range(len(self.people)), judges, self.people, self.judges)

    def _matrix(self, rows: range, columns: range, named: list[Who], across: list[Who]) -> dict[str, Any] | None:
        if self.kappas is None or not rows or not columns or not self.kappas.n[np.ix_(rows, columns)].any():
            return None
        cells = [[self._cell(i, j) for j in columns] for i in rows]
        return {"rows": [_named(who) for who in named], "columns": [_named(who) for who in across], "cells": cells}

    def _cell(self, first: int, second: int) -> dict[str, Any] | None:
        """Kappa, its interval and what both answered; None of oneself and of those with nothing in common."""
        if self.kappas is None or first == second or not self.kappas.n[first, second]:
            return None
        found = plain(self.kappas.figure(first, second))
        return {**_short(found), "percent": round(float(self.kappas.percent[first, second]), 4)}


def between(held: Coded, annotators: Mapping[int, Who]) -> Between:
    """`held`: rows of people and judges that count."""
    people, more = _busiest(held.rows.annotator[~held.rows.judge], MOST_PEOPLE)
    judges, others = _busiest(held.rows.annotator[held.rows.judge], MOST_JUDGES)
    chosen = [*people, *judges]
    names = [annotators.get(pk) or Who(pk, str(pk), pk in judges) for pk in chosen]
    kappas = None
    if held.weights is not None:
        kappas = _kappas(held, np.array(chosen, np.int64), len(people))
    return Between(names[: len(people)], names[len(people) :], more + others, kappas)


def _busiest(annotator: Ids, most: int) -> tuple[list[int], int]:
    """Those with the most answers, and how many others there are."""
    found, count = np.unique(annotator, return_counts=True)
    order = np.argsort(-count, kind="stable")[:most]
    return found[order].tolist(), max(len(found) - most, 0)


def _kappas(held: Coded, chosen: Ids, people: int) -> Kappas:
    things, first, thing = np.unique(held.thing, return_index=True, return_inverse=True)
    order = np.argsort(chosen)
    place = np.full(len(held), -1)
    kept = np.isin(held.rows.annotator, chosen)
    place[kept] = order[np.searchsorted(chosen[order], held.rows.annotator[kept])]
    said = np.full((len(chosen), len(things)), -1, np.int8)
    said[place[kept], thing[kept]] = held.value[kept]
    is_person = np.arange(len(chosen)) < people
    among = {
        "human": np.logical_and.outer(is_person, is_person),
        "judge": np.logical_and.outer(~is_person, ~is_person),
        "all": np.ones((len(chosen), len(chosen)), bool),
    }
    weights = held.weights if held.weights is not None else np.eye(held.values)
    return pairwise_kappas(said, held.rows.group[first], weights, among, held.weight[first])


def _named(who: Who) -> dict[str, Any]:
    return {"id": who.id, "name": who.name}


def _short(found: dict[str, Any]) -> dict[str, Any]:
    """A figure in four places and without its method, where it has a value: a matrix has many."""
    if found["value"] is None:
        return found
    limits = [round(limit, 4) for limit in found["interval"]]
    return {"value": round(found["value"], 4), "interval": limits, "n": found["n"]}
