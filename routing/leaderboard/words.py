"""The report on models in sentences: what a researcher should know first. Reads stored figures alone."""

from collections.abc import Mapping, Sequence
from typing import Any

Question = Mapping[str, Any]
Line = dict[str, Any]
WHOM = {"people": "people", "judges": "judges", "all": "people and judges"}


def headline(questions: Sequence[Question]) -> list[Line]:
    """Who leads, whether length or gaps in the comparisons speak against it, and cycles; of the first question with
    comparisons of models."""
    first = next((each for each in questions if each["boards"]), None)
    lines = [] if first is None else [_leader(first), *_length(first), *_gaps(first)]
    return [*lines, *(line for each in questions for line in _cycles(each))]


def _leader(question: Question) -> Line:
    board = question["boards"][0]
    ranked = [row for row in board["models"] if row["rank"] is not None]
    if not ranked:
        return _line("Models", no_strengths(board), None, "unknown")
    best, ties = ranked[0], [row for row in ranked[1:] if (row["rank_interval"] or [1])[0] == 1]
    sentence = f"{best['model']} leads for {WHOM[board['annotators']]} ({question['title']}): the share of decisive "
    sentence += "games it would win against the average model."
    if ties:
        sentence += f" It cannot be told from {names([row['model'] for row in ties])}."
    return _line("Best model", sentence, best["beats_average"], "mind" if ties else "good")


def _length(question: Question) -> list[Line]:
    board = question["boards"][0]
    if not board["length"]["is_biased"]:
        return []
    slope = board["length"]["slope"]["value"]
    sentence = f"{'Longer' if slope > 0 else 'Shorter'} answers win beyond what the models explain "
    sentence += f"({WHOM[board['annotators']]}, {question['title']}): the figure is the log-odds "
    sentence += "that a much longer one gains. Read the length-controlled win rates."
    return [_line("Length bias", sentence, board["length"]["slope"], "mind", "number")]


def _gaps(question: Question) -> list[Line]:
    board = question["boards"][0]
    out = [row["model"] for row in board["models"] if row["rank"] is None]
    if not out or len(out) == len(board["models"]):
        return []
    sentence = f"{names(out)} cannot be put on one scale with the others: more comparisons are needed."
    return [_line("Not comparable", sentence, None, "mind")]


def _cycles(question: Question) -> list[Line]:
    found = question["cycles"]
    if found["why"]:
        return []
    flagged = [row["name"] for row in found["annotators"] if row["more_than_slips"]]
    pooled = found["people"] or found["judges"]
    if pooled is None or pooled["share"]["value"] is None:
        return []
    sentence = f"Share of triples that go round in a circle ({question['title']}); slips alone would make "
    sentence += f"{100 * pooled['expected']:.0f} % or less."
    if flagged:
        sentence += f" More than slips: {names(flagged)}."
    return [_line("Cycles", sentence, pooled["share"], "bad" if flagged or pooled["more_than_slips"] else "good")]


def no_strengths(board: Mapping[str, Any]) -> str:
    """Why no model has a strength."""
    why = next((row["strength"]["method"] for row in board["models"]), "no two models were compared")
    return f"No model has a strength yet: {why}."


def names(models: Sequence[str], most: int = 4) -> str:
    """ "a, b and c", "a, b, c, d and 3 more"."""
    if len(models) > most:
        return f"{', '.join(models[:most])} and {len(models) - most} more"
    return " and ".join([", ".join(models[:-1]), models[-1]]) if len(models) > 1 else "".join(models)


def _line(title: str, sentence: str, figure: Any, level: str, unit: str = "percent") -> Line:
    return {"title": title, "sentence": sentence, "figure": figure, "unit": unit, "level": level}
