"""One annotator: every signal with what it means, his answers that others contradict, and what is decided about him."""

from collections.abc import Mapping, Sequence
from statistics import median
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from annotate.access import campaign_run
from annotate.campaigns import annotator_of
from annotate.errors import AnnotateError
from annotate.models import Annotator, Campaign
from annotate.standing import LONGEST_NOTE, MOST_WEIGHT, annotator_in, standing_of
from annotate.views.request import SignedIn, came_from
from routing.annotators.deciding import decide
from routing.annotators.report import NOTHING
from routing.annotators.words import SIGNS, sentence, written
from routing.models import Judge, Report
from routing.views.ages import age
from routing.views.annotators_charts import by_question, confusion, over_time

Row = Mapping[str, Any]
DONE = {
    "pause": "is paused: nothing more is given to this annotator, and what was held goes to others.",
    "resume": "may go on.",
    "exclude": "is excluded: these answers count in no report. They stay in the campaign.",
    "include": "counts again.",
    "weigh": "has a new weight in consensus and on the leaderboard.",
}


@login_required
@require_safe
def annotator(request: SignedIn, slug: str, pk: int) -> HttpResponse:
    campaign = campaign_run(request.user, slug)
    return _page(request, campaign, annotator_in(campaign, pk))


@login_required
@require_POST
def annotator_standing(request: SignedIn, slug: str, pk: int) -> HttpResponse:
    """Pauses, resumes, excludes, includes or weighs him; goes back to the page that the form names."""
    campaign = campaign_run(request.user, slug)
    found = annotator_in(campaign, pk)
    try:
        decide(campaign, found, annotator_of(request.user), _sent(request))
    except AnnotateError as error:
        return _page(request, campaign, found, problem=error)
    messages.success(request, f"{found.name} {DONE[request.POST['action']]} The reports follow by themselves.")
    return redirect(came_from(request) or reverse("annotator", args=[slug, pk]))


def _sent(request: HttpRequest) -> dict[str, Any]:
    sent: dict[str, Any] = {"action": request.POST.get("action"), "note": request.POST.get("note", "")}
    if sent["action"] == "weigh":
        sent["weight"] = _number(request.POST.get("weight", ""))
    if sent["action"] == "exclude":
        sent["ask_others"] = request.POST.get("ask_others") == "on"
    return sent


def _number(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text


def _page(
    request: SignedIn, campaign: Campaign, found: Annotator, problem: AnnotateError | None = None
) -> HttpResponse:
    rows, computed = _stored(campaign, "annotators", "annotators"), _stored(campaign, "annotators", "computed_at")
    row = next((each for each in rows or () if each["id"] == found.pk), None)
    details = _stored(campaign, "annotator_details", f"of__{found.pk}") or {}
    context = {
        **age(request, campaign, "annotators", computed),
        "annotator": found,
        "row": row,
        "lines": lines(row, rows or NOTHING["annotators"]) if row else [],
        "standing": standing_of(campaign, found),
        "problem": problem,
        "judge": Judge.objects.filter(annotator=found, campaign=campaign).first() if found.is_judge else None,
        "over_time": over_time(details.get("over_time", ())),
        "confusions": [confusion(n, each) for n, each in enumerate(details.get("confusions", ()))],
        "questions": by_question(details.get("questions", ())),
        "deviant": details.get("deviant", ()),
        "limits": {"note": LONGEST_NOTE, "weight": MOST_WEIGHT},
        "note": request.POST.get("note", "") if problem else "",
    }
    return render(request, "routing/annotators/annotator.html", context, status=problem.status if problem else 200)


def _stored(campaign: Campaign, name: str, path: str) -> Any:
    """A part of a stored report: the database looks for it, since the whole is long."""
    return Report.objects.filter(campaign=campaign, name=name).values_list(f"data__{path}", flat=True).first()


def lines(row: Row, rows: Sequence[Row]) -> list[dict[str, Any]]:
    """His signals in words, the flagged ones first, each beside the median of the others in his group."""
    found = []
    for name in sorted(row["signals"], key=lambda name: (name not in row["flags"], list(SIGNS).index(name))):
        others = [
            each["signals"][name]["value"]
            for each in rows
            if name in each["signals"] and (each["is_judge"], each["excluded"]) == (row["is_judge"], False)
            if each["id"] != row["id"]
        ]
        found.append(
            {
                "title": SIGNS[name].title,
                "sentence": sentence(name, row["signals"][name]),
                "value": written(row["signals"][name]["value"], SIGNS[name].unit),
                "others": written(median(others), SIGNS[name].unit) if others else "–",
                "flagged": name in row["flags"],
            }
        )
    return found
