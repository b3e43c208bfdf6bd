"""Writing HTML whose text knows where it stands in the source."""

from html import escape

MOST_PIECES = 200_000


class TooMuch(Exception):
    """The markup of this text would be far larger than the text."""


class Anchored:
    """HTML under construction. Text is taken from `source` by range, never typed, so it equals the source.

    Ranges rise and never overlap: what was shown already is cut off. Ranges that touch become one element.
    `offset` is where the source itself begins within its part; `coloured` counts the characters of its coloured code.
    """

    def __init__(self, source: str, offset: int = 0) -> None:
        self.source, self.offset = source, offset
        self.shown = self.coloured = 0
        self._html: list[str] = []
        self._from = self._to = -1
        self._after_block = False

    def markup(self, html: str) -> None:
        """Markup without text of the source."""
        self._close()
        self._after_block = False
        if len(self._html) > MOST_PIECES:
            raise TooMuch
        self._html.append(html)

    def text(self, start: int, end: int) -> None:
        """The source from `start` to `end`, as it stands."""
        start = max(start, self.shown)
        if self._after_block and start < end:
            start += _break_at(self.source, start)
            self._after_block = False
        if start >= end:
            return
        if start != self._to:
            self._close()
            self._from = start
        self._to = self.shown = end

    def marked_up(self, start: int, end: int, html: str) -> None:
        """The source from `start` to `end`; `html` is the same text with markup in it."""
        self._element(start, end, f'data-s="{start + self.offset}"', html)

    def atom(self, start: int, end: int, html: str, attributes: str = "") -> None:
        """Something that stands for the source from `start` to `end`, whatever it shows."""
        anchor = f'data-s="{start + self.offset}" data-e="{end + self.offset}"'
        self._element(start, end, f"{anchor} {attributes}" if attributes else anchor, html)

    def block_atom(self, start: int, end: int, html: str, attributes: str = "") -> None:
        """The same as a block: the line breaks around it are not needed."""
        if self._from >= 0 and self.source[self._to - 1] in "\r\n":
            self._to -= 2 if self.source[max(self._to - 2, self._from) : self._to] == "\r\n" else 1
            self._from = self._from if self._from < self._to else -1
        self.atom(start, end, html, attributes)
        self._after_block = True

    def html(self) -> str:
        self._close()
        return "".join(self._html)

    def _element(self, start: int, end: int, anchor: str, html: str) -> None:
        if self.shown <= start < end:
            self.markup(f"<span {anchor}>{html}</span>")
            self.shown = end

    def _close(self) -> None:
        if self._from >= 0:
            text = escape(self.source[self._from : self._to], quote=False)
            self._html.append(f'<span data-s="{self._from + self.offset}">{text}</span>')
        self._from = self._to = -1


def _break_at(source: str, start: int) -> int:
    """The length of the line break there."""
    return 2 if source[start : start + 2] == "\r\n" else int(source[start] in "\r\n")
