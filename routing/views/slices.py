"""Where the labels are worse than elsewhere: a question's slices against the rest, in one measure at a time."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from annotate.access import campaign_run
from annotate.chart_tables import written
from annotate.charts import Forest, Row, Unit, estimate
from annotate.models import Item
from annotate.views.request import SignedIn
from routing.slices import NOTHING
from routing.views.ages import answer, report_and_age

MARKS = ("not told apart from the rest", "differs from the rest")


@login_required
@require_safe
def slices(request: SignedIn, slug: str) -> HttpResponse:
    """The page. To htmx: how old the report is, with the report where it is a newer one."""
    campaign = campaign_run(request.user, slug)
    found, age = report_and_age(request, campaign, "slices")
    report = found or NOTHING
    question = _named(report["questions"], request.GET.get("question"))
    measure = _named(question["measures"], request.GET.get("measure")) if question else None
    context = {
        **age,
        "report": report,
        "questions": [_link(each, question, {"question": each["name"]}) for each in report["questions"]],
        "question": question,
        "measures": _measures(question, measure) if question else [],
        "measure": measure,
        "chart": forest(question, measure) if question and measure and measure["slices"] else None,
        "discovered": discovered(question, measure) if question and measure else [],
        "metadata": found is None or Item.objects.filter(campaign=campaign).exclude(metadata={}).exists(),
    }
    return answer(request, "routing/slices/slices.html", "routing/slices/_slices.html", context)


def _named(all_: Sequence[Mapping[str, Any]], name: str | None) -> Mapping[str, Any] | None:
    """The one of this name, else the first."""
    return next((each for each in all_ if each["name"] == name), all_[0] if all_ else None)


def _measures(question: Mapping[str, Any], chosen: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    return [
        _link(each, chosen, {"question": question["name"], "measure": each["name"]}) for each in question["measures"]
    ]


def _link(each: Mapping[str, Any], chosen: Mapping[str, Any] | None, query: Mapping[str, str]) -> dict[str, Any]:
    """What chooses a question or a measure, with how many discoveries are behind it."""
    cells = (
        [cell for measure in each["measures"] for cell in measure["slices"]] if "measures" in each else each["slices"]
    )
    return {
        "title": each["title"],
        "query": urlencode(query),
        "chosen": each is chosen,
        "discoveries": sum(cell["different"] for cell in cells),
    }


def forest(question: Mapping[str, Any], measure: Mapping[str, Any]) -> Forest:
    """The slices with their intervals, discoveries first, then by what they are cut by."""
    names, unit = question["slices"], measure["unit"]
    cells = sorted(measure["slices"], key=lambda cell: (not cell["different"], _rank(cell), cell["slice"]))
    rows = [
        Row(names[cell["slice"]]["key"], estimate(cell["inside"]), int(cell["different"]), _note(cell, unit))
        for cell in cells
    ]
    whole = measure["whole"]["value"]
    return Forest(
        id="slices-chart",
        title=f"{measure['title']} by slice",
        sentence=f"Each row is {measure['sentence']}, in one slice, with its 95 % interval; the line is all of "
        f"{question['title']}: {written(whole, unit)}.",
        rows=rows,
        unit=unit,
        reference=whole,
        reference_label="all",
        marks=MARKS,
    )


def _rank(cell: Mapping[str, Any]) -> float:
    """Discoveries by the size of their difference."""
    return -abs(cell["difference"]["value"]) if cell["different"] else 0.0


def _note(cell: Mapping[str, Any], unit: Unit) -> str:
    found = cell["difference"]
    if found["value"] is None or cell["p"] is None:
        return str(found["method"])
    return f"{against(found, unit)} against the rest; adjusted p {cell['adjusted']:.2g}"


def against(found: Mapping[str, Any], unit: Unit) -> str:
    """A difference with its interval: "−21.8 points (−22.9 to −20.6)"."""
    scale, word = (100, " points") if unit == "percent" else (1, "")
    texts = [_signed(scale * number, unit) for number in (found["value"], *found["interval"])]
    return f"{texts[0]}{word} ({texts[1]} to {texts[2]})"


def _signed(number: float, unit: Unit) -> str:
    return f"{number:+.{1 if unit == 'percent' else 2}f}".replace("-", "\u2212")


def discovered(question: Mapping[str, Any], measure: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The slices that are called different, the largest difference first."""
    unit = measure["unit"]
    cells = sorted((cell for cell in measure["slices"] if cell["different"]), key=_rank)
    return [
        {
            "key": question["slices"][cell["slice"]]["key"],
            "inside": written(cell["inside"]["value"], unit),
            "n": cell["inside"]["n"],
            "against": against(cell["difference"], unit),
            "adjusted": "< 0.001" if cell["adjusted"] < 0.001 else f"{cell['adjusted']:.3f}",
        }
        for cell in cells
    ]
