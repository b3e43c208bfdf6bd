"""The charts of the inconsistency page, from the stored report."""

from collections.abc import Mapping, Sequence
from typing import Any

from annotate.charts import Chart, Estimate, Forest, Matrix, Row, Stack, estimate
from routing.inconsistency.headlines import inconsistent
from routing.views.charts import SHARES

Group = Mapping[str, Any]
ANNOTATORS = {"all": "People and judges", "human": "People", "judge": "Judges"}
CUES = {"longer": "longer", "denser": "denser", "first": "shown first"}
UNITS = ((86_400, "d"), (3600, "h"), (60, "min"), (1, "s"))
SAME_QUESTIONS = ("question_rating", "question_ranking", "campaign_rating", "campaign_ranking", "basis")
NEW_CELL = Estimate(None, why="no pair has both")


def shares(groups: Sequence[Group], group: Group) -> Stack:
    """The five shares of the chosen group, and of the other kinds of annotators on the same questions and basis."""
    rows = [other for other in groups if all(other[key] == group[key] for key in SAME_QUESTIONS)]
    return Stack(
        id="shares",
        title="Where they part",
        sentence="The first two shares are consistent pairs; in the third the sides contradict each other, in the last "
        "two one of them ties.",
        parts=[title for _, title, _ in SHARES],
        rows=[ANNOTATORS[row["annotators"]] for row in rows],
        shares=[[row["shares"][name] for name, _, _ in SHARES] for row in rows],
        n=[row["n"] for row in rows],
    )


def explanations(group: Group) -> list[Chart]:
    """What goes with inconsistency: only what there is more than one kind of."""
    return [chart for chart in (by_pair(group), cues(group), annotators(group)) if chart is not None]


def by_pair(group: Group) -> Forest | None:
    """Consistency by the gap between the ratings, by how far the texts are apart, and by the time between."""
    step = group["gap_step"]
    gaps = [(f"{row['gap'] * step:g}{' or more' if row['or_more'] else ''}", row) for row in group["by_gap"]]
    named = {
        "Gap": gaps if len(gaps) > 1 else [],
        "Length": [(_share_label(row["low"], row["high"]), row) for row in group["by_length"]],
        "Density": [(_points_label(row["low"], row["high"]), row) for row in group["by_density"]],
        "Time": [(_time_label(row["low"], row["high"]), row) for row in group["by_time"]],
    }
    marks = [name for name, found in named.items() if found]
    rows = [
        Row(f"{name} {label}", estimate(row["figure"]), mark)
        for mark, name in enumerate(marks)
        for label, row in named[name]
    ]
    sentence = (
        f"Gap: the difference between the two ratings, in steps of {step:g}; where it is large and consistency low, "
        "the two protocols measure different things. Length: how much shorter the shorter completion is, as a part of "
        "the longer. Density: how far their shares of different words are apart. Time: between the ranking and the "
        "later rating."
    )
    return (
        _forest(group, "by-pair", "Consistency by kind of pair", sentence, rows, [name.lower() for name in marks])
        if rows
        else None
    )


def cues(group: Group) -> Forest | None:
    """What the longer, the denser and the one shown first win in the ratings and in the rankings."""
    rows = [
        Row(f"{CUES[name].capitalize()}, {what}", estimate(found[what]), mark)
        for name, found in ((name, group["cues"][name]) for name in CUES if name in group["cues"])
        for mark, what in enumerate(("ratings", "rankings"))
        if found[what]["n"]
    ]
    return (
        Forest(
            id="cues",
            title="What wins in ratings and in rankings",
            sentence="How often the longer completion, the denser one and the one shown first in the ranking win, a "
            "tie counting half. Where the two rows of a pair part, that goes with the inconsistency.",
            rows=rows,
            reference=0.5,
            reference_label="no preference",
            marks=("ratings", "rankings"),
        )
        if rows
        else None
    )


def annotators(group: Group) -> Forest | None:
    rows = [
        Row(row["name"], estimate(row["figure"]), int(row["flagged"]), "judge" if row["judge"] else "")
        for row in group["by_annotator"]
    ]
    sentence = (
        "Each annotator's pairs. Marked are those that differ from the rest, with at most 5 % of the marked ones "
        "marked wrongly (Benjamini–Hochberg), among annotators with ten pairs or more; the line is all pairs."
    )
    marks = ("like the rest, or too few pairs", "differs from the rest")
    return _forest(group, "by-annotator", "Consistency by annotator", sentence, rows, marks) if rows else None


