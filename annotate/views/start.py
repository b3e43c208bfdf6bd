"""From a file to a campaign: the file first, and a campaign is proposed from it."""

import itertools
from pathlib import Path

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from annotate.campaigns import SLUG, create_campaign
from annotate.errors import Invalid, NotAllowed
from annotate.importing.choosing import Candidate
from annotate.importing.problems import RowProblem
from annotate.importing.readers.source import EXTENSIONS
from annotate.importing.rows import ItemRow
from annotate.models import Campaign, User
from annotate.views.campaign_spec import slug_of
from annotate.views.fields import Field
from annotate.views.import_choice import Choice, choose, fields
from annotate.views.imports import begin
from annotate.views.request import SignedIn
from annotate.views.starting_points import STARTING_POINTS, StartingPoint, from_file, proposed
from annotate.views.uploads import begun_as, discard, keep, waiting_for

LONGEST_NAME = 200


@login_required
@require_http_methods(["GET", "POST"])
def import_start(request: SignedIn) -> HttpResponse:
    _researchers_only(request.user)
    context = {"accepted": ",".join(EXTENSIONS)}
    if request.method == "GET":
        return render(request, "annotate/start.html", context)
    try:
        upload = keep(request, request.FILES.getlist("file"), "")
    except Invalid as error:
        return render(request, "annotate/start.html", context | {"problem": error.message}, status=422)
    return redirect("start_confirm", upload)


@login_required
@require_http_methods(["GET", "POST"])
def start_confirm(request: SignedIn, upload: str) -> HttpResponse:
    _researchers_only(request.user)
    if job := begun_as(request, upload):
        return redirect("import_job", job)
    candidates = waiting_for(request, upload, "")
    if "discard" in request.POST:
        discard(request, upload)
        return redirect("import_start")
    point, choice = _chosen(request, candidates)
    name = request.POST.get("name", name_of(choice.file.name)).strip()
    named = 1 <= len(name) <= LONGEST_NAME
    if "start" in request.POST and choice.tried.item and named:
        return begin(request, upload, choice, lambda: _create(request.user, name, point))
    context = {
        "choice": choice,
        "fields": fields(choice),
        "points": [*([held] if (held := from_file(choice.mapping, choice.options)) else []), *STARTING_POINTS.values()],
        "point": point,
        "name": Field("name", "Name of the campaign", value=name, error="" if named else "1 to 200 characters"),
    }
    template = "annotate/_import_choice.html" if request.htmx else "annotate/start_confirm.html"
    return render(request, template, context, status=422 if "start" in request.POST else 200)


def _researchers_only(user: User) -> None:
    if not user.is_researcher:
        raise NotAllowed("only researchers create campaigns")


def _chosen(request: SignedIn, candidates: list[Candidate]) -> tuple[StartingPoint, Choice]:
    """The questions asked for, or those that fit the file, with the choice they are asked of."""
    asked = request.POST.get("point", "")
    point = STARTING_POINTS.get(asked)
    choice = _choice(request, candidates, point or STARTING_POINTS["rate"])
    held = from_file(choice.mapping, choice.options)
    if held and (asked == held.name or not asked):
        return held, _choice(request, candidates, held)
    if point is not None:
        return point, choice
    options = choice.mapping.options
    fitting = proposed(max(choice.tried.completions, default=1))
    if "rating" in options:
        fitting = STARTING_POINTS["both" if "preference" in options else "rate"]
    return fitting, _choice(request, candidates, fitting)


def _choice(request: SignedIn, candidates: list[Candidate], point: StartingPoint) -> Choice:
    def check(number: int, item: ItemRow) -> None:
        if len(item.completions) < point.least:
            raise RowProblem("completions", f"“{point.label}” needs at least {point.least} completions per item")

    questions = [(question["name"], question["kind"]) for question in point.questions]
    return choose(candidates, request.POST, questions, check)


def name_of(file: str) -> str:
    """A campaign's name from a file's."""
    words = " ".join(Path(file).stem.replace("_", " ").replace("-", " ").split())
    return (words[:1].upper() + words[1:])[:LONGEST_NAME] or "New campaign"


def _create(user: User, name: str, point: StartingPoint) -> Campaign:
    slug = slug_of(name)[:70] or "campaign"
    taken = set(
        Campaign.objects.filter(organisation=user.organisation, slug__startswith=slug).values_list("slug", flat=True)
    )
    numbered = (f"{slug}-{n}" for n in itertools.count(2))
    free = next(s for s in itertools.chain([slug], numbered) if SLUG.fullmatch(s) and s not in taken)
    return create_campaign(user, {"slug": free, "name": name, "questions": list(point.questions), "overlap": 1})
