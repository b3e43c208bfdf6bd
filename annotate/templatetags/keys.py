"""The keys of the annotation page as this person has them."""

from django import template
from django.utils.html import format_html, json_script
from django.utils.safestring import SafeString

from annotate.keys import face, keys_for, registry_for

register = template.Library()


@register.simple_tag(takes_context=True)
def key(context: template.Context, action: str) -> SafeString:
    """The key of an action, to stand on its button."""
    own = keys_for(getattr(context.get("user"), "preferences", None))
    return format_html('<kbd data-key-of="{}">{}</kbd>', action, face(own[action]))


@register.simple_tag(takes_context=True)
def key_registry(context: template.Context) -> SafeString:
    """All actions and their keys, for the page's script."""
    return json_script(registry_for(getattr(context.get("user"), "preferences", None)), "key-registry")
