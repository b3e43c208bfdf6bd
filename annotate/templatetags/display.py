"""The form of the display settings, wherever a page wants it."""

from typing import Any

from django import template

from annotate.display import display_of

register = template.Library()


@register.inclusion_tag("annotate/_display.html", takes_context=True)
def display_settings(context: template.Context) -> dict[str, Any]:
    """A fieldset for each setting, with the user's choice."""
    return {"settings": display_of(context.get("user"))}
