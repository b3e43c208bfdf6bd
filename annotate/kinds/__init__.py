"""The registry of question kinds: every module of this package that defines a `Kind` is one."""

import difflib
import importlib
import inspect
import pkgutil
from functools import cache

from annotate.errors import Invalid
from annotate.kinds.base import Asked, Kind

__all__ = ["Asked", "Kind", "kind", "kinds"]


@cache
def kinds() -> dict[str, Kind]:
    """Every kind by name."""
    found = {}
    for module in pkgutil.iter_modules(__path__):
        members = vars(importlib.import_module(f"{__name__}.{module.name}")).values()
        for member in members:
            if inspect.isclass(member) and issubclass(member, Kind) and not inspect.isabstract(member):
                found[member.name] = member()
    return found


def kind(name: str) -> Kind:
    """The kind of that name. Raises `Invalid` naming the nearest ones."""
    known = kinds()
    if name in known:
        return known[name]
    near = difflib.get_close_matches(str(name), known, n=1)
    hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(sorted(known))}"
    raise Invalid(f"there is no question kind {name!r}; {hint}", {"kind": hint})
