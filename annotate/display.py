"""How a user has his pages: theme, text size, line length, layout. Kept with the user, applied by the server."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from annotate.errors import Invalid
from annotate.models import User


@dataclass(frozen=True, slots=True)
class Setting:
    """One thing that a user may set. `several` where it means something with two responses or more."""

    name: str
    title: str
    choices: tuple[tuple[str, str], ...]
    default: str
    several: bool = False

    @property
    def values(self) -> list[str]:
        return [value for value, _ in self.choices]


SETTINGS = (
    Setting("theme", "Theme", (("system", "System"), ("light", "Light"), ("dark", "Dark")), "system"),
    Setting(
        "size",
        "Text size",
        (("small", "Small"), ("normal", "Normal"), ("large", "Large"), ("largest", "Largest")),
        "normal",
    ),
    Setting("measure", "Lines", (("narrow", "Comfortable"), ("wide", "Wide")), "narrow"),
    Setting("layout", "Responses", (("columns", "Side by side"), ("stacked", "Stacked")), "columns", several=True),
    Setting("sync", "Scrolling", (("off", "With the page"), ("on", "Together")), "off", several=True),
)


@dataclass(frozen=True, slots=True)
class Chosen:
    """A setting and what the user has of it."""

    setting: Setting
    value: str


def display_of(user: Any) -> list[Chosen]:
    """Every setting with the user's choice; the defaults for somebody who is not signed in."""
    kept = getattr(user, "preferences", {}).get("display", {})
    return [Chosen(setting, kept.get(setting.name, setting.default)) for setting in SETTINGS]


def save_display(user: User, wanted: Mapping[str, Any]) -> dict[str, str]:
    """Keeps the settings in `wanted` beside those kept before. Raises `Invalid` naming the setting."""
    problems = {
        setting.name: f"must be one of {', '.join(setting.values)}"
        for setting in SETTINGS
        if setting.name in wanted and wanted[setting.name] not in setting.values
    }
    if problems:
        name, problem = next(iter(problems.items()))
        raise Invalid(f"{name} {problem}", problems)
    with transaction.atomic():
        locked = User.objects.select_for_update().get(pk=user.pk)
        display = {chosen.setting.name: chosen.value for chosen in display_of(locked)}
        display |= {name: str(value) for name, value in wanted.items() if name in display}
        locked.preferences = {**locked.preferences, "display": display}
        locked.save(update_fields=["preferences"])
    return display
