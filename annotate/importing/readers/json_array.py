"""A JSON array of objects, read one element at a time."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO

from annotate.importing.problems import FileProblem, RowProblem
from annotate.importing.readers.encoding import CHUNK, open_text
from annotate.importing.readers.json_lines import checked_row
from annotate.importing.readers.source import SourceRow

LONGEST_ELEMENT = 64 << 20
LONGEST_TOKEN = 16  # an escape, a literal or a keyword may be cut off this close to the end of what was read
SPACE = " \t\r\n"


def read_json_array(path: Path, encoding: str, start: int = 0) -> Iterator[SourceRow]:
    """The rows after the first `start`. A broken array gives the rows before the break, then FileProblem."""
    with open_text(path, encoding) as text:
        for number, value in enumerate(_elements(Window(text)), start=1):
            if number <= start:
                continue
            try:
                yield checked_row(number, value, f"element {number}")
            except RowProblem as problem:
                yield SourceRow(number, None, problem)


class Window:
    """The part of the text that is being decoded, so that memory does not grow with the file.

    `json`'s own decoder on a sliding window is faster than an event parser, and reads NaN and integers of any
    size, so that these are problems of their rows and not of the file.
    """

    def __init__(self, text: TextIO) -> None:
        self.text, self.buffer, self.at = text, "", 0
        self.dropped, self.lines = 0, 1
        self.decoder = json.JSONDecoder()

    def more(self) -> bool:
        """Reads on, at least as much again as is held, so that long elements cost linear time."""
        chunk = self.text.read(max(CHUNK, len(self.buffer) - self.at))
        if chunk:
            self.lines += self.buffer.count("\n", 0, self.at)
            self.dropped += self.at
            self.buffer, self.at = self.buffer[self.at :] + chunk, 0
        return bool(chunk)

    def peek(self) -> str:
        """The next character that is no space; empty at the end of the file."""
        while True:
            while self.at < len(self.buffer) and self.buffer[self.at] in SPACE:
                self.at += 1
            if self.at < len(self.buffer):
                return self.buffer[self.at]
            if not self.more():
                return ""

    def element(self) -> Any:
        """Decodes the element that begins here, and goes behind it."""
        while True:
            try:
                value, end = self.decoder.raw_decode(self.buffer, self.at)
            except json.JSONDecodeError as error:
                cut_off = error.msg.startswith("Unterminated") or error.pos > len(self.buffer) - LONGEST_TOKEN
                if not (cut_off and len(self.buffer) - self.at < LONGEST_ELEMENT and self.more()):
                    raise
            else:
                if end < len(self.buffer) or not self.more():  # a number may go on behind the window
                    self.at = end
                    return value

    def place(self, position: int) -> str:
        """Where a position of the window lies in the file."""
        line = self.lines + self.buffer.count("\n", 0, position)
        return f"line {line}, character {self.dropped + position + 1:,} of the file"


def _elements(window: Window) -> Iterator[Any]:
    window.peek()
    window.at += 1  # the bracket that made this a JSON array
    number = 0
    if window.peek() == "]":
        window.at += 1
    else:
        while True:
            number += 1
            yield _element(window, number)
            separator = window.peek()
            if not separator:
                raise _broken(window, number, window.at, "the file ends too early")
            if separator not in ",]":
                raise _broken(window, number, window.at, "a comma or the closing bracket is missing")
            window.at += 1
            if separator == "]":
                break
    if window.peek():
        raise _broken(window, number, window.at, "text follows the closing bracket")


def _element(window: Window, number: int) -> Any:
    if not window.peek():
        raise _broken(window, number, window.at, "the file ends too early")
    try:
        return window.element()
    except json.JSONDecodeError as error:
        raise _broken(window, number, error.pos, error.msg) from error
    except ValueError as error:
        raise _broken(window, number, window.at, "a number has more than 4,300 digits") from error
    except RecursionError as error:
        raise _broken(window, number, window.at, "it is nested too deeply") from error


def _broken(window: Window, number: int, position: int, what: str) -> FileProblem:
    return FileProblem(
        f"The JSON array is broken at its element {number} ({window.place(position)}): {what}. Only the"
        " elements before it could be read; correct the file and import it again: nothing is added twice."
    )
