"""The registry of export formats: every module of this package that defines a `Format` is one."""

import sys
from functools import cache
from typing import Any

from annotate.registry import classes_of, look_up
from exports.formats.base import Dropped, Format, Pair, Whole

__all__ = ["Dropped", "Format", "Pair", "Whole", "export_format", "formats"]


@cache
def formats() -> dict[str, Format[Any]]:
    """Every format by name."""
    return {found.name: found() for found in classes_of(sys.modules[__name__], Format)}


def export_format(name: str) -> Format[Any]:
    """The format of that name. Raises `Invalid` naming the nearest ones."""
    return look_up(formats(), name, "export format", "format")
