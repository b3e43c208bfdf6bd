"""Shares that somebody types as percentages."""

from collections.abc import Mapping

from annotate.errors import Invalid


def typed_share(form: Mapping[str, str], name: str) -> float:
    """The percentage in the field `name`, as a share: "80" is 0.8. Raises `Invalid` naming the field."""
    try:
        return float(form.get(name, "")) / 100
    except ValueError as error:
        raise Invalid(f"{name} must be a number of percent", {name: "a number of percent, such as 80"}) from error
