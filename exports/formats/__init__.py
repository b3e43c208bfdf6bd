"""The registry of export formats: every module of this package that defines a `Format` is one."""

import sys
from functools import cache

from annotate.registry import classes_of, look_up
from exports.formats.base import Dropped, Format, Pair

__all__ = ["Dropped", "Format", "Pair", "export_format", "formats"]


@cache
def formats() -> dict[str, Format]:
    """Every format by name."""
    return {found.name: found() for found in classes_of(sys.modules[__name__], Format)}


def export_format(name: str) -> Format:
    """The format of that name. Raises `Invalid` naming the nearest ones."""
    return look_up(formats(), name, "export format", "format")
