"""What Django's own filters lack."""

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from annotate.models import Campaign
from annotate.texts import prompt_text

register = template.Library()
MINUTE, HOUR, DAY = 60, 3600, 86400


@register.filter
def duration(value: timedelta) -> str:
    """A length of time, no more exact than it is known: 40 s, 12 min, 3 h, 5 days."""
    seconds = max(value.total_seconds(), 1)
    if seconds < MINUTE:
        return f"{seconds:.0f} s"
    if seconds < 1.5 * HOUR:
        return f"{seconds / MINUTE:.0f} min"
    return f"{seconds / HOUR:.0f} h" if seconds < 1.5 * DAY else f"{seconds / DAY:.0f} days"


@register.filter
def as_text(value: str | Sequence[Mapping[str, Any]]) -> str:
    """A prompt or a completion's messages as one text."""
    return prompt_text(value)


@register.filter
def coded(text: str) -> SafeString:
    """A sentence with what is between backticks set as code."""
    return mark_safe(re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text)))


@register.simple_tag
def open_flags(campaign: Campaign) -> int:
    """How many flags wait for a researcher."""
    return int(campaign.flags.filter(resolved_at=None).count())
