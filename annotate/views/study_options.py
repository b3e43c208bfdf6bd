"""What the campaign form asks about the labels' own study: silent repeats, the experiment with a checklist, and
whether annotators see figures of their own."""

from collections.abc import Mapping
from typing import Any

from django.http import QueryDict

from annotate.kinds.forms import typed_number
from annotate.options import DEFAULTS, USUAL_DELAY
from annotate.views.fields import Field, problem_at

PARTS = {
    "repeats": {
        "share": (
            "Answers asked for twice, in %",
            "number",
            "So many of a person’s answers are silently asked for again, which tells how far people agree with "
            "themselves. 10 is a good start; empty or 0: none.",
        ),
        "delay_minutes": ("Minutes until the second time", "number", "Long enough to have forgotten the first."),
    },
    "arms": {
        "checklist": (
            "Checklist that half of the answers leave out",
            "text",
            "An experiment: does the checklist make people agree more? The short name of a required checklist, "
            "such as `points`. Empty: everybody gets every question.",
        ),
        "rating": (
            "Question that it is to improve",
            "text",
            "The short name of a question after it on the same screen. At least 2 answers must be wanted.",
        ),
    },
}
OWN = "own_statistics"
OWN_LABEL = ("Annotators see figures about their own answers", "flag")
OWN_HINT = (
    "How far they agree with others and with themselves, their pace, and what side and length do to them. Nobody’s "
    "name, no gold answers. It tells them that some things come up twice."
)
WRONG = {"share": "must be a number from 0 to 100"}
"""What the form says otherwise than the definition, which has shares."""


def study_fields(spec: Mapping[str, Any], problems: dict[str, str], fixed: bool) -> list[Field]:
    """The fields, filled in; takes their problems out of `problems`. What is wrong with a whole stands at its first.

    Where there are items already (`fixed`) the experiment stays.
    """
    fields = []
    for name, parts in PARTS.items():
        given = spec.get(name)
        given = given if isinstance(given, Mapping) else {}
        own = {part: problem_at(f"{name}.{part}", problems) for part in parts}
        whole = problem_at(name, problems)
        for place, (part, (label, widget, hint)) in enumerate(parts.items()):
            error = "; ".join(filter(None, (own[part] and WRONG.get(part, own[part]), "" if place else whole)))
            value, locked = _shown(part, given.get(part)), fixed and name == "arms"
            fields.append(Field(f"{name}_{part}", label, widget, value, hint, error, locked=locked))
    shown, problem = spec.get(OWN, DEFAULTS[OWN]), problem_at(OWN, problems)
    return [*fields, Field(OWN, *OWN_LABEL, value=shown, hint=OWN_HINT, error=problem)]


def _shown(part: str, value: Any) -> Any:
    if part == "share" and isinstance(value, int | float):
        return f"{100 * value:.6g}"
    if part == "delay_minutes" and value is None:
        return USUAL_DELAY
    return "" if value is None else value


def read_study(form: QueryDict) -> dict[str, Any]:
    """The options as the form has them; None where the fields of one are empty."""
    share, delay, checklist, rating = (
        form.get(f"{name}_{part}", "").strip() for name, parts in PARTS.items() for part in parts
    )
    typed = typed_number(share)
    return {
        "repeats": {
            "share": typed / 100 if isinstance(typed, int | float) else typed,
            "delay_minutes": typed_number(delay) if delay else USUAL_DELAY,
        }
        if share
        else None,
        "arms": {"checklist": checklist, "rating": rating} if checklist or rating else None,
        OWN: bool(form.get(OWN)),
    }
