"""The report in words: may these labels be used, and what speaks against it. Reads the stored figures alone."""

from dataclasses import dataclass
from typing import Literal

from routing.reliability.findings import (
    below_people,
    clusters,
    cut,
    flips,
    invalid,
    lean,
    left_out,
    length,
    no_better,
    too_few,
    wavering,
)
from routing.reliability.table import Reference
from routing.reliability.writing import WHOM, Figures, count, share

Level = Literal["unknown", "no", "care", "fit"]
TITLES: dict[Level, str] = {
    "unknown": "Nobody has checked these labels",
    "no": "Do not use these labels yet",
    "care": "Usable with care",
    "fit": "Nothing here speaks against using these labels",
}


@dataclass(frozen=True, slots=True)
class Said:
    """`title` is the verdict, `agreement` the figure behind it; then what forbids using the labels, what to mind."""

    level: Level
    title: str
    agreement: str
    against: tuple[str, ...]
    mind: tuple[str, ...]


def verdict(question: Figures, reference: Reference = "people") -> Said:
    """What a researcher should know first about a judge's labels of one question."""
    held = (question.get("against") or {}).get(reference)
    against, mind = invalid(question), [*lean(question, held), *cut(question)]
    if held is None or not held["n"]:
        against += flips(question)  # what people say would tell what is left once both orders are averaged
        level: Level = "no" if against else "unknown"
        return Said(level, TITLES[level], _unchecked(question, reference), tuple(against), tuple(mind))
    against += [*too_few(question, held, reference), *no_better(question, held)]
    mind = [
        *flips(question),
        *mind,
        *below_people(held),
        *clusters(held),
        *length(held),
        *wavering(question),
        *left_out(question),
    ]
    level = "no" if against else "care" if mind else "fit"
    return Said(level, TITLES[level], agreement(question, held, reference), tuple(against), tuple(mind))


def agreement(question: Figures, held: Figures, reference: Reference = "people") -> str:
    """Such as: agrees with people on 71 % (64–77) of 120 pairs; two people agree with each other on 78 % (70–84)."""
    found = f"Agrees with {WHOM[reference]} on {share(held['agreement']['percent'])} of {count(question, held['n'])}"
    people = held.get("people") or {}
    if people.get("value") is None:
        return found + "."
    one = share(held["with_one_person"])
    return f"{found}; two people agree with each other on {share(people)}, it with one of them on {one}."


def _unchecked(question: Figures, reference: Reference) -> str:
    if question["kind"] in ("text", "span"):
        return "Answers of this kind are not held against people's by a figure: read some of them."
    if reference == "gold":
        return "No item that it judged has a gold answer to this question."
    fitted = (question.get("left_out") or {}).get("fitted", 0)
    if fitted:
        return "All that people answered here went into making this judge, so it cannot be held against it."
    return "No person of the base design has answered what it judged: let people annotate a random part of it."
