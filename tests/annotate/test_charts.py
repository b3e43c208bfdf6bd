"""What `{% chart found %}` writes: every number in a table, the data for the script, nothing hostile let through."""

import json
import re

import pytest
from django.template import Context, Template

from annotate.chart_tables import data, interval, table, written
from annotate.charts import Chart, Estimate, Forest, Lines, Matrix, Row, Series, Stack, estimate

HOSTILE = "</script><script>alert(1)</script>\"'<b>"
SURE = Estimate(0.564, (0.44, 0.68), 1203)
NONE = Estimate(None, None, 0, "nobody answered twice")


def shown(chart: Chart | None) -> str:
    return Template("{% load charts %}{% chart found %}").render(Context({"found": chart}))


def texts(html: str) -> list[list[str]]:
    """The cells of the table, row by row, as they are read."""
    rows = re.findall(r"<tr>(.*?)</tr>", html, re.S)
    return [
        [
            " ".join(re.sub(r"<[^>]+>", " ", cell).split())
            for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.S)
        ]
        for row in rows
    ]


def stored(html: str) -> dict[str, object]:
    found = re.search(r'<script id="[^"]+" type="application/json">(.*?)</script>', html, re.S)
    assert found
    parsed: dict[str, object] = json.loads(found[1])
    return parsed


FOREST = Forest(
    "agree",
    "Agreement",
    "What it means.",
    rows=[
        Row("ada", SURE, href="/ada/"),
        Row("bo", Estimate(0.5, None, 4), mark=1, note="started today"),
        Row("cy", NONE),
    ],
    reference=0.5,
    reference_label="Chance",
    marks=["people", "judges"],
)
MATRIX = Matrix(
    "kappa",
    "Kappa",
    "Of each two.",
    rows=["ada", "bo"],
    columns=["ada", "bo"],
    cells=[[NONE, Estimate(-0.126, (-0.5, 0.25), 30)], [Estimate(1.0, None, 9), NONE]],
    row_title="Annotator",
    column_title="Other annotator",
    middle=0.0,
)
STACK = Stack(
    "parts",
    "Where they part",
    "All pairs.",
    parts=["agree", "contradict"],
    rows=["people", "judges"],
    shares=[[0.75, 0.25], [1.0, 0.0]],
    n=[1600, 12],
)
LINES = Lines(
    "time",
    "Over time",
    "By day.",
    series=[Series("people", [(0.0, SURE), (86400.0, NONE)])],
    x_title="Day",
    time=True,
    guides=[(0.5, "Chance")],
)


def test_a_forest_has_every_number_in_its_table() -> None:
    html = shown(FOREST)
    assert texts(html) == [
        ["", "Kind", "Value", "95 % interval", "n", "Note"],
        ["ada", "people", "56.4 %", "44.0 to 68.0 %", "1,203", ""],
        ["bo", "judges", "50.0 %", "–", "4 fewer than 10", "started today"],
        ["cy", "people", "– nobody answered twice", "–", "–", ""],
    ]
    assert "Chance: 50.0\u00a0%." in html
    assert '<a href="/ada/">ada</a>' in html


def test_a_matrix_is_a_table_of_rows_and_columns() -> None:
    html = shown(MATRIX)
    assert texts(html) == [
        ["Annotator", "ada", "bo"],
        ["ada", "– nobody answered twice", "−0.13 −0.50 to 0.25, n 30"],
        ["bo", "1.00 n 9", "– nobody answered twice"],
    ]
    assert html.count('scope="row"') == 2
    assert html.count('scope="col"') == 3


def test_a_stack_says_its_shares_and_n() -> None:
    assert texts(shown(STACK)) == [
        ["", "agree", "contradict", "n"],
        ["people", "75.0 %", "25.0 %", "1,600"],
        ["judges", "100.0 %", "0.0 %", "12"],
    ]


