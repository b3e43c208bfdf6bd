"""The registry of export formats: every module of this package that defines a `Format` is one."""

import difflib
import importlib
import inspect
import pkgutil
from functools import cache

from annotate.errors import Invalid
from exports.formats.base import Dropped, Format, Pair

__all__ = ["Dropped", "Format", "Pair", "export_format", "formats"]


@cache
def formats() -> dict[str, Format]:
    """Every format by name."""
    found = {}
    for module in pkgutil.iter_modules(__path__):
        for member in vars(importlib.import_module(f"{__name__}.{module.name}")).values():
            if inspect.isclass(member) and issubclass(member, Format) and not inspect.isabstract(member):
                found[member.name] = member()
    return found


def export_format(name: str) -> Format:
    """The format of that name. Raises `Invalid` naming the nearest ones."""
    known = formats()
    if name in known:
        return known[name]
    near = difflib.get_close_matches(str(name), known, n=1)
    hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(sorted(known))}"
    raise Invalid(f"there is no export format {name!r}; {hint}", {"format": hint})
