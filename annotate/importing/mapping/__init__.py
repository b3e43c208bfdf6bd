"""Mappings of foreign rows to ours: one file a mapping, found by discovery."""

from annotate.importing.mapping.base import MappedRow, RowMapping
from annotate.importing.mapping.guess import Guess, guess, preview
from annotate.importing.mapping.registry import mapping, mappings

__all__ = ["Guess", "MappedRow", "RowMapping", "guess", "mapping", "mappings", "preview"]
