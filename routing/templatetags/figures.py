"""How figures are written on pages: shares as percentages, numbers with fixed places, durations in words."""

from datetime import datetime

from django import template
from django.utils import timezone

register = template.Library()
NONE = "–"


@register.filter
def percent(share: float | None) -> str:
    """0.5641 → "56.4 %"."""
    return NONE if share is None else f"{_written(100 * share, 1)}\u00a0%"


@register.filter
def percents(interval: list[float]) -> str:
    """[0.44, 0.68] → "44.0 to 68.0 %"."""
    low, high = interval
    return f"{_written(100 * low, 1)} to {_written(100 * high, 1)}\u00a0%"


@register.filter
def fixed(value: float | str | None, places: int = 2) -> str:
    """A number; a dash for what is not there, which a template writes as an empty text."""
    return _written(value, places) if isinstance(value, int | float) else NONE


def _written(value: float, places: int) -> str:
    """With a real minus sign, and none before a zero."""
    return f"{round(value, places) + 0.0:.{places}f}".replace("-", "\u2212")


@register.filter
def duration(seconds: float | None) -> str:
    """Seconds in the one or two units that matter: "45 s", "3 min", "2 h 5 min"."""
    if seconds is None:
        return NONE
    whole = round(seconds)
    if whole < 60:
        return f"{whole}\u00a0s"
    hours, minutes = divmod(round(whole / 60), 60)
    return f"{hours}\u00a0h {minutes}\u00a0min" if hours else f"{minutes}\u00a0min"


@register.filter
def ago(moment: datetime | None) -> str:
    """How long ago a moment was: "12 s ago"."""
    if moment is None:
        return NONE
    return f"{duration(max(0.0, (timezone.now() - moment).total_seconds()))} ago"
