"""Which model is better, as a page for researchers: strengths, lengths, head-to-heads, slices and cycles."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from annotate.access import campaign_run
from annotate.asking_again import MOST_AT_ONCE, ask_again
from annotate.errors import AnnotateError
from annotate.models import Completion
from annotate.views.request import SignedIn
from routing.leaderboard.words import names, no_strengths
from routing.views import leaderboard_charts as charts
from routing.views.ages import answer, report_and_age

NOTHING: Mapping[str, Any] = {"questions": [], "headline": []}
FEW = 10
DOUBTFUL = 0.05
BOARDS = {"people": "People", "judges": "Judges", "all": "People and judges"}
LEFT_OUT = {
    "no_model": "where a completion names no model",
    "same_model": "of a model with itself",
    "later_rounds": "given again by the same annotator",
    "other_models": "with models beyond the 50 most compared",
}


@login_required
@require_safe
def leaderboard(request: SignedIn, slug: str) -> HttpResponse:
    """The page. To htmx: how old the report is, with the report where it is a newer one."""
    campaign = campaign_run(request.user, slug)
    found, age = report_and_age(request, campaign, "leaderboard")
    asked = [each for each in (found or NOTHING)["questions"] if each["boards"] or not each["cycles"]["why"]]
    question = _chosen(asked, "question", request.GET.get("question"))
    board = _chosen(question["boards"], "annotators", request.GET.get("annotators")) if question else None
    context = {
        **age,
        "questions": [_link(each["title"], each is question, question=each["question"]) for each in asked],
        "question": question,
        "board": _board(board) if board else None,
        "boards": _boards(question, board) if question else [],
        "charts": _charts(board) if board else {},
        "slices": _slices(question, board, request.GET.get("model")) if board and question else None,
        "cycles": question["cycles"] if question else None,
        "cycles_chart": charts.cycles(question["cycles"]) if question else None,
        "can_ask": campaign.state != campaign.State.CLOSED,
        "left_out": _left_out(question) if question else [],
        "compares": bool(found and found["questions"]),
        "named": question is None and Completion.objects.filter(item__campaign=campaign, model__gt="").exists(),
    }
    return answer(request, "routing/leaderboard/leaderboard.html", "routing/leaderboard/_body.html", context)


def _chosen(rows: Sequence[Any], key: str, wanted: str | None) -> Any:
    return next((each for each in rows if each[key] == wanted), rows[0] if rows else None)


def _link(title: str, chosen: bool, **query: str) -> dict[str, Any]:
    return {"title": title, "chosen": chosen, "query": urlencode(query)}


def _boards(question: Mapping[str, Any], board: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    return [
        _link(BOARDS[each["annotators"]], each is board, question=question["question"], annotators=each["annotators"])
        for each in question["boards"]
    ]


def _board(board: Mapping[str, Any]) -> dict[str, Any]:
    """A board with its sentences."""
    ranked = [row for row in board["models"] if row["rank"] is not None]
    alone = [row for row in board["models"] if row["rank"] is None]
    first = [row["model"] for row in ranked if row["rank_interval"] and row["rank_interval"][0] == 1]
    return {
        **board,
        "models": [{**row, "change_text": _points(row["change"])} for row in board["models"]],
        "alone": alone,
        "best": ranked[0] if ranked else None,
        "unbeaten": names(board["connected"]["unbeaten"]),
        "length_says": _length_says(board["length"]),
        "level_with": names([name for name in first if name != ranked[0]["model"]]) if ranked else "",
        "none": "" if ranked else no_strengths(board),
        "few": board["n"] < FEW,
        "needed": [{"model": one, "against": two} for one, two in board["connected"]["needed"]],
        "changed": names([row["model"] for row in board["models"] if row["changes"]]),
        "real_rings": [ring for ring in board["rings"]["found"] if ring["real"]],
    }


def _length_says(length: Mapping[str, Any]) -> str:
    """The heading of the section on length."""
    if length["slope"] is None:
        return "Length cannot be held equal"
    which = "Longer" if length["slope"]["value"] > 0 else "Shorter"
    if length["is_biased"]:
        return f"{which} answers win beyond what the models explain"
    if length["p"] is not None and length["p"] < DOUBTFUL:
        return f"{which} answers may win beyond what the models explain"
    return "No sign that length decides"


def _points(change: Mapping[str, Any] | None) -> str:
    """A difference of shares in percentage points: "+3.1", "−0.4"."""
    return f"{100 * change['value']:+.1f}".replace("-", "\u2212") if change and change["value"] is not None else ""


def _charts(board: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "strengths": charts.strengths(board),
        "lengths": charts.lengths(board),
        "head_to_head": charts.head_to_head(board),
    }


def _slices(question: Mapping[str, Any], board: Mapping[str, Any], wanted: str | None) -> dict[str, Any] | None:
    """The slices of one model, with links to the other models and how many slices differ for each."""
    found = question["slices"]
    if not found or not found["rows"]:
        return None
    models = [name for name, cell in zip(found["models"], found["whole"], strict=True) if cell]
    models.sort(key=lambda name: -found["whole"][found["models"].index(name)][0])
    model: str = wanted if wanted and wanted in models else (models[0] if models else "")
    query = {"question": question["question"], "annotators": board["annotators"]}
    links = [{**_link(name, name == model, **query, model=name), "differ": _differing(found, name)} for name in models]
    return {**found, "chart": charts.slices(question, model), "links": links, "model": model}


def _differing(found: Mapping[str, Any], model: str) -> int:
    place = found["models"].index(model)
    return sum(bool(row["models"][place] and row["models"][place][4]) for row in found["rows"])


def _left_out(question: Mapping[str, Any]) -> list[tuple[int, str]]:
    return [(question["left_out"][name], why) for name, why in LEFT_OUT.items() if question["left_out"][name]]


@login_required
@require_POST
def leaderboard_ask_again(request: SignedIn, slug: str) -> HttpResponse:
    """Asks one more person about each chosen pair of a cycle."""
    campaign = campaign_run(request.user, slug)
    units = [int(each) for each in request.POST.getlist("unit") if each.isdecimal() and len(each) < 20][:MOST_AT_ONCE]
    try:
        asked = ask_again(campaign, units, "others", by=request.user)
    except AnnotateError as error:
        messages.error(request, str(error))
    else:
        text = f"{asked.made} of {len(set(units))} will be asked once more, before anything else that waits."
        reasons = sorted(set(asked.left_out.values()))
        messages.success(request, f"{text} Left out: {'; '.join(reasons)}." if reasons else text)
    query = urlencode({"question": request.POST.get("question", "")})
    answered = redirect("leaderboard", slug)
    answered["Location"] += f"?{query}#cycles"
    return answered