def test_lines_say_where_and_when() -> None:
    html = shown(LINES)
    assert texts(html) == [
        ["", "Day", "Value", "95 % interval", "n"],
        ["people", "1970-01-01 00:00", "56.4 %", "44.0 to 68.0 %", "1,203"],
        ["people", "1970-01-02 00:00", "– nobody answered twice", "–", "–"],
    ]
    assert "Chance: 50.0\u00a0%." in html


@pytest.mark.parametrize("chart", [FOREST, MATRIX, STACK, LINES])
def test_a_figure_says_what_it_shows_and_what_it_means(chart: Chart) -> None:
    html = shown(chart)
    assert f'id="{chart.id}"' in html
    assert f'aria-label="{chart.title}. {chart.sentence} ' in html
    assert "needs JavaScript" in html
    assert re.findall(r'data-save="(\w+)"', html) == ["png", "svg", "csv"]
    assert "style=" not in html  # the content security policy would refuse it
    assert stored(html) == json.loads(json.dumps(data(chart)))


def test_the_data_hold_numbers_as_they_are() -> None:
    found = data(FOREST)
    assert [row["estimate"] for row in found["rows"]] == [
        [0.564, 0.44, 0.68, 1203, ""],
        [0.5, None, None, 4, ""],
        [None, None, None, 0, "nobody answered twice"],
    ]
    assert (found["type"], found["reference"], found["marks"]) == ("forest", 0.5, ["people", "judges"])


def test_hostile_labels_are_only_text() -> None:
    chart = Forest(
        "f", HOSTILE, HOSTILE, rows=[Row(HOSTILE, SURE, note=HOSTILE)], marks=[HOSTILE], reference_label=HOSTILE
    )
    html = shown(chart)
    assert html.count("<script") == html.count("</script>") == 1
    assert "<b>" not in html
    assert stored(html)["title"] == HOSTILE


@pytest.mark.parametrize(
    "chart", [Forest("e", "T", "S."), Matrix("e", "T", "S."), Stack("e", "T", "S."), Lines("e", "T", "S.")]
)
def test_a_chart_without_anything_to_draw_says_so(chart: Chart) -> None:
    html = shown(chart)
    assert "There is nothing to draw yet." in html
    assert "data-chart" not in html
    assert "<table" not in html


def test_no_chart_is_nothing() -> None:
    assert shown(None).strip() == ""


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_a_number_that_json_cannot_say_is_refused(number: float) -> None:
    with pytest.raises(ValueError, match="the chart 'f' holds"):
        data(Forest("f", "", "", rows=[Row("a", Estimate(number, None, 3))]))


def test_an_unknown_chart_is_refused() -> None:
    with pytest.raises(TypeError, match="Chart is no chart that can be drawn"):
        table(Chart("c", "", ""))


def test_rows_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match="zip"):
        table(Stack("s", "", "", parts=["a"], rows=["x", "y"], shares=[[1.0]], n=[3]))


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (0.5641, "percent", "56.4\u00a0%"),
        (-0.0004, "percent", "0.0\u00a0%"),
        (-0.126, "number", "−0.13"),
        (0.0, "number", "0.00"),
        (0.00123, "number", "0.00"),
        (-0.0007, "number", "0.00"),
        (12.34, "number", "12.3"),
        (1034.4, "number", "1,034"),
        (None, "number", "–"),
    ],
)
def test_how_values_are_written(value: float | None, unit: str, text: str) -> None:
    assert written(value, unit) == text  # type: ignore[arg-type]


def test_an_interval_says_its_unit_once() -> None:
    assert interval(SURE, "percent") == "44.0 to 68.0\u00a0%"
    assert interval(Estimate(-1.0, (-1.5, -0.5), 9), "number") == "−1.50 to −0.50"


def test_a_stored_figure_becomes_an_estimate() -> None:
    figure = {"value": 0.5, "interval": [0.4, 0.6], "n": 40, "clusters": 12, "method": "bootstrap"}
    assert estimate(figure) == Estimate(0.5, (0.4, 0.6), 40)
    assert estimate({"value": None, "interval": None, "n": 0, "clusters": 0, "method": "no pairs"}) == Estimate(
        None, None, 0, "no pairs"
    )
    assert estimate(None) == Estimate(None)
