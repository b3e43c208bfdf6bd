"""Cycles in the comparisons of one item's completions: by annotator, by judge, and of the majority."""

from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np

from annotate.frames import Asks, Frames, Preferences
from annotate.frames.columns import Flags, Ids
from annotate.frames.things import numbered
from annotate.models import Completion, Item
from annotate.stats.discovery import benjamini_hochberg
from annotate.stats.transitivity import Cycles, Tournaments, cycles, cyclic_triples, rate, tournaments
from routing.reliability.figures import plain
from routing.reliability.left_out import routed

MOST_ANNOTATORS = 100
MOST_PAIRS = 200
RANKED = "an answer is an order of all completions at once, which cannot contain a cycle"
SCORED = "scores put completions into an order, which cannot contain a cycle"
NO_TRIPLES = "nobody compared all three pairs of three completions"


@dataclass(frozen=True, slots=True)
class Pairs:
    """What cycles need of answers to pairs; arrays of shape (n,)."""

    annotator: Ids
    judge: Flags
    unit: Ids
    item: Ids
    group: Ids
    a: Ids
    b: Ids
    sign: Ids

    @classmethod
    def of(cls, found: Preferences) -> "Pairs":
        return cls(**{each.name: getattr(found, each.name) for each in fields(cls)})

    def where(self, chosen: Flags | Ids) -> "Pairs":
        if chosen.dtype == bool and chosen.all():
            return self
        return Pairs(**{each.name: getattr(self, each.name)[chosen] for each in fields(self)})


def cycles_of(frames: Frames, asks: Asks, found: Preferences | None) -> dict[str, Any]:
    """The section of a question; `found` are its first answers to pairs, None where they are scores."""
    if found is None or asks.kind == "ranking":
        return {"why": SCORED if found is None else RANKED}
    rows = Pairs.of(found)
    counted = rows.where((found.base | found.judge) & ~_chosen(frames, found))
    all_of_them = tournaments(counted.annotator, counted.item, counted.a, counted.b, counted.sign, ~counted.judge)
    groups = _groups(counted)
    people = np.array([not frames.annotators[int(each)].is_judge for each in all_of_them.source], bool)
    each = _each(frames, all_of_them, groups)
    by_people, by_judges = bool((~counted.judge).any()), bool(counted.judge.any())
    decided = majority(counted.where(~counted.judge) if by_people else counted).tournaments()
    asked = settling(majority(rows if found.judge.all() else rows.where(~found.judge)))
    if not each and not decided.possible.any() and not asked:
        return {"why": NO_TRIPLES}
    own, machines = _part(all_of_them, people), _part(all_of_them, ~people)
    held = cycles(decided, groups(decided.item), rate(own))
    return {
        "why": "",
        "left_out": {"asked_for": len(found) - len(counted.sign), "large_items": all_of_them.left_out},
        "people": _stored(cycles(own, groups(own.item))) if by_people else None,
        "judges": _stored(cycles(machines, groups(machines.item))) if by_judges else None,
        "majority": {**_stored(held), "of": "people" if by_people else "judges"},
        "annotators": each,
        "settle": {"pairs": len(asked), "rows": _named(asked[:MOST_PAIRS])},
    }


def _chosen(frames: Frames, found: Preferences) -> Flags:
    """Answers to units that a route chose, which are no fair sample."""
    chosen = routed(frames.campaign)
    units, items = (np.array(sorted(each), np.int64) for each in (chosen.units, chosen.items))
    return np.asarray(np.isin(found.unit, units) | np.isin(found.item, items))


def _groups(rows: Pairs) -> Any:
    """Items to their prompt groups."""
    items, first = np.unique(rows.item, return_index=True)
    groups = rows.group[first]
    return lambda wanted: groups[np.searchsorted(items, wanted)] if len(items) else wanted


def _part(found: Tournaments, chosen: Flags) -> Tournaments:
    arrays = ("source", "item", "possible", "cyclic", "pairs", "slips")
    return replace(found, **{name: getattr(found, name)[chosen] for name in arrays})


