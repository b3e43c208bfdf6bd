"""The form that adds a judge: made from the registries, and read back as what `create_judge` takes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from annotate.models import Campaign
from annotate.views.fields import Field
from routing.creating import TOO_LONG
from routing.judges import providers
from routing.judges.remote import RemoteProvider
from routing.views.judge_questions import QuestionCard, protocols_of_form, question_cards
from routing.views.judge_server import (
    endpoint_field,
    limit_fields,
    price_fields,
    price_of_form,
    server_fields,
    server_of_form,
)
from routing.views.setting_fields import HAS, names_setting, read_settings, setting_fields

TITLES = {
    "openai": "A served or hosted model",
    "anthropic": "Claude, from Anthropic",
    "local": "A local model",
    "reward": "A reward model",
    "embedding_head": "A model trained on this campaign’s labels",
    "scripted": "A rule",
}
"""What the known providers are, in the order of the page; others follow under their own names."""
NOT_BY_HAND = ("imported",)
NAME_HINT = "A changed judge is a new judge, so let the name say what it is."
TOO_LONG_WORDS = ("leave it to people", "cut its middle, with a line in its place")
LAUNCH = "Run it by itself when the campaign is launched and when items come"
FIXED = ("csrfmiddlewaretoken", HAS, "save", "endpoint.key")
"""Fields of the form that are never carried along for later."""


@dataclass(frozen=True, slots=True)
class Way:
    """A provider to choose."""

    name: str
    title: str
    summary: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class JudgeForm:
    """The form as the page shows it, for the provider that is chosen.

    `kept` are fields that were typed and are not shown now: they come back with the choice that shows them.
    """

    name: Field
    ways: Sequence[Way]
    provider: str
    settings: Sequence[Field]
    is_remote: bool
    endpoint: Field
    server: Sequence[Field]
    limits: Sequence[Field]
    key_problem: str
    price: Sequence[Field]
    price_was: str
    questions: Sequence[QuestionCard]
    too_long: Field
    launch: Field
    kept: Sequence[tuple[str, str]]
    unplaced: Mapping[str, str]

    @property
    def main(self) -> Field | None:
        """The setting that makes the judge what it is."""
        return self.settings[0] if self.settings else None

    @property
    def more(self) -> Sequence[Field]:
        return self.settings[1:]

    @property
    def more_is_wrong(self) -> bool:
        return any(field.error for field in self.more)

    @property
    def groups(self) -> list[str]:
        """The groups of settings that it shows."""
        return [self.provider, *(card.group for card in self.questions if card.group)]


def ways(form: QueryDict) -> list[Way]:
    """The providers that a judge can be made of."""
    known = {name: each for name, each in providers().items() if name not in NOT_BY_HAND}
    order = [*(name for name in TITLES if name in known), *(name for name in known if name not in TITLES)]
    chosen = form.get("provider") if form.get("provider") in known else order[0]
    return [Way(name, TITLES.get(name, name), known[name].describe, name == chosen) for name in order]


def judge_form(campaign: Campaign, form: QueryDict, given: Mapping[str, str] | None = None) -> JudgeForm:
    """The form with what was typed, and with the problems `given` by field."""
    problems, offered = dict(given or {}), ways(form)
    provider = next(way.name for way in offered if way.chosen)
    found = providers()[provider]
    settings = setting_fields(provider, found, form, problems.get("config", ""))
    if any(names_setting(problems.get("config", ""), name) for name in found.defaults):
        del problems["config"]
    price, price_was = price_fields(campaign, str(settings[0].value) if settings else "", form, problems)
    too_long = list(zip(TOO_LONG, TOO_LONG_WORDS, strict=True))
    shown: dict[str, Any] = {
        "name": Field("name", "Name", "text", form.get("name", ""), NAME_HINT, problems.pop("name", ""), required=True),
        "settings": settings,
        "endpoint": endpoint_field(campaign, provider, form, problems),
        "server": server_fields(form, problems),
        "limits": limit_fields(form, problems),
        "key_problem": problems.pop("endpoint.key", ""),
        "price": price,
        "questions": question_cards(campaign, found, form, problems),
        "too_long": Field(
            "too_long",
            "A response too long for the model",
            "radio",
            form.get("too_long", TOO_LONG[0]),
            error=problems.pop("too_long", ""),
            choices=too_long,
        ),
        "launch": Field("launch", LAUNCH, "flag", "launch" in form),
    }
    is_remote = issubclass(found, RemoteProvider)
    kept = _kept(form, shown, is_remote)
    return JudgeForm(
        **shown,
        ways=offered,
        provider=provider,
        is_remote=is_remote,
        price_was=price_was,
        kept=kept,
        unplaced=problems,
    )


def _kept(form: QueryDict, shown: Mapping[str, Any], is_remote: bool) -> list[tuple[str, str]]:
    """What was typed into settings that are not shown now, and the groups they belong to."""
    names = {field.name for field in shown["settings"]} | {"name", "provider", "too_long", "launch", "price_was"}
    for card in shown["questions"]:
        names |= {f"q.{card.name}", *(field.name for field in (*card.short, *card.long))}
    if is_remote:
        names |= {"endpoint", *(field.name for part in ("server", "limits", "price") for field in shown[part])}
    other = [(name, str(value)) for name, value in form.items() if name not in names and name not in FIXED]
    present = {card.group for card in shown["questions"]} | {field.name.split(".")[0] for field in shown["settings"]}
    return [*((HAS, group) for group in form.getlist(HAS) if group not in present), *other]


def spec_of_form(campaign: Campaign, form: QueryDict) -> dict[str, Any]:
    """What the form asks for, as `create_judge` takes it."""
    name = form.get("provider", "")
    found = providers().get(name)
    spec: dict[str, Any] = {
        "name": form.get("name", ""),
        "provider": name,
        "config": read_settings(name, found, form) if found else {},
        "protocols": protocols_of_form(campaign, found, form) if found else {},
        "too_long": form.get("too_long") or None,
        "runs_at_launch": "launch" in form,
    }
    if found and issubclass(found, RemoteProvider):
        spec |= {"endpoint": server_of_form(form), "price": price_of_form(form)}
    return spec
