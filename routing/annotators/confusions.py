"""How each annotator mistakes one answer for another, by Dawid and Skene."""

from typing import Any

import numpy as np
from scipy.special import betaincinv

from annotate.frames.columns import Flags, Ids
from annotate.stats.dawid_skene import dawid_skene
from annotate.stats.intervals import Floats
from annotate.stats.linearised import compact
from routing.annotators.answers import Question
from routing.annotators.signals import Asked

SCALES = ("nominal", "ordinal")
MOST_LABELS = 7
FEWEST_ANNOTATORS = 3
"""Of two who differ nobody can tell who is right."""
MOST_VOTES = 200_000
ROUNDS = 100


def confusions(question: Question, asked: Asked, shown: Flags) -> dict[int, list[dict[str, Any]]]:
    """By annotator a table {"title", "labels", "cells"}: `cells[true][said]` is [P(said | true), low, high] and `n` how
    many of his answers were probably about each true one. The intervals are Jeffreys' of these counts: wide with few,
    and a little too narrow, since the truth is estimated too. Of a million votes a random part is fitted."""
    held = question.coded
    if held.asks.scale not in SCALES:
        return {}
    values, said = compact(held.value)
    if not 2 <= len(values) <= MOST_LABELS or len(np.unique(asked.who)) < FEWEST_ANNOTATORS:
        return {}
    thing = compact(held.thing)[1]
    some = _some(thing)
    thing, who, said = compact(thing[some])[1], asked.who[some], said[some]
    shape = (int(thing.max()) + 1, asked.count, len(values))
    found = dawid_skene(thing, who, said, shape, rounds=ROUNDS, tolerance=1e-6)
    true = np.stack([np.bincount(who, found.posterior[thing, k], asked.count) for k in range(len(values))], 1)
    low, high = _jeffreys(found.confusion, true.astype(float))
    labels = [held.say(int(value)) for value in values]
    cells = np.round(np.stack([found.confusion, low, high], axis=-1), 4)
    return {
        n: [
            {
                "title": held.asks.title,
                "labels": labels,
                "n": np.round(true[n], 1).tolist(),
                "cells": cells[n].tolist(),
            }
        ]
        for n in np.flatnonzero(shown & (found.answers > 0)).tolist()
    }


def _some(thing: Ids) -> Flags:
    """At most 200,000 votes, those of a random part of the things."""
    share = MOST_VOTES / max(len(thing), 1)
    drawn = np.random.default_rng(0).random(int(thing.max(initial=-1)) + 1) < share
    return np.asarray(drawn[thing] if share < 1 else np.ones(len(thing), bool))


def _jeffreys(share: Floats, n: Floats) -> tuple[Floats, Floats]:
    """Equal-tailed 95 % intervals of shares (annotators, true, said) of n (annotators, true)."""
    hits, misses = share * n[..., None] + 0.5, (1 - share) * n[..., None] + 0.5
    return betaincinv(hits, misses, 0.025), betaincinv(hits, misses, 0.975)
