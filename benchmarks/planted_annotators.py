"""Planted annotators, over 100 seeds: how often each is found, and how often the honest ones beside him are flagged.

    .venv/bin/python benchmarks/planted_annotators.py

A campaign has twelve people of whom one is planted, or none. Each decides about the same number of pairs, two of each
prompt, four people about each pair; a copycat is given the pairs of the one he copies. An honest answer is wrong in 10
to 20 %, as the person may be, and in 35 % on a fifth of the pairs, which are hard; a tenth of all answers are ties. The
longer response is the better one in 60 %. All five signals are tested together, at a false discovery rate of 5 %.
"""

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from annotate.stats.signals.agreement import agreement_with_rest
from annotate.stats.signals.base import flags
from annotate.stats.signals.copies import copies
from annotate.stats.signals.length import length_preference
from annotate.stats.signals.position import position_effect
from annotate.stats.signals.ties import ties

SEEDS = range(1000, 1100)
"""The set-up was chosen after looking at the power on other seeds, so none of these is among them."""
PEOPLE, OVERLAP = 12, 4
PLANTED, SOURCE = 0, 1
ANSWERS = 240
SIGNALS = {"left": "position", "longer": "length", "copycat": "copies", "careless": "agreement"}
Rows = npt.NDArray[Any]


@dataclass(frozen=True, slots=True)
class Answers:
    """Rows of answers: who, about which pair of which prompt, the sign, whether a was first, who is longer, when."""

    who: Rows
    pair: Rows
    prompt: Rows
    sign: Rows
    a_first: Rows
    longer: Rows
    at: Rows


def campaign(random: np.random.Generator, kind: str, answers: int = ANSWERS) -> Answers:
    """The answers of twelve people, the first of whom is of the planted kind, or honest ("honest")."""
    who, pair = _assigned(random, kind, answers)
    pairs = PEOPLE * answers // OVERLAP
    better = random.choice([-1, 1], pairs)
    longer = better * np.where(random.random(pairs) < 0.6, 1, -1)
    slips = np.where((random.random(pairs) < 0.2)[pair], 0.35, random.uniform(0.1, 0.2, PEOPLE)[who])
    sign = better[pair] * np.where(random.random(len(who)) < slips, -1, 1)
    sign = np.where(random.random(len(who)) < 0.1, 0, sign)
    a_first, at = random.random(len(who)) < 0.5, random.random(len(who))
    own = who == PLANTED
    if kind == "left":
        sign[own] = np.where(a_first[own], 1, -1)
    elif kind == "longer":
        sign[own] = longer[pair[own]]
    elif kind == "careless":
        sign[own] = random.choice([-1, 0, 1], own.sum(), p=[0.45, 0.1, 0.45])
    elif kind == "copycat":
        source, copy = (np.flatnonzero(who == each)[np.argsort(pair[who == each])] for each in (SOURCE, PLANTED))
        copied = random.random(len(copy)) < 0.95
        sign[copy[copied]], at[copy] = sign[source[copied]], at[source] + 1
    return Answers(who, pair, pair // 2, sign, a_first, longer[pair], at)


def _assigned(random: np.random.Generator, kind: str, answers: int) -> tuple[Rows, Rows]:
    """Who answers about which pair: four of twelve people about each, everybody about as many."""
    pairs = PEOPLE * answers // OVERLAP
    teams = np.concatenate([random.permutation(PEOPLE).reshape(-1, OVERLAP) for _ in range(pairs * OVERLAP // PEOPLE)])
    who, pair = teams.ravel(), np.repeat(random.permutation(pairs), OVERLAP)
    if kind == "copycat":
        own = pair[who == SOURCE]
        keep = who != PLANTED
        who, pair = np.append(who[keep], np.full(len(own), PLANTED)), np.append(pair[keep], own)
    return who, pair


def flagged(given: Answers) -> dict[str, Rows]:
    """Whom each signal flags, all tested together."""
    who, pair, sign, prompt = given.who, given.pair, given.sign, given.prompt
    return flags(
        {
            "position": position_effect(who, PEOPLE, sign, given.a_first, prompt),
            "length": length_preference(who, PEOPLE, pair, sign, given.longer, prompt),
            "agreement": agreement_with_rest(who, PEOPLE, pair, sign, prompt),
            "ties": ties(who, PEOPLE, pair, sign == 0, prompt),
            "copies": copies(who, PEOPLE, pair, sign, given.at, prompt).signal,
        }
    )


@dataclass(frozen=True, slots=True)
class Found:
    """Shares over all seeds: campaigns in which the planted one was found by his signal, and by any signal; honest
    people who were flagged by any; campaigns in which anyone honest was."""

    by_signal: float
    by_any: float
    honest: float
    campaigns: float


def found(kind: str, answers: int = ANSWERS, seeds: Iterable[int] = SEEDS) -> Found:
    by_signal, by_any, honest = [], [], []
    for seed in seeds:
        calls = flagged(campaign(np.random.default_rng(seed), kind, answers))
        anyone = np.any(list(calls.values()), axis=0)
        by_signal.append(kind in SIGNALS and bool(calls[SIGNALS[kind]][PLANTED]))
        by_any.append(bool(anyone[PLANTED]))
        honest.append(anyone[1:] if kind in SIGNALS else anyone)
    return Found(
        float(np.mean(by_signal)),
        float(np.mean(by_any)),
        float(np.mean(honest)),
        float(np.mean([each.any() for each in honest])),
    )


def main() -> None:
    print("planted    answers  by its signal  by any  honest people flagged  campaigns with one")
    for kind in (*SIGNALS, "honest"):
        for answers in (30, 60, 120, 240):
            one = found(kind, answers)
            shares = f"{100 * one.by_signal:12.0f} %{100 * one.by_any:6.0f} %" if kind in SIGNALS else " " * 22
            print(f"{kind:<10} {answers:7}{shares}{100 * one.honest:20.1f} %{100 * one.campaigns:18.0f} %")


if __name__ == "__main__":
    main()
