"""Which encoding a text file has, and reading it with clear errors."""

import codecs
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from annotate.importing.problems import FileProblem

CHUNK = 1 << 20
WINDOW = 1 << 16
BYTE_ORDER_MARKS = (  # UTF-32 first: its mark begins with that of UTF-16
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (codecs.BOM_UTF8, "utf-8-sig"),
)


def marked_encoding(head: bytes) -> str | None:
    """The encoding that a byte-order mark tells."""
    return next((name for mark, name in BYTE_ORDER_MARKS if head.startswith(mark)), None)


def encoding_of(path: Path) -> tuple[str, int | None]:
    """The encoding of a text file, and the offset of the first byte that breaks it (None where all is well).

    The whole file is checked (200 MB take a fraction of a second), because a file that is plain ASCII for its
    first megabytes says nothing about what follows. A file that is mostly UTF-8 is damaged UTF-8, not another
    encoding. Raises FileProblem where no encoding fits.
    """
    with path.open("rb") as file:
        encoding = marked_encoding(file.read(4)) or "utf-8"
    bad = first_undecodable(path, encoding)
    if bad is None or encoding.startswith(("utf-16", "utf-32")):
        return encoding, bad
    sample = _around(path, bad)
    if _mostly_utf8(sample):
        return encoding, bad
    guessed = _guess(sample)
    if guessed is None or first_undecodable(path, guessed) is not None:
        raise undecodable("utf-8", bad)
    return guessed, None


def first_undecodable(path: Path, encoding: str) -> int | None:
    """Offset of the first byte that is not valid in the encoding. Constant memory."""
    decoder = codecs.getincrementaldecoder(encoding)()
    start = 0
    with path.open("rb") as file:
        while True:
            chunk = file.read(CHUNK)
            try:
                decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as error:
                return start - (len(error.object) - len(chunk)) + error.start
            except UnicodeError:  # UTF-16 and UTF-32 without a mark say no more than this
                return start
            if not chunk:
                return None
            start += len(chunk)


def undecodable(encoding: str, offset: int) -> FileProblem:
    """The error for a byte that does not belong to the encoding."""
    return FileProblem(
        f"The file is not valid {encoding.removesuffix('-sig').upper()} at byte {offset:,}, and no other"
        " encoding fits all of it. Save it as UTF-8 (in a spreadsheet: “CSV UTF-8”) and import it again."
    )


@contextmanager
def open_text(path: Path, encoding: str, newline: str | None = None) -> Iterator[TextIO]:
    """The file as text. A byte that cannot be decoded raises FileProblem with its offset."""
    with path.open(encoding=encoding, newline=newline) as text:
        try:
            yield text
        except UnicodeError as error:
            raise undecodable(encoding, first_undecodable(path, encoding) or 0) from error


def _around(path: Path, offset: int) -> bytes:
    """Whole lines around the offset."""
    start = max(0, offset - WINDOW)
    with path.open("rb") as file:
        file.seek(start)
        sample = file.read(2 * WINDOW)
    first, last = sample.find(b"\n") + 1 if start else 0, sample.rfind(b"\n")
    return sample[first:last] if first <= offset - start < last else sample


def _mostly_utf8(sample: bytes) -> bool:
    text = sample.decode("utf-8", errors="replace")
    bad = text.count("\ufffd")
    return sum(not character.isascii() for character in text) - bad > bad


def _guess(sample: bytes) -> str | None:
    from charset_normalizer import from_bytes  # needed for few files

    best = from_bytes(sample).best()
    if best is None:
        return None
    # Windows-1252 is by far the commonest of the encodings that read this sample alike.
    return "cp1252" if "cp1252" in best.could_be_from_charset else best.encoding
