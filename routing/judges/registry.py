"""Finding classes by name in a package: what providers and judging protocols share."""

from collections.abc import Mapping
from difflib import get_close_matches
from types import ModuleType
from typing import Any

from annotate.registry import classes_of


class UnknownName(LookupError):
    """No provider or protocol has this name; the message names the near misses."""


class ConfigError(ValueError):
    """A judge's configuration cannot work; the message names the key and what would be right."""


def discover(package: ModuleType, base: type) -> dict[str, Any]:
    """Import every module of `package`; return its concrete subclasses of `base` by their `name`, sorted.

    One without a name is what several of them share.
    """
    found: dict[str, Any] = {}
    for member in classes_of(package, base):
        if not hasattr(member, "name"):
            continue
        if member.name in found:
            raise ConfigError(f"two classes in {package.__name__} are named {member.name!r}")
        found[member.name] = member
    return dict(sorted(found.items()))


def look_up(registry: Mapping[str, Any], name: str, what: str) -> Any:
    """The entry called `name`; raises UnknownName with the nearest names, or with all of them."""
    if name in registry:
        return registry[name]
    raise UnknownName(f"there is no {what} named {name!r}; {_suggestion(name, registry)}")


def merge_config(config: Mapping[str, Any], defaults: Mapping[str, Any], what: str) -> dict[str, Any]:
    """`config` over `defaults`; raises ConfigError for a key that `defaults` does not know."""
    for key in config:
        if key not in defaults:
            raise ConfigError(f"{what} has no setting {key!r}; {_suggestion(key, defaults)}")
    return {**defaults, **config}


def _suggestion(name: str, known: Mapping[str, Any]) -> str:
    near = get_close_matches(name, list(known), n=3, cutoff=0.5)
    if near:
        return "did you mean " + " or ".join(map(repr, near)) + "?"
    return "known are " + ", ".join(map(repr, known)) if known else "there are none"
