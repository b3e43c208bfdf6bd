"""The part of the judge form that says where a model is served and what it costs."""

from typing import Any

from django.http import QueryDict

from annotate.models import Campaign
from annotate.views.fields import Field
from routing.pricing import price_of

NEW = "+"
"""The choice of a server that is not known yet."""
LIMITS = {
    "requests_per_minute": "Requests a minute",
    "tokens_per_minute": "Tokens a minute",
    "concurrency": "Calls at once",
}
SIDES = {"input": "Price of a million tokens read", "output": "Price of a million tokens written"}
Problems = dict[str, str]


def endpoint_field(campaign: Campaign, provider: str, form: QueryDict, problems: Problems) -> Field:
    """The servers of the organisation that speak the provider's language, and a new one."""
    names = list(campaign.organisation.endpoints.filter(provider=provider).values_list("name", flat=True))
    chosen = form.get("endpoint", "")
    value = chosen if chosen in names or chosen == NEW or not names else names[0]
    choices = [*((name, name) for name in names), (NEW, "a new server…")]
    return Field("endpoint", "Server", "select", value or NEW, choices=choices, error=problems.pop("endpoint", ""))


def server_fields(form: QueryDict, problems: Problems) -> list[Field]:
    """Address and name of a new server. Its key has a field of its own, which is never filled."""
    url = Field(
        "endpoint.url",
        "Address",
        value=form.get("endpoint.url", ""),
        hint="Such as http://localhost:8000/v1, up to the part that all its requests share.",
        error=problems.pop("endpoint.url", ""),
    )
    hint = "For the list of your organisation’s servers; empty for its host name."
    name = Field(
        "endpoint.name",
        "Name of the server",
        value=form.get("endpoint.name", ""),
        hint=hint,
        error=problems.pop("endpoint.name", ""),
    )
    return [url, name]


def limit_fields(form: QueryDict, problems: Problems) -> list[Field]:
    return [
        Field(
            f"endpoint.{name}",
            label,
            "number",
            form.get(f"endpoint.{name}", ""),
            error=problems.pop(f"endpoint.{name}", ""),
        )
        for name, label in LIMITS.items()
    ]


def price_fields(campaign: Campaign, model: str, form: QueryDict, problems: Problems) -> tuple[list[Field], str]:
    """The price, taken from the table as long as nobody has typed another; and what it was filled with."""
    known = price_of(campaign.organisation, model)
    typed = [form.get(f"price.{side}", "") for side in SIDES]
    untouched = "|".join(typed) in ("|", form.get("price_was", ""))
    filled = [f"{known[side]:g}" for side in SIDES] if known else ["", ""]
    values = filled if untouched else typed
    fields = [
        Field(f"price.{side}", label, "number", value, error=problems.pop(f"price.{side}", ""))
        for (side, label), value in zip(SIDES.items(), values, strict=True)
    ]
    return fields, "|".join(filled)


def server_of_form(form: QueryDict) -> str | dict[str, Any]:
    """The endpoint that the form names, or describes."""
    if (chosen := form.get("endpoint", "")) not in ("", NEW):
        return chosen
    texts = {name: form.get(f"endpoint.{name}", "").strip() for name in ("url", "name", "key")}
    limits = {name: number(form.get(f"endpoint.{name}", "")) for name in LIMITS}
    return {name: value for name, value in {**texts, **limits}.items() if value not in ("", None)}


def price_of_form(form: QueryDict) -> dict[str, Any] | None:
    typed = {side: number(form.get(f"price.{side}", "")) for side in SIDES}
    return None if set(typed.values()) == {None} else typed


def number(text: str) -> Any:
    """The number that was typed; None for nothing, and the text itself where it is no number."""
    text = text.strip().removeprefix("$").replace(",", ".")
    if not text:
        return None
    try:
        value = float(text)
    except ValueError:
        return text
    return int(value) if value.is_integer() and abs(value) < 1e15 else value
