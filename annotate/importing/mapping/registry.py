"""Every module of this package that defines a mapping adds it."""

import difflib
import importlib
import inspect
import pkgutil
from functools import cache

from annotate.errors import Invalid
from annotate.importing import mapping as package
from annotate.importing.mapping.base import RowMapping


@cache
def mappings() -> dict[str, RowMapping]:
    """Every mapping by name."""
    found = {}
    for module in pkgutil.iter_modules(package.__path__):
        members = vars(importlib.import_module(f"{package.__name__}.{module.name}")).values()
        for member in members:
            if inspect.isclass(member) and issubclass(member, RowMapping) and not inspect.isabstract(member):
                found[member.name] = member()
    return found


def mapping(name: str) -> RowMapping:
    """The mapping of that name. Raises `Invalid` naming the nearest ones."""
    known = mappings()
    if name in known:
        return known[name]
    near = difflib.get_close_matches(str(name), known, n=1)
    hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(sorted(known))}"
    raise Invalid(f"there is no mapping {name!r}; {hint}", {"mapping": hint})
