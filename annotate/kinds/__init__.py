"""The registry of question kinds: every module of this package that defines a `Kind` is one."""

import sys
from functools import cache

from annotate.kinds.base import Asked, Kind, RecordRow
from annotate.registry import classes_of, look_up

__all__ = ["Asked", "Kind", "kind", "kinds", "kinds_that_yield"]


@cache
def kinds() -> dict[str, Kind]:
    """Every kind by name."""
    return {found.name: found() for found in classes_of(sys.modules[__name__], Kind)}


def kinds_that_yield(record: type[RecordRow]) -> list[str]:
    """The names of the kinds whose answers give such records."""
    return [found.name for found in kinds().values() if record in found.yields]


def kind(name: str) -> Kind:
    """The kind of that name. Raises `Invalid` naming the nearest ones."""
    return look_up(kinds(), name, "question kind", "kind")
