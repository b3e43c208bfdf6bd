"""How money is written on pages: amounts kept in millionths of a US dollar."""

import math

from django import template

from routing.calling.money import MILLION

register = template.Library()
NONE = "–"


@register.filter
def dollars(amount: float | None) -> str:
    """Millionths of a dollar in the places that matter: 1234567 → "$1.23", 1200 → "$0.0012", None → "–"."""
    if amount is None:
        return NONE
    if abs(amount) < 0.5:
        return "$0"
    value = amount / MILLION
    places = max(2, min(6, 1 - math.floor(math.log10(abs(value)))))
    whole, _, rest = f"{value:,.{places}f}".partition(".")
    return f"${whole}.{rest.rstrip('0').ljust(2, '0')}"