def _each(frames: Frames, found: Tournaments, groups: Any) -> list[dict[str, Any]]:
    """Annotators by how surely they go round in circles, judged together at a false discovery rate of 5 %."""
    ids, place = np.unique(found.source, return_inverse=True)
    often = np.bincount(place, weights=found.possible)
    chosen = [int(n) for n in np.argsort(-often, kind="stable")[:MOST_ANNOTATORS] if often[n]]
    rows = []
    for n in chosen:
        own = _part(found, place == n)
        who = frames.annotators[int(ids[n])]
        rows.append(
            {"id": who.id, "name": who.name, "is_judge": who.is_judge, **_stored(cycles(own, groups(own.item)))}
        )
    tested = [row for row in rows if row["p"] is not None]
    for row, flag in zip(tested, benjamini_hochberg([row["p"] for row in tested]), strict=True):
        row["more_than_slips"] = bool(flag)
    return sorted(rows, key=lambda row: (1.0 if row["p"] is None else row["p"], row["name"]))


def _stored(found: Cycles) -> dict[str, Any]:
    return {
        "possible": found.possible,
        "cyclic": found.cyclic,
        "share": plain(found.share),
        "slips": found.slips,
        "expected": found.expected,
        "p": found.p,
        "more_than_slips": found.p is not None and found.p < 0.05,
    }


@dataclass(frozen=True, slots=True)
class Majority:
    """The pairs of completions, a row each with one of their answers, the sign of the majority, and the votes for a,
    for a tie and for b, shape (n, 3)."""

    pairs: Pairs
    sign: Ids
    votes: Ids

    def tournaments(self) -> Tournaments:
        one, nobody = np.zeros(len(self.sign), np.int64), np.zeros(len(self.sign))
        return tournaments(one, self.pairs.item, self.pairs.a, self.pairs.b, self.sign, nobody)


def majority(rows: Pairs) -> Majority:
    """What most said of each pair; as many for a as for b is a tie."""
    low, high = np.minimum(rows.a, rows.b), np.maximum(rows.a, rows.b)
    place = numbered(low, high)
    first = np.unique(place, return_index=True)[1]
    turned = np.where(rows.a == low, rows.sign, -rows.sign)
    count = len(first)
    votes = np.stack([np.bincount(place[turned == sign], minlength=count) for sign in (1, 0, -1)], axis=1)
    votes = np.where((rows.a == low)[first][:, None], votes, votes[:, ::-1]).astype(np.int64)
    return Majority(rows.where(first), np.sign(votes[:, 0] - votes[:, 2]).astype(np.int64), votes)


def settling(found: Majority) -> list[dict[str, Any]]:
    """Of each cycle of the majority the pair with the weakest majority: the narrowest first, then the one in most
    cycles. Another answer to it may end the cycle."""
    triples = cyclic_triples(found.pairs.item, found.pairs.a, found.pairs.b, found.sign)
    if not len(triples):
        return []
    votes = found.votes.sum(axis=1)
    margin = np.abs(found.votes[:, 0] - found.votes[:, 2])
    weakness = margin / np.maximum(votes, 1) + 1e-6 * votes  # the fewer votes, the easier to turn
    weakest = triples[np.arange(len(triples)), np.argmin(weakness[triples], axis=1)]
    rows, often = np.unique(weakest, return_counts=True)
    order = np.lexsort((rows, -often, weakness[rows]))
    return [
        {
            "unit": int(found.pairs.unit[row]),
            "item": int(found.pairs.item[row]),
            "a": int(found.pairs.a[row]),
            "b": int(found.pairs.b[row]),
            "votes": [int(each) for each in found.votes[row]],
            "cycles": int(count),
        }
        for row, count in zip(rows[order].tolist(), often[order].tolist(), strict=True)
    ]


def _named(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows with the keys of their items and completions and the models."""
    items = dict(Item.objects.filter(pk__in={row["item"] for row in rows}).values_list("pk", "key"))
    wanted = {row[side] for row in rows for side in "ab"}
    found = {pk: (key, model) for pk, key, model in _completions(wanted)}
    return [
        {**row, "key": items[row["item"]], "a": _side(*found[row["a"]]), "b": _side(*found[row["b"]])} for row in rows
    ]


def _completions(wanted: set[int]) -> Any:
    return Completion.objects.filter(pk__in=wanted).values_list("pk", "key", "model")


def _side(key: str, model: str | None) -> dict[str, str]:
    return {"key": key, "model": model or ""}
