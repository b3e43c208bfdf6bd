"""What can be wrong with a file as a whole, and with one of its rows."""

from annotate.errors import Invalid

LONGEST_FIELD = 200


class FileProblem(Invalid):
    """The file cannot be read; the message says why and what would work."""

    code = "unreadable_file"


class RowProblem(Exception):
    """One row cannot be imported; the others can. `field` is a dotted path, empty for the row as a whole."""

    def __init__(self, field: str, message: str) -> None:
        self.field = field if len(field) <= LONGEST_FIELD else field[: LONGEST_FIELD - 1] + "…"
        self.message = message
        super().__init__(field, message)

    def __str__(self) -> str:
        return f"{self.field}: {self.message}" if self.field else self.message
