"""The charts of the page on models, from the stored report."""

from collections.abc import Mapping, Sequence
from typing import Any

from annotate.charts import Estimate, Forest, Matrix, Row, estimate

Figures = Mapping[str, Any]
BY = {"people": "people", "judges": "judges", "all": "people and judges"}
JUDGED = ("as judged", "at equal lengths")
DIFFERS = ("not told apart from the rest", "differs from the rest")
FLAGGED = ("within slips", "more than slips")


def strengths(board: Figures) -> Forest | None:
    """How each model would do against the average one."""
    ranked = [row for row in board["models"] if row["rank"] is not None]
    if not ranked:
        return None
    return Forest(
        id="strengths",
        title="Strength of the models",
        sentence="The share of decisive comparisons that a model would win against the average model, ties left "
        f"aside, by {BY[board['annotators']]}. A Bradley–Terry fit: whom a model happened to meet is allowed for.",
        rows=[Row(row["model"], estimate(row["beats_average"]), note=f"rank {_rank(row)}") for row in ranked],
        reference=0.5,
        reference_label="average model",
    )


def _rank(row: Figures) -> str:
    if not row["rank_interval"]:
        return str(row["rank"])
    low, high = row["rank_interval"]
    return f"{row['rank']}" if low == high else f"{row['rank']} ({low} to {high})"


def lengths(board: Figures) -> Forest | None:
    """Win rates as judged and at equal lengths, below each other."""
    if board["length"]["slope"] is None:
        return None
    rows = []
    for row in (row for row in board["models"] if row["controlled"]):
        note = "differ" if row["changes"] else ""
        rows.append(Row(row["model"], estimate(row["rate_among"]), 0, note))
        rows.append(Row(f"{row['model']}, equal lengths", estimate(row["controlled"]), 1, note))
    return Forest(
        id="lengths",
        title="Win rates, as judged and at equal lengths",
        sentence="The share of points (a tie is half a win) in a model's comparisons with others on the scale, and the "
        "share expected against the same opponents if both answers were equally long.",
        rows=rows,
        reference=0.5,
        reference_label="half",
        marks=JUDGED,
    )


def head_to_head(board: Figures) -> Matrix | None:
    found = board["head_to_head"]
    if len(found["models"]) < 2:
        return None
    return Matrix(
        id="head-to-head",
        title="Head to head",
        sentence="The share of points that the model of the row won against the model of the column, a tie being "
        "half a win; empty where they never met.",
        rows=found["models"],
        columns=found["models"],
        cells=[[_cell(cell) for cell in row] for row in found["cells"]],
        row_title="Model",
        column_title="Against",
        unit="percent",
        middle=0.5,
    )


def _cell(cell: Sequence[Any] | None) -> Estimate:
    if cell is None or cell[0] is None:
        return Estimate(None, why="never met")
    interval = None if cell[1] is None or cell[2] is None else (cell[1], cell[2])
    return Estimate(cell[0], interval, cell[3])


def slices(question: Figures, model: str) -> Forest | None:
    """One model's strength in each slice, where it differs first."""
    found = question["slices"]
    if not found or model not in found["models"]:
        return None
    place = found["models"].index(model)
    told = [(row, row["models"][place]) for row in found["rows"] if row["models"][place]]
    if not told:
        return None
    told.sort(key=lambda each: (not each[1][4], each[0]["by"], each[0]["slice"]))
    whole = found["whole"][place]
    value = whole[0] if whole else None
    return Forest(
        id="model-slices",
        title=f"{model} by slice",
        sentence="The share of decisive comparisons that it would win against the average model of these, fitted "
        f"in each slice alone, by {BY[found['annotators']]}.",
        rows=[Row(row["slice"], _cell(cell), int(cell[4]), f"{cell[3]:,} comparisons") for row, cell in told],
        reference=value,
        reference_label="all of them" if value is not None else "",
        marks=DIFFERS,
    )


def cycles(found: Figures) -> Forest | None:
    """The share of cycles of each annotator, and of the majority, beside what slips would make."""
    if found["why"]:
        return None
    rows = []
    for name in ("majority", "people", "judges"):
        if found[name] and found[name]["share"]["value"] is not None:
            label = f"majority of {found[name]['of']}" if name == "majority" else f"all {name}"
            rows.append(_circles(label, found[name]))
    for row in found["annotators"]:
        rows.append(_circles(f"{row['name']} (judge)" if row["is_judge"] else row["name"], row))
    return Forest(
        id="cycles-chart",
        title="Triples that go round in a circle",
        sentence="Of three completions compared in all three pairs, each decisively: how often a is over b, b over c, "
        "and yet c over a. Guessing makes one in four.",
        rows=rows,
        span=(0.0, 1.0),
        reference=0.25,
        reference_label="guessing",
        marks=FLAGGED,
    )


def _circles(label: str, found: Figures) -> Row:
    note = f"slips alone: {100 * found['expected']:.0f} % or less"
    if found["p"] is not None:
        note += f"; p {'< 0.001' if found['p'] < 0.001 else format(found['p'], '.3f')}"
    return Row(label, estimate(found["share"]), int(found["more_than_slips"]), note)