def aspects(groups: Sequence[Group], group: Group) -> Matrix | None:
    """Every rating question against every ranking question, where there is more than one of either."""
    alike = [g for g in groups if (g["annotators"], g["basis"]) == (group["annotators"], group["basis"])]
    ratings = list(dict.fromkeys(name_of(g, "rating") for g in alike))
    rankings = list(dict.fromkeys(name_of(g, "ranking") for g in alike))
    if len(ratings) * len(rankings) < 2:
        return None
    cells = {
        (name_of(g, "rating"), name_of(g, "ranking")): estimate(inconsistent(g["figures"]["consistent"])) for g in alike
    }
    return Matrix(
        id="aspects",
        title="Inconsistency by question",
        sentence="Each rating question against each ranking question, by the same kind of annotators and basis. A "
        "rating that fits a ranking badly asks for something else.",
        rows=ratings,
        columns=rankings,
        cells=[[cells.get((rating, ranking), NEW_CELL) for ranking in rankings] for rating in ratings],
        row_title="Rating",
        column_title="Ranking",
        unit="percent",
    )


def name_of(group: Group, what: str) -> str:
    """A question, with its campaign where that is another one than the other question's."""
    question, campaign = group[f"question_{what}"], group[f"campaign_{what}"]
    return question if group["campaign_rating"] == group["campaign_ranking"] else f"{question} ({campaign})"


def repeats(report: Mapping[str, Any]) -> Forest | None:
    """How often the same annotator repeats himself."""
    rows = [
        Row(f"{row['what'].capitalize()}: {row['question']}", estimate(row["same"]), int(row["annotators"] == "judge"))
        for row in report["repeats"]
    ]
    return (
        Forest(
            id="repeats",
            title="The same again, asked silently",
            sentence="How often the same annotator gives the same preference, the same rating, and ratings that name "
            "the same side of a pair, when asked once more without being told.",
            rows=rows,
            marks=("people", "judges"),
        )
        if rows
        else None
    )


def interplay(table: Mapping[str, Any]) -> Matrix | None:
    """The 2×2 of imported win rates."""
    cells = {(cell["trained_on"], cell["evaluated_by"]): cell["win_rate"] for cell in table["cells"]}
    if not any(figure["n"] for figure in cells.values()):
        return None
    names = ("rating", "ranking")
    empty = Estimate(None, why="not imported")
    return Matrix(
        id="interplay",
        title="Win rate by feedback and evaluation",
        sentence="A win counts 1, a tie ½, a loss 0, against the same reference model; intervals are 1.96 standard "
        "errors of the mean.",
        rows=[f"{name}s" for name in names],
        columns=[f"{name}s" for name in names],
        cells=[[estimate(cells[one, two]) if cells[one, two]["n"] else empty for two in names] for one in names],
        row_title="Trained on",
        column_title="Evaluated by",
        unit="percent",
        middle=0.5,
    )


def _forest(
    group: Group, name: str, title: str, sentence: str, rows: Sequence[Row], marks: Sequence[str] = ()
) -> Forest:
    return Forest(
        id=name,
        title=title,
        sentence=sentence,
        rows=rows,
        span=(0.0, 1.0),
        reference=group["consistent"],
        reference_label="all pairs",
        marks=marks,
    )


def _share_label(low: float, high: float) -> str:
    return f"{100 * low:.0f} to {100 * high:.0f} %"


def _points_label(low: float, high: float) -> str:
    return f"{low:g} or more" if high >= 1 else f"{low:g} to {high:g}"


def _time_label(low: float, high: float | None) -> str:
    if not low:
        return f"under {_time(high or 0)}"
    return f"{_time(low)} or more" if high is None else f"{_time(low)} to {_time(high)}"


def _time(seconds: float) -> str:
    size, unit = next((size, unit) for size, unit in UNITS if seconds >= size or size == 1)
    return f"{seconds / size:g} {unit}"
