"""The part of the judge form that says by which protocol each question is put."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from annotate.models import Campaign
from annotate.views.fields import Field
from routing.choosing import PREFIX, Model, default_protocols, fitting, questions_of
from routing.protocols import QuestionSpec
from routing.views.setting_fields import read_settings, setting_fields

SHOWS = {"each": "one completion at a time", "pair": "pairs", "all": "all completions"}
Problems = dict[str, str]


@dataclass(frozen=True, slots=True)
class QuestionCard:
    """A question with the protocols that can put it; without any where this provider cannot answer it.

    `group` is where the settings of the chosen protocol stand in the form, empty where none is chosen.
    """

    name: str
    title: str
    kind: str
    shows: str
    choice: Field | None
    group: str
    summary: str
    short: Sequence[Field]
    long: Sequence[Field]
    problem: str

    @property
    def prefix(self) -> str:
        return f"q.{self.name}"

    @property
    def is_wrong(self) -> bool:
        return any(field.error for field in (*self.short, *self.long))


def question_cards(campaign: Campaign, model: Model, form: QueryDict, problems: Problems) -> list[QuestionCard]:
    usual = default_protocols(campaign, model)
    return [_card(question, usual, model, form, problems) for question in questions_of(campaign)]


def _card(
    question: QuestionSpec, usual: Mapping[str, Any], model: Model, form: QueryDict, problems: Problems
) -> QuestionCard:
    able = _able(question, model)
    chosen = _chosen(question, usual, able, form)
    where = f"protocols.{PREFIX}{question.name}"
    said, unplaced = problems.pop(f"{where}.config", ""), problems.pop(f"{where}.name", "") + problems.pop(where, "")
    found = able.get(chosen)
    group = f"q.{question.name}.{chosen}" if found else ""
    fields = setting_fields(group, found, form, said) if found else []
    if said and not any(field.error for field in fields):
        unplaced = f"{unplaced} {said}".strip()
    choices = [*((name, name.replace("_", " ")) for name in able), ("", "leave it to people")]
    return QuestionCard(
        name=question.name,
        title=question.title or question.name,
        kind=question.kind,
        shows=SHOWS.get(question.shows, question.shows),
        choice=Field(f"q.{question.name}", "Protocol", "select", chosen, choices=choices) if able else None,
        group=group,
        summary=found.describe if found else "",
        short=[field for field in fields if field.widget not in ("area", "lines")],
        long=[field for field in fields if field.widget in ("area", "lines")],
        problem=unplaced,
    )


def _able(question: QuestionSpec, model: Model) -> dict[str, Any]:
    """The protocols to choose from: those of the kind that this provider can serve."""
    return fitting(question.kind, model)


def _chosen(question: QuestionSpec, usual: Mapping[str, Any], able: Mapping[str, Any], form: QueryDict) -> str:
    typed = form.get(f"q.{question.name}")
    if typed in able or typed == "":
        return typed or ""
    entry = usual.get(PREFIX + question.name) or usual.get(question.kind)
    return entry["name"] if entry and entry["name"] in able else ""


def protocols_of_form(campaign: Campaign, model: Model, form: QueryDict) -> dict[str, Any]:
    """What the form chooses that is not the usual; a question that is left to people is null."""
    usual, chosen = default_protocols(campaign, model), dict[str, Any]()
    for question in questions_of(campaign):
        name = form.get(f"q.{question.name}")
        if name is None:
            continue
        entry = usual.get(PREFIX + question.name) or usual.get(question.kind)
        if not name:
            chosen |= {PREFIX + question.name: None} if entry else {}
            continue
        found = fitting(question.kind, model).get(name)
        config = read_settings(f"q.{question.name}.{name}", found, form) if found else {}
        if config or entry is None or entry["name"] != name:
            chosen[PREFIX + question.name] = {"name": name, "config": config}
    return chosen
