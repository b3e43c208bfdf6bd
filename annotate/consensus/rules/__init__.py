"""The registry of consensus rules: every module of this package that defines a `Rule` is one."""

import sys
from functools import cache

from annotate.consensus.rules.base import Decided, Rule
from annotate.kinds.base import Scale
from annotate.registry import classes_of, look_up

__all__ = ["Decided", "Rule", "default_rule", "rule", "rules", "rules_for"]


@cache
def rules() -> dict[str, Rule]:
    """Every rule by name."""
    return {found.name: found() for found in classes_of(sys.modules[__name__], Rule)}


def rule(name: str) -> Rule:
    """The rule of that name. Raises `Invalid` naming the nearest ones."""
    return look_up(rules(), name, "consensus rule", "consensus")


def rules_for(scale: Scale) -> list[str]:
    """The names of the rules that can decide answers of a scale; none for texts."""
    return sorted(name for name, found in rules().items() if scale in found.scales)


def default_rule(kind_name: str, scale: Scale) -> str | None:
    """The mean for ratings, else the majority; None where answers are not held against each other."""
    name = "mean" if kind_name == "rating" else "majority"
    return name if name in rules_for(scale) else None
