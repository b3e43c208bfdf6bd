"""What items say, on the pages of researchers."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django import template
from django.utils.safestring import SafeString

from annotate.models import CampaignVersion
from annotate.rendering import Look, Turn, look_of, render, turns

register = template.Library()


@register.simple_tag(takes_context=True)
def item_turns(context: template.Context, said: str | Sequence[Mapping[str, Any]], alone: str = "") -> tuple[Turn, ...]:
    """A text of an item in the format of the page's campaign, where there is one already."""
    campaign = context.get("campaign")
    return turns(said, alone, look_of(campaign.current) if campaign and campaign.version_id else Look())


@register.simple_tag
def guidelines(version: CampaignVersion) -> SafeString:
    """The guidelines are Markdown, whatever the items are."""
    return render(version.guidelines, replace(look_of(version), text_format="markdown"))
