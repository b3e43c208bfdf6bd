"""The form that makes a campaign, and a new version of one."""

from collections.abc import Mapping

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from annotate.access import campaign_run
from annotate.campaigns import create_campaign, revise_campaign
from annotate.errors import Exists, Invalid, NotAllowed, WrongState
from annotate.models import Campaign
from annotate.views.campaign_spec import (
    OPTIONS,
    WHO,
    Spec,
    definition_of,
    new_spec,
    problems_of,
    read_spec,
    revision_of,
    spec_of,
)
from annotate.views.fields import Field
from annotate.views.page_options import option_fields
from annotate.views.question_cards import cards, last_focused
from annotate.views.request import SignedIn
from annotate.views.starting_points import STARTING_POINTS
from annotate.views.study_options import PARTS

STUDY = tuple(PARTS)
PLACED = ("name", "slug", "overlap", "guidelines")


@login_required
@require_http_methods(["GET", "POST"])
def campaign_new(request: SignedIn) -> HttpResponse:
    if not request.user.is_researcher:
        raise NotAllowed("only researchers create campaigns")
    if request.method == "GET":
        return _form(request, new_spec(request.GET.get("start", "")))
    spec = read_spec(request.POST)
    if "save" not in request.POST:
        return _form(request, spec)
    if problems := problems_of(spec):
        return _form(request, spec, problems, status=422)
    try:
        campaign = create_campaign(request.user, definition_of(spec))
    except (Invalid, Exists) as error:
        return _form(request, spec, error.fields or {"": error.message}, status=error.status)
    messages.success(request, f"{campaign.name} is a draft now. Import items next.")
    return redirect("campaign", campaign.slug)


@login_required
@require_http_methods(["GET", "POST"])
def campaign_edit(request: SignedIn, slug: str) -> HttpResponse:
    campaign = campaign_run(request.user, slug)
    if request.method == "GET":
        return _form(request, spec_of(campaign), campaign=campaign)
    spec = read_spec(request.POST) | {"slug": campaign.slug}
    if "save" not in request.POST:
        return _form(request, spec, campaign=campaign)
    try:
        version = revise_campaign(campaign, revision_of(campaign, spec))
    except (Invalid, WrongState) as error:
        return _form(request, spec, error.fields or {"": error.message}, campaign, error.status)
    messages.success(request, f"Saved as version {version.number}. Work in progress keeps the version it started with.")
    return redirect("campaign", campaign.slug)


def _form(
    request: SignedIn,
    spec: Spec,
    problems: Mapping[str, str] | None = None,
    campaign: Campaign | None = None,
    status: int = 200,
) -> HttpResponse:
    """The whole page, or the questions alone for htmx."""
    problems = problems or {}
    fixed = campaign is not None and campaign.items.exists()
    shows = [view.shows for view in campaign.views.all()] if campaign and fixed else []
    shown = cards(spec["questions"], problems, shows)
    context = {
        "campaign": campaign,
        "fields": _fields(spec, problems, campaign, fixed),
        "options": option_fields(spec, problems, fixed),
        "options_wrong": any(path.startswith(OPTIONS) and not path.startswith(STUDY) for path in problems),
        "study_wrong": any(path.startswith(STUDY) for path in problems),
        "cards": last_focused(shown) if "add_question" in request.POST else shown,
        "points": STARTING_POINTS.values(),
        "fixed": fixed,
        "problems": problems,
        "general": [text for path, text in problems.items() if not path.startswith((*PLACED, *OPTIONS, "questions"))],
        "questions_problem": problems.get("questions", ""),
        "tab": "overview",
    }
    template = "annotate/_questions.html" if request.htmx else "annotate/campaign_form.html"
    return render(request, template, context, status=status)


def _fields(spec: Spec, problems: Mapping[str, str], campaign: Campaign | None, fixed: bool) -> dict[str, Field]:
    def field(name: str, label: str, widget: str = "text", hint: str = "", **more: object) -> Field:
        return Field(name, label, widget, spec[name], hint, problems.get(name, ""), **more)  # type: ignore[arg-type]

    slug_hint = "In addresses and in the API; it " + ("stays." if campaign else "is made from the name.")
    return {
        "name": field("name", "Name", required=True),
        "slug": field("slug", "Short name", hint=slug_hint, locked=bool(campaign)),
        "who": field("who", "Who answers", "radio", choices=WHO),
        "overlap": field(
            "overlap",
            "Answers wanted from people",
            "number",
            "How many different people answer each question about the same completions.",
            locked=fixed,
        ),
        "guidelines": field(
            "guidelines", "Guidelines", "area", "Annotators can open them while they work. Markdown.", rows=8
        ),
    }
