"""One unit's consensus as a page: its texts, who said what, and a researcher's decision."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods

from annotate.adjudicating import adjudicate, asked_of_unit, withdraw_adjudication
from annotate.campaigns import annotator_of
from annotate.consensus.rules import rules
from annotate.errors import AnnotateError, Invalid
from annotate.frames import Frames, Who
from annotate.kinds import Asked, kind
from annotate.kinds.controls import Shown
from annotate.models import Adjudication, Annotation, Assignment, Consensus, Unit
from annotate.options import option
from annotate.texts import completion_text
from annotate.views.request import SignedIn
from annotate.views.work_form import FormQuestion, form_questions, title_of
from annotate.views.work_page import build_work, names_of
from annotate.wording import in_words
from routing.access import unit_run

MOST_VOTES = 100


@dataclass(frozen=True, slots=True)
class Said:
    """What an annotator said; `counts` is the weight of his vote, or `why` it is none."""

    name: str
    is_judge: bool
    answer: str
    counts: float | None
    why: str


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def consensus_unit(request: SignedIn, slug: str, pk: int) -> HttpResponse:
    """The page; `?question=` names one of the unit's. A POST decides, or with `_do=withdraw` takes that back."""
    unit = unit_run(request.user, slug, pk)
    asked = _asked(unit, request.POST.get("_question") or request.GET.get("question"))
    if request.method != "POST":
        return _page(request, unit, asked)
    author, note = annotator_of(request.user), request.POST.get("_note", "")
    given: Any = None
    try:
        if request.POST.get("_do") == "withdraw":
            withdraw_adjudication(unit, asked.name, author, note)
            messages.success(request, "Taken back: the annotators’ votes count again.")
        else:
            given = kind(asked.kind).from_form(asked, request.POST)
            adjudicate(unit, asked.name, given, author, note)
            messages.success(request, "Decided. This answer counts from now on, above the annotators’ votes.")
    except AnnotateError as error:
        return _page(request, unit, asked, given, error)
    return redirect(reverse("consensus_unit", args=[slug, pk]) + "?" + urlencode({"question": asked.name}))


def _asked(unit: Unit, question: str | None) -> Asked:
    """The question, by default the first of the unit's that has a consensus."""
    names = [name for name, asks in Frames(unit.campaign).questions.items() if asks.view == unit.view_id]
    return replace(asked_of_unit(unit, question or next(iter(names), "")), when=None, required=True)


def _page(
    request: SignedIn, unit: Unit, asked: Asked, given: Any = None, error: AnnotateError | None = None
) -> HttpResponse:
    assignment = Assignment(campaign=unit.campaign, version=unit.campaign.current, unit=unit, shown=unit.keys)
    names, frames = names_of(assignment), Frames(unit.campaign)
    row = Consensus.objects.filter(unit=unit, question=asked.name).select_related("adjudication__author").first()
    history = list(Adjudication.objects.filter(unit=unit, question=asked.name).select_related("author").order_by("-pk"))
    context = {
        "campaign": unit.campaign,
        "tab": "quality",
        "part": "consensus",
        "unit": unit,
        "work": build_work(assignment, {}),
        "asked": asked,
        "title": title_of(asked),
        "others": [q for q in frames.questions.values() if q.view == unit.view_id and q.scale != "text"],
        "decidable": frames.questions[asked.name].scale != "text",
        "row": row,
        "rule": rules().get(row.rule) if row else None,
        "answer": in_words(asked, row.answer, names) if row and row.answer is not None else "",
        "votes": votes_on(unit, asked, names, frames),
        "question": _form(unit, asked, given if error else _standing(row), names, error),
        "history": [(each, in_words(asked, each.answer, names) if each.answer is not None else "") for each in history],
        "note": request.POST.get("_note", "") if error else "",
        "problem": error.fields.get("note", "") or ("" if isinstance(error, Invalid) else error.message)
        if error
        else "",
    }
    return render(request, "routing/consensus/unit.html", context, status=error.status if error else 200)


def _standing(row: Consensus | None) -> Any:
    """The decision that stands: the form begins with it, and never with the annotators' answer."""
    return row.answer if row and row.adjudication_id else None


def _form(unit: Unit, asked: Asked, given: Any, names: dict[str, str], error: AnnotateError | None) -> FormQuestion:
    by_key = {completion.key: completion for completion in unit.item.completions.all()}
    shown = [Shown(key, name, completion_text(by_key[key])) for key, name in names.items()]
    wrong = {asked.name: error.fields.get(asked.name) or error.fields.get("answer") or ""} if error else {}
    return form_questions([asked], {asked.name: given}, shown, wrong)[0]


def votes_on(unit: Unit, asked: Asked, names: dict[str, str], frames: Frames) -> Sequence[Said]:
    """What everybody said, the newest revision of each, and what it counts."""
    rows = Annotation.objects.filter(unit=unit).select_related("annotator", "assignment").order_by("round", "pk")
    everybody = option("consensus_of", unit.campaign.current.config) == "all"
    return [_said(row, asked, names, frames.annotators.get(row.annotator_id), everybody) for row in rows[:MOST_VOTES]]


def _said(row: Annotation, asked: Asked, names: dict[str, str], who: Who | None, everybody: bool) -> Said:
    given, weight = row.answers.get(asked.name), who.weight if who else 1.0
    why = ""
    if who and who.excluded:
        why = "excluded"
    elif row.annotator.is_judge and not everybody:
        why = "a judge; people count here"
    elif row.round and row.assignment.purpose:
        why = "answered once more"
    elif row.round:
        why = "a repeat" if row.annotator.is_judge else "a decision, or a repeat"
    elif given is None:
        why = "left it out"
    said = in_words(asked, given, names) if given is not None else ""
    return Said(row.annotator.name, row.annotator.is_judge, said, None if why else weight, why)
