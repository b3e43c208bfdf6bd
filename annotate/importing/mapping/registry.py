"""Every module of this package that defines a mapping adds it."""

from functools import cache

from annotate.importing import mapping as package
from annotate.importing.mapping.base import RowMapping
from annotate.registry import classes_of, look_up


@cache
def mappings() -> dict[str, RowMapping]:
    """Every mapping by name."""
    return {found.name: found() for found in classes_of(package, RowMapping)}


def mapping(name: str) -> RowMapping:
    """The mapping of that name. Raises `Invalid` naming the nearest ones."""
    return look_up(mappings(), name, "mapping", "mapping")
