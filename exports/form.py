"""The form that asks for an export: what may be chosen, with a sentence on each, and how it is read."""

from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from annotate.models import Campaign
from exports.files import FILE_TYPES
from exports.formats import Format, formats
from exports.options import WHO, comparing

ABOUT_FILE_TYPES = {
    "jsonl": ("JSONL", "One JSON object a line: readable anywhere."),
    "parquet": ("Parquet", "Smaller and typed: for large sets."),
}
ABOUT_WHO = {
    "people_first": ("People first", "Judges count only for pairs that no person has compared."),
    "human": ("People only", "What judges said is left out."),
    "judge": ("Judges only", "What people said is left out."),
    "all": ("All alike", "A judge's vote counts as much as a person's."),
}
ABOUT_CONSENSUS = {
    "majority": ("Majority", "The side with most votes; ties are dropped."),
    "dawid_skene": ("Dawid–Skene", "The most probable side, given how each annotator errs."),
    "mean": ("Mean strength", "The side that the mean of the strengths is on."),
    "stored": ("As on the consensus page", "By each question’s own rule, of the annotators whom that counts."),
}
ABOUT_SHAPES = {
    "auto": ("By the data", "Messages if any item of the campaign is a chat, else text."),
    "text": (
        "Text",
        "Strings, joined by DPO with nothing between; chats are dropped. Reward pairs are messages anyway.",
    ),
    "messages": ("Messages", "Everything as chat messages; a text becomes one user or assistant message."),
}


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing to choose in the form."""

    value: str
    title: str
    about: str
    chosen: bool


def choices(campaign: Campaign, form: QueryDict) -> dict[str, Any]:
    """The form's choices, as last chosen or with their defaults."""
    names = {question.name: (question.name, question.title) for question in comparing(campaign)}
    described = {name: (each.title, each.describe) for name, each in offered(campaign).items()}
    questions = set(form.getlist("questions")) if form else set(names)
    return {
        "formats": _choices(described, form.get("format", next(iter(described)))),
        "file_types": _choices({name: ABOUT_FILE_TYPES[name] for name in FILE_TYPES}, form.get("file_type", "jsonl")),
        "annotators": _choices({name: ABOUT_WHO[name] for name in WHO}, form.get("annotators", WHO[0])),
        "consensus": _choices(ABOUT_CONSENSUS, form.get("consensus", "majority")),
        "shapes": _choices(ABOUT_SHAPES, form.get("shape", "auto")),
        "questions": [Choice(name, *about, name in questions) for name, about in names.items()],
        "minimum": form.get("minimum", "1"),
    }


def offered(campaign: Campaign) -> dict[str, Format[Any]]:
    """The formats that this campaign has something for: pairs need a question that compares."""
    compares = bool(comparing(campaign))
    ordered = sorted(formats().values(), key=lambda each: (each.reads != "pairs", each.name))
    return {each.name: each for each in ordered if compares or each.reads != "pairs"}


def _choices(about: dict[str, tuple[str, str]], chosen: str) -> list[Choice]:
    return [Choice(value, title, sentence, value == chosen) for value, (title, sentence) in about.items()]


def asked(form: QueryDict) -> tuple[str, str, dict[str, Any]]:
    """Format, file type and options, as `start_export` takes them; no question ticked means all of them.

    The form shows the options of pairs beside every format; others take none of them.
    """
    minimum = form.get("minimum", "1").strip()
    options = {
        "questions": form.getlist("questions"),
        "annotators": form.get("annotators", WHO[0]),
        "minimum": int(minimum) if minimum.isdecimal() and len(minimum) < 10 else minimum,
        "shape": form.get("shape", "auto"),
        "consensus": form.get("consensus", "majority"),
    }
    found = formats().get(form.get("format", ""))
    taken = options if found is None or found.reads == "pairs" else {}
    return form.get("format", ""), form.get("file_type", ""), taken
