"""Strengths of models from comparisons with ties, with their ranks, and what cannot be compared.

Bradley and Terry, *Rank analysis of incomplete block designs* (1952), with ties as Davidson (1970) models them; ties as
half wins stand beside them for comparison. The interval is the linearised one by clusters (the sandwich), not the
bootstrap: both agree where there are many clusters, and resamples of few comparisons fall apart into models that cannot
be compared, which the linearised one does not. Below 30 clusters, where it is too narrow, the wider of it and the
Hessian's is taken. Ranks come from draws of all strengths together, with the same covariance.
"""

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from annotate.stats.connectivity import Connectivity, connectivity, has_finite_ties
from annotate.stats.games import Games, fit
from annotate.stats.intervals import FEW_CLUSTERS, Figure, Floats
from annotate.stats.linearised import Ids, around

DRAWS = 2000
Rank = tuple[int, int, int]
Ties = Literal["davidson", "half"]
RUNS_OFF = (
    "no strengths with ties: nobody ever lost to a model that it beat, nor in a ring, so they have no finite values; "
    "count ties as half wins instead"
)


@dataclass(frozen=True, slots=True)
class BradleyTerry:
    """Strengths of m models, in log-odds against the average of the models that can be compared.

    `strengths[i].n` counts the games of model i; a strength of None says why in `method`. `ranks[i]` is rank and its
    95 % interval, 1 the best. `errors` are standard errors by clusters, `independent_errors` those of the Hessian, as
    if comparisons of one prompt were independent. `tied` is the chance that equals tie.
    """

    n: int
    clusters: int
    strengths: tuple[Figure, ...]
    ranks: tuple[Rank | None, ...]
    errors: tuple[float | None, ...]
    independent_errors: tuple[float | None, ...]
    tied: float | None
    connected: Connectivity
    ties: Ties


def bradley_terry(played: Games, ties: Ties = "davidson", seed: int = 0) -> BradleyTerry:
    """The strengths of the largest set of models that can be compared; the others have none, and why."""
    wins, drawn = played.counts()
    connected = connectivity(wins, drawn)
    count = np.bincount(played.first, minlength=played.models) + np.bincount(played.second, minlength=played.models)
    main = connected.main
    whys = {m: _why(m, int(count[m]), connected) for m in range(played.models) if m not in main or len(main) < 2}
    inside = np.ix_(list(main), list(main))
    if (
        ties == "davidson"
        and len(main) > 1
        and drawn[inside].any()
        and not has_finite_ties(wins[inside], drawn[inside])
    ):
        whys = {m: whys.get(m, RUNS_OFF) for m in range(played.models)}
    found = BradleyTerry(
        len(played),
        played.blocks.clusters,
        tuple(Figure(None, None, int(count[m]), 0, whys.get(m, "")) for m in range(played.models)),
        (None,) * played.models,
        (None,) * played.models,
        (None,) * played.models,
        None,
        connected,
        ties,
    )
    return found if len(whys) == played.models else _fitted(found, played, seed)


def _fitted(found: BradleyTerry, played: Games, seed: int) -> BradleyTerry:
    main = found.connected.main
    inside = renumbered(played.where(played.among(main)), main)
    fitted = fit(inside, half=found.ties == "half")
    m, k = len(main), inside.blocks.count
    covariance = _covariance(fitted.slopes[:, :m]) if k > 1 else None
    centred = np.eye(m) - 1 / m
    naive = np.asarray(centred @ np.linalg.inv(fitted.information)[:m, :m] @ centred, float)
    strengths, ranks = list(found.strengths), list(found.ranks)
    errors, independent = list(found.errors), list(found.independent_errors)
    places = _ranks(fitted.strengths, covariance, naive if k < FEW_CLUSTERS else None, seed)
    for n, model in enumerate(main):
        value = float(fitted.strengths[n])
        independent[model] = float(np.sqrt(naive[n, n]))
        interval, method = None, "one prompt group: no interval"
        if covariance is not None:
            errors[model] = error = float(np.sqrt(covariance[n, n]))
            wide = error if k >= FEW_CLUSTERS else max(error, float(np.sqrt(naive[n, n])))
            interval, method = around(value, wide, k), "linearised by prompt group" if wide == error else "Hessian"
            ranks[model] = places[n]
        games = found.strengths[model].n
        strengths[model] = Figure(value, interval, games, inside.blocks.clusters, method)
    tied = None if fitted.tie is None else float(1 / (1 + 2 * np.exp(-fitted.tie)))
    return replace(
        found,
        strengths=tuple(strengths),
        ranks=tuple(ranks),
        errors=tuple(errors),
        independent_errors=tuple(independent),
        tied=tied,
    )


def renumbered(played: Games, models: tuple[int, ...]) -> Games:
    """Games between these models alone, which get the numbers 0, 1 … in this order."""
    place = np.zeros(played.models, np.int64)
    place[list(models)] = np.arange(len(models))
    return replace(played, first=place[played.first], second=place[played.second], models=len(models))


def _covariance(slopes: Floats) -> Floats:
    k, off = len(slopes), slopes - slopes.mean(axis=0)
    return np.asarray(k / (k - 1) * off.T @ off, float)


def _ranks(strengths: Floats, covariance: Floats | None, naive: Floats | None, seed: int) -> list[Rank]:
    """Rank and interval of each model; draws take the wider covariance where there are few clusters."""
    own = _places(strengths[None, :])[0]
    if covariance is None:
        return [(int(rank), 1, len(strengths)) for rank in own]
    wider = naive if naive is not None and np.trace(naive) > np.trace(covariance) else covariance
    values, vectors = np.linalg.eigh(wider)
    noise = np.random.default_rng(seed).standard_normal((DRAWS, len(strengths)))
    drawn = strengths + (noise * np.sqrt(np.maximum(values, 0))) @ vectors.T
    low, high = np.quantile(_places(drawn), [0.025, 0.975], axis=0, method="nearest")
    rows = zip(own, low, high, strict=True)
    return [(int(rank), min(int(rank), int(down)), max(int(rank), int(up))) for rank, down, up in rows]


def _places(strengths: Floats) -> Ids:
    """Ranks from 1, the strongest, of each row of shape (…, m)."""
    return np.argsort(np.argsort(-strengths, axis=-1, kind="stable"), axis=-1).astype(np.int64) + 1


def _why(model: int, games: int, connected: Connectivity) -> str:
    if not games:
        return "no games"
    if len(connected.main) < 2:
        return "no model both won and lost against the same others"
    if model in connected.unbeaten:
        return "never lost half a point: its strength has no upper limit"
    if model in connected.winless:
        return "never won half a point: its strength has no lower limit"
    if not any(model in part and connected.main[0] in part for part in connected.apart):
        return "never met the models that are compared, nor anybody who met them"
    return "with its like it always won, or always lost, against the models that are compared"
