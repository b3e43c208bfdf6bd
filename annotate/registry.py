"""Finding the pieces that a package holds: a new kind, mapping, format, provider or protocol is one new file."""

import difflib
import importlib
import inspect
import pkgutil
from collections.abc import Iterator, Mapping
from types import ModuleType
from typing import Any, TypeVar

from annotate.errors import Invalid

T = TypeVar("T")


def classes_of(package: ModuleType, base: type) -> Iterator[Any]:
    """The concrete subclasses of `base` that the modules of `package` define."""
    for found in pkgutil.iter_modules(package.__path__):
        module = importlib.import_module(f"{package.__name__}.{found.name}")
        for member in list(vars(module).values()):
            if not inspect.isclass(member) or not issubclass(member, base) or inspect.isabstract(member):
                continue
            if member.__module__ == module.__name__:
                yield member


def look_up(known: Mapping[str, T], name: str, what: str, field: str) -> T:
    """The entry of that name. Raises `Invalid` for `field`, naming the nearest one, or all."""
    if name in known:
        return known[name]
    near = difflib.get_close_matches(str(name), known, n=1)
    hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(sorted(known))}"
    raise Invalid(f"there is no {what} {name!r}; {hint}", {field: hint})
