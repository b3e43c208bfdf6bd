"""The leaderboard of one question and one group of annotators, as the report stores it."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from annotate.stats.bradley_terry import BradleyTerry, Ties, bradley_terry, renumbered
from annotate.stats.connectivity import Connectivity
from annotate.stats.discovery import benjamini_hochberg
from annotate.stats.games import Games
from annotate.stats.intervals import SHARE, Figure
from annotate.stats.length_control import Controlled, length_controlled, win_rates
from annotate.stats.linearised import share
from annotate.stats.model_cycles import Ring, head_to_head
from annotate.stats.votes import sums
from routing.leaderboard.rows import Compared
from routing.reliability.figures import plain

MOST_IN_MATRIX = 30
PLACES = 4
ELO = 400 / np.log(10)
AVERAGE = 1000.0


def board(found: Compared, annotators: str) -> dict[str, Any]:
    """Strengths, ranks, win rates with and without length, head-to-heads, and what cannot be compared."""
    played = found.games()
    strengths = with_ties(played)
    halves = bradley_terry(played, "half")
    controlled = length_controlled(played, found.longer)
    raw = win_rates(played)
    rows = [_model(n, name, strengths, halves, raw, controlled) for n, name in enumerate(found.models)]
    _mark_changes(rows)
    return {
        "annotators": annotators,
        "n": len(played),
        "clusters": played.blocks.clusters,
        "ties": plain(_ties(played)),
        "tied_equals": strengths.tied,
        "scale": strengths.ties,
        "models": sorted((row for row in rows if row["games"]), key=_order),
        "length": _length(controlled),
        "connected": _connected(strengths.connected, found.models),
        **_head_to_head(played, rows, found.models),
    }


def with_ties(played: Games) -> BradleyTerry:
    """Davidson's strengths; with ties as half wins where those run off."""
    ties: tuple[Ties, Ties] = ("davidson", "half")
    found = bradley_terry(played, ties[0])
    undefined = len(found.connected.main) > 1 and all(each.value is None for each in found.strengths)
    return bradley_terry(played, ties[1]) if undefined else found


def beats_average(strength: Figure) -> Figure:
    """A strength as the share of decisive games that it would win against the average model."""
    return moved(strength, lambda x: float(1 / (1 + np.exp(-x))))


def moved(figure: Figure, by: Any) -> Figure:
    """A figure on another, increasing scale."""
    if figure.value is None:
        return figure
    interval = (by(figure.interval[0]), by(figure.interval[1])) if figure.interval else None
    return Figure(by(figure.value), interval, figure.n, figure.clusters, figure.method)


def _model(
    n: int,
    name: str,
    strengths: BradleyTerry,
    halves: BradleyTerry,
    raw: tuple[Figure | None, ...],
    controlled: Controlled,
) -> dict[str, Any]:
    strength, rank = strengths.strengths[n], strengths.ranks[n]
    return {
        "model": name,
        "games": strength.n,
        "rank": rank[0] if rank else None,
        "rank_interval": [rank[1], rank[2]] if rank else None,
        "strength": plain(strength),
        "half_wins": plain(halves.strengths[n]),
        "points": plain(moved(strength, lambda x: AVERAGE + ELO * x)),
        "beats_average": plain(beats_average(strength)),
        "win_rate": plain(raw[n]),
        "rate_among": plain(controlled.raw[n]) if controlled.controlled[n] else None,
        "controlled": plain(controlled.controlled[n]),
        "change": plain(controlled.change[n]),
        "change_p": controlled.changes[n],
    }


def _mark_changes(rows: list[dict[str, Any]]) -> None:
    """Which models' win rates differ from the length-controlled ones, at a false discovery rate of 5 %."""
    tested = [row for row in rows if row["change_p"] is not None]
    for row in rows:
        row["changes"] = False
    for row, differs in zip(tested, benjamini_hochberg([row["change_p"] for row in tested]), strict=True):
        row["changes"] = bool(differs)


def _order(row: Mapping[str, Any]) -> tuple[bool, int, float, str]:
    rate = row["win_rate"]["value"] if row["win_rate"] else 0.0
    return row["rank"] is None, row["rank"] or 0, -rate, row["model"]


def _ties(played: Games) -> Figure:
    block, count = played.blocks.of, played.blocks.count
    tied = sums(block, played.weight * (played.sign == 0), count)
    return share(tied, sums(block, played.weight, count), len(played), played.blocks.clusters)


def _length(found: Controlled) -> dict[str, Any]:
    return {
        "sigma": round(found.sigma, 1),
        "slope": plain(found.slope),
        "p": found.p,
        "is_biased": found.is_biased,
        "why": found.why,
    }


def _connected(found: Connectivity, models: tuple[str, ...]) -> dict[str, Any]:
    def named(numbers: tuple[int, ...]) -> list[str]:
        return [models[n] for n in numbers]

    return {
        "components": [named(part) for part in found.components],
        "apart": [named(part) for part in found.apart],
        "unbeaten": named(found.unbeaten),
        "winless": named(found.winless),
        "needed": [named(pair) for pair in found.needed],
    }


def _head_to_head(played: Games, rows: list[dict[str, Any]], models: tuple[str, ...]) -> dict[str, Any]:
    """The shares of points of pairs of models, the strongest first, and their rings."""
    shown = sorted(range(len(models)), key=lambda n: -rows[n]["games"])[:MOST_IN_MATRIX]
    order = tuple(sorted(shown, key=lambda n: _order(rows[n])))
    found = head_to_head(renumbered(played.where(played.among(order)), order))
    names = [models[n] for n in order]
    return {
        "head_to_head": {
            "models": names,
            "left_out": len(models) - len(names),
            "cells": [[_short(cell) for cell in row] for row in found.shares],
        },
        "rings": {
            "triples": found.triples,
            "n": len(found.rings),
            "found": [_ring(r, names) for r in found.rings[:50]],
        },
    }


def _short(cell: Figure | None) -> list[float | None] | None:
    """[value, low, high, n], since there are many."""
    if cell is None or cell.value is None:
        return None
    low, high = cell.interval or SHARE
    return [round(cell.value, PLACES), round(low, PLACES), round(high, PLACES), cell.n]


def _ring(ring: Ring, names: list[str]) -> dict[str, Any]:
    return {
        "models": [names[n] for n in ring.models],
        "weakest": [names[n] for n in ring.weakest],
        "p": ring.p,
        "real": ring.real,
    }
