"""What a file is: by its content first, then by its extension."""

import re
from pathlib import Path

from annotate.importing.problems import FileProblem
from annotate.importing.readers.encoding import marked_encoding
from annotate.importing.readers.source import ACCEPTED, ACCEPTED_TEXT, EXTENSIONS

HEAD = 1 << 16
MOST_CONTROLS, FEW = 0.01, 8
CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
PACKED = {
    b"\x1f\x8b": "compressed with gzip",
    b"PK\x03\x04": "a zip archive or a spreadsheet",
    b"\x28\xb5\x2f\xfd": "compressed with zstd",
    b"BZh": "compressed with bzip2",
    b"\xfd7zXZ": "compressed with xz",
    b"%PDF": "a PDF",
    b"ARROW1": "an Arrow file",
    b"SQLite format": "a SQLite database",
}


def file_type_of(path: Path, file_type: str | None = None) -> str:
    """A key of ACCEPTED. `file_type`, if given, is taken at its word unless the content is plainly another.

    Raises FileProblem where the file is empty, of no accepted type, or binary.
    """
    if file_type is not None and file_type not in ACCEPTED:
        raise FileProblem(f"{file_type!r} is no file type; the types are {', '.join(ACCEPTED)}.")
    with path.open("rb") as file:
        head = file.read(HEAD)
    if not head:
        raise FileProblem(f"The file is empty. {ACCEPTED_TEXT}")
    if head.startswith(b"PAR1"):
        return "parquet"
    text = _text(head)
    if not text.strip() and len(head) < HEAD:
        raise FileProblem(f"The file holds nothing but blank space. {ACCEPTED_TEXT}")
    return _checked(file_type or _by_content(text) or _by_name(path, text), text)


def _text(head: bytes) -> str:
    """The beginning of the file as text, good enough to look at. Raises FileProblem where it is binary."""
    for magic, what in PACKED.items():
        if head.startswith(magic):
            raise FileProblem(f"The file is {what}; unpack or save it first. {ACCEPTED_TEXT}")
    encoding = marked_encoding(head)
    if encoding is None and len(CONTROLS.findall(head)) > max(FEW, len(head) * MOST_CONTROLS):
        hint = " If it is UTF-16 text, save it as UTF-8." if b"\0" in head else ""
        raise FileProblem(f"The file is binary data, not text.{hint} {ACCEPTED_TEXT}")
    return head.decode(encoding or "utf-8", errors="replace")


def _by_content(text: str) -> str | None:
    if re.match(r"\s*\[\s*(\{|\]|\Z)", text):
        return "json"
    return "jsonl" if re.match(r'\s*\{\s*("|\}|\Z)', text) else None


def _by_name(path: Path, text: str) -> str:
    known = EXTENSIONS.get(path.suffix.lower())
    if known == "parquet":
        raise FileProblem("The file is called Parquet but does not begin with PAR1. Write it again.")
    if known == "json" and not text.lstrip().startswith("["):
        return "jsonl" if text.lstrip().startswith("{") else "json"
    if known:
        return known
    first = text.lstrip().split("\n", 1)[0]
    if not any(delimiter in first for delimiter in ",;\t"):
        raise FileProblem(f"Nothing tells what type {path.name!r} is. {ACCEPTED_TEXT}")
    return "csv"


def _checked(file_type: str, text: str) -> str:
    first = text.lstrip()
    if file_type == "json" and not first.startswith("["):
        raise FileProblem(
            f"The JSON file does not begin with [ but with {first[:1]!r}: give an array of objects,"
            " or JSON Lines, one object per line."
        )
    if file_type == "jsonl" and re.match(r"\{\s*\n", first):
        raise FileProblem(
            "The file holds an object spread over several lines: put the objects into an array,"
            " [{…}, {…}], or write one object per line."
        )
    if file_type == "parquet":
        raise FileProblem("The file is not Parquet: it does not begin with PAR1.")
    return file_type
