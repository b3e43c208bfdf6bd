"""What the report comes to in a sentence, for the page that sums up a campaign's labels."""

from collections.abc import Mapping, Sequence
from math import hypot
from typing import Any

FEW_PAIRS = 10
TITLE = "Ratings against rankings"
ORDER = (
    ("human", "same_annotator"),
    ("human", "consensus"),
    ("judge", "same_annotator"),
    ("judge", "consensus"),
    ("all", "consensus"),  # people rated and judges ranked, or the other way round
)


def headline(groups: Sequence[Mapping[str, Any]], expected: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """One line of the comparison with most pairs, people before judges, held against its noise where that is known."""
    for annotators, basis in ORDER:
        if found := [g for g in groups if (g["annotators"], g["basis"]) == (annotators, basis)]:
            group = max(found, key=lambda g: g["n"])
            return [_line(group, ceiling_of(group, expected))]
    sentence = "No pair of completions has been rated and ranked yet."
    return [{"title": TITLE, "sentence": sentence, "figure": None, "unit": "percent", "level": "unknown"}]


def ceiling_of(group: Mapping[str, Any], expected: Sequence[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """The figure of how often the protocols could agree given their noise; None where nobody was asked again, and for
    pairs of several annotators, whose means and majorities are less noisy than one answer."""
    if group["basis"] != "same_annotator":
        return None
    names = ("question_rating", "question_ranking", "campaign_rating", "campaign_ranking", "annotators")
    rows = (row for row in expected if all(row[name] == group[name] for name in names))
    return next((row["ceiling"] for row in rows if row["ceiling"]["value"] is not None), None)


def inconsistent(figure: Mapping[str, Any]) -> dict[str, Any]:
    """A figure of consistency, or of how far it can go, turned round."""
    limits = [1 - limit for limit in reversed(figure["interval"])] if figure["interval"] else None
    return {**figure, "value": 1 - figure["value"], "interval": limits}


def is_beyond_noise(seen: Mapping[str, Any], ceiling: Mapping[str, Any]) -> bool:
    """Whether more pairs are inconsistent (a figure) than noise explains: the lower limit of the difference, by the
    limits of both (Zou and Donner, *Construction of confidence limits*, 2008), is above 0."""
    if seen["interval"] is None or ceiling["interval"] is None:
        return False
    apart = seen["value"] - (1 - ceiling["value"])
    errors = seen["value"] - seen["interval"][0], ceiling["value"] - ceiling["interval"][0]
    return bool(apart > hypot(*errors))


def _line(group: Mapping[str, Any], ceiling: Mapping[str, Any] | None) -> dict[str, Any]:
    figure, kappa = inconsistent(group["figures"]["consistent"]), group["figures"]["kappa"]
    level, why = _level(group, figure, kappa, ceiling)
    basis = "the same annotator's ratings and ranking" if group["basis"] == "same_annotator" else "consensus"
    sentence = f"{100 * figure['value']:.1f} % of the pairs are inconsistent by {basis} " + why
    return {"title": TITLE, "sentence": sentence, "figure": figure, "unit": "percent", "level": level}


def _level(
    group: Mapping[str, Any], figure: Mapping[str, Any], kappa: Mapping[str, Any], ceiling: Mapping[str, Any] | None
) -> tuple[str, str]:
    question = f"({group['question_rating']} against {group['question_ranking']})"
    if group["n"] < FEW_PAIRS:
        return "unknown", f"{question}; fewer than 10 pairs are an impression, not a figure."
    if kappa["interval"] is not None and kappa["interval"][0] <= 0:
        return "bad", f"{question}: agreement is not shown to be beyond chance."
    if ceiling is None or ceiling["n"] < FEW_PAIRS:
        return "mind", f"{question}; how much of that is noise is not known without 10 repeats or more."
    noise = 1 - ceiling["value"]
    if is_beyond_noise(figure, ceiling):
        return "mind", f"{question}, more than the {100 * noise:.1f} % that noise alone would explain."
    return "good", f"{question}; noise alone would explain {100 * noise:.1f} %."
