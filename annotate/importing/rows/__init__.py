"""An import row in our shape, checked."""

from annotate.importing.rows.annotation import AnnotationRow
from annotate.importing.rows.completion import CompletionRow
from annotate.importing.rows.item import ItemRow, parse_row

__all__ = ["AnnotationRow", "CompletionRow", "ItemRow", "parse_row"]
