"""What the signals mean, in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

Figures = Mapping[str, Any]
Unit = Literal["percent", "points", "number", "seconds"]
FEW = 10
MINUS = "\u2212"
SPACE = "\u00a0"


@dataclass(frozen=True, slots=True)
class Sign:
    """A signal in words: `means` is what its figure is, `flag` what is said in short of who differs, `caution` what
    else it may be. `reference` is where it would be without the effect."""

    title: str
    unit: Unit
    means: str
    flag: str
    caution: str
    reference: float | None = None


SIGNS: Mapping[str, Sign] = {
    "agreement": Sign(
        "Agreement",
        "number",
        "agreement with most of the others on the same things, beyond chance: 1 is all, 0 is chance",
        "agrees less",
        "Others may have understood the guidelines in another way; look at the answers below first.",
    ),
    "gold": Sign(
        "Gold",
        "percent",
        "the share of answers to gold items that are the gold answer",
        "misses gold",
        "Gold may be wrong: look at the items that several people miss.",
    ),
    "retest": Sign(
        "Repeats",
        "percent",
        "how often the answer is the same when the same thing is asked again, silently",
        "repeats less",
        "Some things have two good answers; what the others repeat says how many.",
    ),
    "position": Sign(
        "Shown first",
        "percent",
        "the share of decided pairs in which the completion shown first is preferred; 50 % is no effect of the side",
        "prefers a side",
        "Shares from 40 to 60 % are never flagged.",
        0.5,
    ),
    "length": Sign(
        "Longer",
        "points",
        "how much more often the longer completion is preferred than the others prefer it on the same pairs",
        "goes by length",
        "Only the difference from the others counts, since the longer answer may well be the better one.",
        0.0,
    ),
    "ties": Sign(
        "Ties",
        "points",
        "how much more often a pair is called tied than the others call it on the same pairs",
        "ties unlike others",
        "Few ties can be confidence, many can be care.",
        0.0,
    ),
    "streaks": Sign(
        "Streaks",
        "points",
        "how much more often the answer is that of the item before than these answers would be in another order",
        "answers in rows",
        "Items that lie together may be alike; what is usual among the others is allowed for.",
        0.0,
    ),
    "pace": Sign(
        "Seconds",
        "seconds",
        "the median time of an answer; flagged is who is often too fast for the length of the text",
        "too fast",
        "Times are only as good as the page or the import that measured them.",
    ),
    "trend": Sign(
        "Trend",
        "points",
        "agreement with the others in the later half of the work minus that in the first half",
        "agrees less by now",
        "Later items may be harder; what is usual among the others is allowed for.",
        0.0,
    ),
    "copies": Sign(
        "Copies",
        "percent",
        "how often the answer is that of the one annotator who is most alike",
        "answers like another",
        "Two people who work side by side can answer alike without copying; flagged is the later of the two.",
    ),
    "texts": Sign(
        "Own texts again",
        "percent",
        "the share of free texts given word for word to another thing too",
        "repeats texts",
        "Texts of fewer than 20 characters are left out.",
        0.0,
    ),
    "shared_texts": Sign(
        "Others’ texts",
        "percent",
        "the share of free texts that somebody else gave word for word too",
        "shares texts",
        "Both are flagged, who copied and who was copied: the times tell who was first.",
        0.0,
    ),
}
"""By name, in the order in which they are shown."""
GRAVE = ("agreement", "gold", "copies")
"""Flags that make an annotator's labels themselves doubtful."""


def written(value: float | None, unit: Unit, signed: bool = False) -> str:
    """A value in its unit: "56.4 %", "+12.0 points", "0.62", "14 s"."""
    if value is None:
        return "–"
    if unit == "points":
        text = f"{100 * value:+.1f}"
    elif unit == "percent":
        text = f"{100 * value:.1f}{SPACE}%"
    else:
        text = f"{value:.2f}" if unit == "number" else f"{value:,.1f}{SPACE}s"
    return text.replace("-", MINUS)


def limits(figure: Figures, unit: Unit) -> str:
    """The interval: "44.0 to 68.0 %"; empty where there is none."""
    if not figure["interval"]:
        return ""
    low, high = (written(each, unit) for each in figure["interval"])
    return f"{low.removesuffix(f'{SPACE}%').removesuffix(f'{SPACE}s')} to {high}"


def sentence(name: str, signal: Figures) -> str:
    """What an annotator's figure says: value, interval, n, and whether he differs from the others by more than
    chance."""
    sign = SIGNS[name]
    points = " points" if sign.unit == "points" else ""
    held = f" ({limits(signal, sign.unit)}{points}, 95{SPACE}% interval)" if signal["interval"] else ""
    few = ": fewer than 10, an impression" if signal["n"] < FEW else ""
    of = f" on “{signal['of']}”" if signal.get("of") else ""
    start = f"{written(signal['value'], sign.unit)}{points}{held}{of}, n{SPACE}{signal['n']:,}{few}: {sign.means}."
    return f"{start} {_verdict(sign, signal)}"


def _verdict(sign: Sign, signal: Figures) -> str:
    if signal.get("p") is None:
        return "Too little to hold it against the others."
    p = "adjusted p < 0.001" if signal["p"] < 0.001 else f"adjusted p = {signal['p']:.3f}"
    if not signal["flagged"]:
        return f"Not told apart from the others ({p})."
    whom = f" The answers are those of {signal['whom']}." if signal.get("whom") else ""
    return f"Unlike the others by more than the margin and chance ({p}).{whom} {sign.caution}"


def headline(rows: Sequence[Figures], tests: int) -> list[dict[str, Any]]:
    """People, then judges: who differs from the others, and in what."""
    found = []
    for judges, title in ((False, "People"), (True, "Judges")):
        group = [row for row in rows if row["is_judge"] == judges and not row["excluded"]]
        if group and (not judges or any(row["flags"] for row in group)):
            found.append(_line(title, group))
    if found:
        return found
    text = "Nobody has answered yet. As answers come in, this says who answers unlike the rest."
    return [{"title": "Annotators", "sentence": text, "figure": None, "unit": "percent", "level": "unknown"}]


def _line(title: str, group: Sequence[Figures]) -> dict[str, Any]:
    flagged = [row for row in group if row["flags"]]
    tested = any(signal["p"] is not None for row in group for signal in row["signals"].values())
    base = {"title": title, "figure": None, "unit": "percent"}
    if not tested:
        text = f"Too few answers of {len(group)} to hold them against each other: a test takes 5 prompt groups or more."
        return {**base, "sentence": text, "level": "unknown"}
    if not flagged:
        text = (
            f"None of the {len(group)} answers unlike the others by more than chance (false discovery rate 5{SPACE}%)."
        )
        return {**base, "sentence": text, "level": "good"}
    told = "; ".join(f"{row['name']} {', '.join(SIGNS[name].flag for name in row['flags'])}" for row in flagged[:3])
    more = f"; and {len(flagged) - 3} more" if len(flagged) > 3 else ""
    grave = any(name in GRAVE for row in flagged for name in row["flags"])
    text = f"{len(flagged)} of {len(group)} answer unlike the others: {told}{more}."
    return {**base, "sentence": text, "level": "bad" if grave else "mind"}
