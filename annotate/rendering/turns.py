"""Prompts, contexts, completions and references as pages show them: the turns of a chat, or numbered passages."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from annotate.kinds.source import is_passage
from annotate.models import CampaignVersion, Item
from annotate.options import option
from annotate.rendering.content import render_content, render_passage, render_result
from annotate.rendering.look import Look
from annotate.rendering.texts import render, render_aside

ROLES = {"system": "Instructions", "user": "User", "assistant": "Assistant", "tool": "Tool result"}
NOTHING = mark_safe("")


@dataclass(frozen=True, slots=True)
class Turn:
    """One part of a text: what one speaker says, or a passage under its title. `speaker` is empty where there is
    nobody else; `calls` are the calls of tools, which are no part of the source; `ref` is how answers name a title."""

    speaker: str
    role: str
    part: int
    html: SafeString
    calls: SafeString = NOTHING
    ref: str = ""


def look_of(version: CampaignVersion) -> Look:
    """How a campaign's texts look in this version."""
    uploads = reverse("image", args=[version.campaign_id, "x"]).removesuffix("x")
    return Look(option("text_format", version.config), uploads, tuple(settings.IMAGE_HOSTS))


def turns(said: str | Sequence[Mapping[str, Any]], alone: str = "", look: Look | None = None) -> tuple[Turn, ...]:
    """A text, a chat, or the passages of a context. A single message of the role `alone` needs no speaker."""
    look = look or Look()
    if isinstance(said, str):
        return (Turn("", alone, 0, render(said, look)),)
    quiet = len(said) == 1 and said[0].get("role") == alone
    return tuple(
        _passage(part, place) if is_passage(part) else _message(part, place, look, quiet)
        for place, part in enumerate(said)
    )


def reference_turns(item: Item, version: CampaignVersion, look: Look) -> tuple[Turn, ...]:
    """The reference answer, where the campaign shows it."""
    shown = item.reference and option("reference", version.config) != "hidden"
    return turns(str(item.reference), look=look) if shown else ()


def _message(message: Mapping[str, Any], place: int, look: Look, quiet: bool) -> Turn:
    role, content = str(message.get("role", "")), message.get("content")
    calls = message.get("tool_calls")
    return Turn(
        "" if quiet else ROLES.get(role, role),
        role,
        place,
        render_result(content) if role == "tool" else render_content(content, look),
        render_aside(json.dumps(calls, ensure_ascii=False, indent=2), "json", "tool calls") if calls else NOTHING,
    )


def _passage(passage: Mapping[str, Any], place: int) -> Turn:
    title, number = str(passage.get("title") or ""), place + 1
    return Turn(title, "passage", place, render_passage(passage, number), ref=f"{number}.0" if title else "")
