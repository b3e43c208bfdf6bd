"""A campaign's definition as JSON, out of the campaign form and out of the database."""

from typing import Any

from django.conf import settings
from django.http import QueryDict
from django.utils.text import slugify

from annotate.api.payloads import campaign_payload
from annotate.models import Campaign
from annotate.options import DEFAULTS
from annotate.views.page_options import NUMBER_DEFAULTS, read_options
from annotate.views.question_cards import read_cards
from annotate.views.starting_points import STARTING_POINTS

WHO = (
    ("people", "People"),
    ("judge", "The local judge (SmolLM2)"),
    ("both", "People and the local judge"),
)
OPTIONS = (*DEFAULTS, *NUMBER_DEFAULTS)
Spec = dict[str, Any]


def new_spec(start: str = "compare") -> Spec:
    """What the form for a new campaign begins with."""
    questions = STARTING_POINTS.get(start, STARTING_POINTS["compare"]).questions
    return {"name": "", "slug": "", "who": "people", "overlap": 1, "guidelines": "", "questions": list(questions)}


def read_spec(form: QueryDict) -> Spec:
    """The definition in a submitted form, after the button that was pressed; `who` says who answers."""
    name, slug = form.get("name", "").strip(), form.get("slug", "").strip()
    start = STARTING_POINTS.get(form.get("start", ""))
    who = form.get("who", "people")
    return {
        "name": name,
        "slug": slug or slug_of(name),
        "who": who,
        "overlap": 0 if who == "judge" else _whole(form.get("overlap", "")),
        "guidelines": form.get("guidelines", "").replace("\r\n", "\n"),
        "questions": [dict(q) for q in start.questions] if start else read_cards(form),
    } | read_options(form)


def slug_of(name: str) -> str:
    """The name as a slug; empty where it has no Latin letters or digits."""
    return slugify(name).strip("-_")[:80]


def definition_of(spec: Spec) -> Spec:
    """What `create_campaign` takes."""
    judges = {"judges": [settings.DEFAULT_JUDGE]} if spec["who"] in ("judge", "both") else {}
    return {key: value for key, value in spec.items() if key != "who" and value is not None} | judges


def problems_of(spec: Spec) -> dict[str, str]:
    """What the form asks beyond the definition."""
    if spec["who"] != "judge" and spec["overlap"] == 0:
        return {"overlap": "must be at least 1 where people answer"}
    return {}


def spec_of(campaign: Campaign) -> Spec:
    """The campaign's current definition."""
    shown = campaign_payload(campaign)
    questions = [
        {key: question[key] for key in ("name", "kind", "title", "shows", "config", "required", "view", "when")}
        for question in shown["questions"]
    ]
    return {
        "name": campaign.name,
        "slug": campaign.slug,
        "who": "judge" if shown["overlap"] == 0 else "people",
        "overlap": shown["overlap"],
        "guidelines": shown["guidelines"],
        "questions": questions,
    } | {key: shown[key] for key in OPTIONS if key in shown}


def revision_of(campaign: Campaign, spec: Spec) -> Spec:
    """What `revise_campaign` takes: the form's definition, with what the form does not show as it was."""
    views = {view.name: view for view in campaign.views.all()}
    questions = []
    for question in spec["questions"]:
        view = views.get(question.get("view", ""))
        moved = view is None or view.shows != question["shows"]
        questions.append({k: v for k, v in question.items() if k != "view"} if moved else question)
    options = {**campaign.current.config, **spec}
    return {
        "name": spec["name"],
        "overlap": spec["overlap"],
        "guidelines": spec["guidelines"],
        "questions": questions,
        "views": [{"name": v.name, "shows": v.shows} | ({"pairs": v.pairs} if v.pairs else {}) for v in views.values()],
    } | {key: options[key] for key in OPTIONS if key in options and _said(key, options[key], campaign)}


def _said(name: str, value: Any, campaign: Campaign) -> bool:
    """Whether an option belongs into the definition: what was never said and has its default stays unsaid."""
    return name in campaign.current.config or name not in DEFAULTS or value != DEFAULTS[name]


def _whole(value: str) -> Any:
    return int(value) if value.strip().isdecimal() and len(value) < 10 else value
