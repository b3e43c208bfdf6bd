"""The registry of question kinds: every module of this package that defines a `Kind` is one."""

import sys
from functools import cache

from annotate.kinds.base import Asked, Kind
from annotate.registry import classes_of, look_up

__all__ = ["Asked", "Kind", "kind", "kinds"]


@cache
def kinds() -> dict[str, Kind]:
    """Every kind by name."""
    return {found.name: found() for found in classes_of(sys.modules[__name__], Kind)}


def kind(name: str) -> Kind:
    """The kind of that name. Raises `Invalid` naming the nearest ones."""
    return look_up(kinds(), name, "question kind", "kind")
