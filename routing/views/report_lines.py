"""The figures of a reliability report as lines: what, how much, how certain, of how many, and what it means."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from routing.reliability.writing import MINUS, WHOM, Figures, count


@dataclass(frozen=True, slots=True)
class Line:
    """One figure with a sentence that says how to read it."""

    title: str
    value: str
    interval: str
    n: int
    meaning: str


def share_line(title: str, figure: Figures | None, meaning: str) -> Iterator[Line]:
    """A share in percent; nothing where there is no figure."""
    if figure and figure["n"]:
        yield _line(title, figure, meaning, lambda value: f"{100 * value:.1f}\u00a0%")


def number_line(title: str, figure: Figures | None, meaning: str, places: int = 2) -> Iterator[Line]:
    if figure and figure["n"]:
        yield _line(title, figure, meaning, lambda value: f"{value:.{places}f}")


def _line(title: str, figure: Figures, meaning: str, write: Any) -> Line:
    value = "–" if figure["value"] is None else write(figure["value"]).replace("-", MINUS)
    limits = figure["interval"]
    interval = " to ".join(write(limit).replace("-", MINUS) for limit in limits) if limits else ""
    return Line(title, value, interval.replace("\u00a0% to", " to"), figure["n"], meaning)


def agreement_lines(held: Figures, reference: str) -> list[Line]:
    whom, found = WHOM[reference], held["agreement"]
    numbers = held.get("numbers") or {}
    return [
        *share_line("Agreement", found["percent"], f"gives the same label as {whom}"),
        *number_line("Cohen's kappa", found["kappa"], "agreement beyond chance: 0 is none, 1 is complete"),
        *number_line("Scott's pi", found["pi"], "the same, with chance taken from both sides' labels together"),
        *share_line("With one person", held.get("with_one_person"), "the label of a person drawn among several"),
        *share_line("Two people", held.get("people"), "agree with each other on the same units: what can be hoped for"),
        *number_line("Distance", numbers.get("distance"), "mean difference in size from people's mean, in scale steps"),
        *number_line("Shift", numbers.get("shift"), "above 0 it is kinder than people, below 0 harsher"),
        *number_line("Spearman's rho", numbers.get("spearman"), "whether it puts things into the same order"),
    ]


def accuracy_lines(held: Figures) -> list[Line]:
    found, lengths = held.get("accuracies") or {}, held.get("lengths") or {}
    calibrated = (held.get("calibrated_agreement") or {}).get("percent")
    corrected = found.get("position_bias_corrected") or {}
    return [
        *share_line("Single", found.get("single"), "a verdict alone is right, the mean of both orders"),
        *share_line("Strict", found.get("strict"), "right in both orders"),
        *share_line("JudgeBench", found.get("judgebench"), "right in more orders than wrong"),
        *share_line("Averaged", found.get("averaged"), "right once the log-odds of both orders are averaged"),
        *share_line("Averaged, calibrated", calibrated, "agrees, ties included, calibrated on other prompts' labels"),
        *share_line("Longer wins", held.get("longer_wins"), "right by always taking the longer: a judge must beat it"),
        *share_line("Position bias", found.get("position_bias"), "more often right with the better one in slot 1"),
        *share_line(
            "Position bias, corrected",
            corrected if corrected.get("interval") else None,
            "the same, freed of its own flip noise",
        ),
        *share_line("Length bias", lengths.get("bias"), "more often right where the better one is the longer"),
        *share_line("Longer picked", lengths.get("preference"), "picks the longer more often than people do"),
    ]


def order_lines(orders: Figures) -> list[Line]:
    return [
        *share_line("Flips", orders["flip"], "names the other completion once the two change places"),
        *share_line("First slot", orders["first_slot"], "of the decided verdicts name it; fair is 50\u00a0%"),
        *number_line("Slot bias", orders["slot_bias"], "in log-odds: above 0 it leans to the first slot"),
        *share_line("Ties", orders["tied"], "of the verdicts name neither slot"),
    ]


def repeat_lines(again: Figures | None) -> list[Line]:
    if not again:
        return []
    return [
        *share_line("Same answer", again["agreement"], "two answers to the same unit are the same"),
        *share_line("Flip noise", again["flip_noise"], "q: how often an answer would turn by chance"),
        *share_line("Accuracy", again["accuracy"], "the mean over the repeats"),
        *share_line("Corrected accuracy", again["corrected"], "without that noise: a diagnosis, not a promise"),
        *share_line("Majority of the repeats", again["majority"], "right: what asking again would bring"),
    ]


def calibration_lines(known: Figures | None) -> list[Line]:
    if not known:
        return []
    before, after = known["before"], known["after"]
    return [
        *number_line("ECE", before["ece"], "expected calibration error: how far its certainty is off", 3),
        *number_line("ECE, calibrated", after["ece"], "the same after fitting on other prompts' labels", 3),
        *number_line("Brier score", before["brier"], "mean squared error of its certainty: lower is better", 3),
        *number_line("Brier, calibrated", after["brier"], "the same after fitting on other prompts' labels", 3),
        *share_line("Too sure by", before["overconfidence"], "mean certainty minus how often it is right"),
    ]


def validity_lines(question: Figures) -> list[Line]:
    return [
        *share_line("Valid", question["validity"], "of the verdicts are answers; the others are no labels, nor ties"),
        *number_line("Length of a text", question.get("characters"), "characters that it writes", 0),
        *share_line("Not in the text", question.get("unanchored"), "of its quotes: they do not occur there"),
    ]


def summary_of(question: Figures, held: Figures) -> str:
    """How many things of how many prompt groups the figures are of."""
    groups = f"{held['clusters']:,} prompt group{'' if held['clusters'] == 1 else 's'}"
    return f"{count(question, held['n'])} of {groups}"
