"""The application with one more page, which holds a chart of each kind and swaps one in by htmx."""

from django.http import HttpRequest, HttpResponse
from django.template import Context, Template
from django.urls import path

from annotate.charts import Chart, Estimate, Forest, Lines, Matrix, Row, Series, Stack
from config.urls import urlpatterns as ours

LONG = "an annotator whose name is far too long for any phone that was ever made"
RISKY = '=HYPERLINK("http://example.org")'
SURE = Estimate(0.564, (0.44, 0.68), 1203)
NONE = Estimate(None, None, 0, "no overlap")
NAMES = [f"annotator {i}" for i in range(12)]

CHARTS: dict[str, Chart] = {
    "forest": Forest(
        "forest",
        "Agreement with the rest",
        "Share of answers on which each says what the others say.",
        rows=[Row(LONG, SURE), Row(RISKY, Estimate(0.9, (0.5, 1.0), 4), mark=1), Row("nobody", NONE)],
        span=(0.3, 0.8),
        reference=0.5,
        reference_label="chance",
        marks=["people", "judges"],
    ),
    "matrix": Matrix(
        "matrix",
        "Kappa of each two",
        "Agreement beyond chance.",
        rows=NAMES,
        columns=NAMES,
        cells=[[NONE if i == j else Estimate(i / 12 - 0.4, (-0.5, 0.6), 30) for j in range(12)] for i in range(12)],
        row_title="Annotator",
        span=(-1.0, 1.0),
        middle=0.0,
    ),
    "stack": Stack(
        "stack",
        "Where they part",
        "The shares add up to all pairs.",
        parts=["agree", "both equal", "contradict"],
        rows=["people", "judges"],
        shares=[[0.5, 0.2, 0.3], [1.0, 0.0, 0.0]],
        n=[400, 12],
    ),
    "lines": Lines(
        "lines",
        "Over time",
        "Agreement by week.",
        series=[Series("people", [(1.79e9 + 604800 * i, SURE) for i in range(6)])],
        y_title="Agreement",
        time=True,
        guides=[(0.5, "chance")],
    ),
}
PAGE = Template(
    """{% extends "base.html" %}{% load charts %}{% block scripts %}{% include "charts/_assets.html" %}{% endblock %}
    {% block content %}<h1>Charts</h1>{% for each in charts %}{% chart each %}{% endfor %}
    <button class="button" hx-get="/charted/later/" hx-target="#place">More</button><div id="place"></div>
    <div id="beside"></div>{% endblock %}"""
)
LATER = Template("{% load charts %}{% chart here %}<div id='beside' hx-swap-oob='true'>{% chart beside %}</div>")


def charted(request: HttpRequest) -> HttpResponse:
    return HttpResponse(PAGE.render(Context({"charts": CHARTS.values(), "request": request})))


def later(request: HttpRequest) -> HttpResponse:
    stack = Stack("later", "Later", "Swapped in.", parts=["all"], rows=["people"], shares=[[1.0]], n=[10])
    forest = Forest("beside-it", "Beside", "Swapped in, out of band.", rows=[Row("ada", SURE)])
    return HttpResponse(LATER.render(Context({"here": stack, "beside": forest})))


urlpatterns = [path("charted/", charted), path("charted/later/", later), *ours]
