"""Markdown, from the parser's events to HTML that is anchored to the source."""

import re
from collections.abc import Sequence
from html import escape
from typing import Any

from annotate.rendering.anchored import Anchored
from annotate.rendering.code import code_block, language_of, merged
from annotate.rendering.events import events, tag
from annotate.rendering.formulas import formulas_in, shown_formula, without_formulas
from annotate.rendering.look import Look
from annotate.rendering.pictures import link_address, opened_link, picture

LONGEST = 200_000
DEEPEST = 40
"""A longer text is shown as it stands; deeper nesting is not shown as such."""

TAGS = {
    "Paragraph": ('<p dir="auto">', "</p>"),
    "HtmlBlock": ('<p class="raw" dir="auto">', "</p>"),
    "BlockQuote": ('<blockquote dir="auto">', "</blockquote>"),
    "Item": ("<li>", "</li>"),
    "TableRow": ("<tr>", "</tr>"),
    "TableHead": ("<thead><tr>", "</tr></thead><tbody>"),
    "Emphasis": ("<em>", "</em>"),
    "Strong": ("<strong>", "</strong>"),
    "Strikethrough": ("<del>", "</del>"),
}
WIDE = 'class="wide" tabindex="0" role="group" aria-label="Table"'
REFUSED = "refused"
PIPE = re.compile(r"\\(?=\|)")


class Markdown:
    """One text on its way to HTML.

    Headings never skip a level, whatever theirs are: the page's outline stays right. Raw HTML, links that may not
    be followed and what the parser would drop between blocks (definitions of links) are shown as they stand.
    """

    def __init__(self, text: str, look: Look, offset: int = 0) -> None:
        self.text, self.look = text, look
        self.out = Anchored(text, offset)
        self.formulas = formulas_in(text)[::-1]
        self.parsed = without_formulas(text, self.formulas)
        self.ends: list[str] = []
        self.code: list[tuple[int, int]] | None = None
        self.pictures: list[tuple[str, int]] = []
        self.alt = self.language = ""
        self.heading, self.covered, self.column = 2, 0, 0
        self.columns: Sequence[str] = ()
        self.in_head = False

    def html(self) -> str:
        for name, value, start, end in events(self.parsed):
            if name == "Start":
                self._start(*tag(value), start, end)
            elif name == "End":
                self._end(tag(value)[0], end)
            elif self.pictures:
                self.alt += self.text[start:end] if name == "Text" else " "
            elif self.code is not None:
                self.code.append((start, end))
            else:
                self._leaf(name, value, start, end)
        self._between(len(self.text))
        return self.out.html()

    def _between(self, end: int) -> None:
        """Shows what stands between two blocks of the document: definitions of links, which are no block."""
        left = self.text[self.covered : end]
        if left.strip():
            self.out.markup('<p class="raw" dir="auto">')
            self.out.text(self.covered + len(left) - len(left.lstrip()), self.covered + len(left.rstrip()))
            self.out.markup("</p>")

    def _start(self, name: str, value: Any, start: int, end: int) -> None:
        if not self.ends:
            self._between(start)
        if name == "Image":
            self.pictures.append((value["dest_url"], start))
        shown = not self.pictures and len(self.ends) < DEEPEST
        opening, closing = self._tags(name, value, start, end) if shown else ("", "")
        self.ends.append(closing)
        if opening:
            self.out.markup(opening)

    def _tags(self, name: str, value: Any, start: int, end: int) -> tuple[str, str]:
        """What is written before and after the contents of a tag."""
        if name in ("TableHead", "TableRow"):
            self.column, self.in_head = 0, name == "TableHead"
        if name in TAGS:
            return TAGS[name]
        if name == "Heading":
            own = int(value["level"][1])
            self.heading = min(self.heading + 1, own + 2, 6)
            return f'<h{self.heading} class="h{own}" dir="auto">', f"</h{self.heading}>"
        if name == "List":
            return ('<ul dir="auto">', "</ul>") if value is None else (f'<ol dir="auto" start="{value}">', "</ol>")
        if name == "Table":
            self.columns = value
            return f'<div {WIDE}><table dir="auto">', "</tbody></table></div>"
        if name == "TableCell":
            return self._cell(self.text[start:end])
        if name == "Link":
            return self._link(value, start)
        if name == "CodeBlock":
            self.code, self.language = [], language_of(value["Fenced"]) if isinstance(value, dict) else ""
        return "", ""

    def _cell(self, content: str) -> tuple[str, str]:
        kind = "th" if self.in_head and content.strip() else "td"
        side = self.columns[self.column].lower() if self.column < len(self.columns) else "none"
        self.column += 1
        attributes = (' scope="col"' if kind == "th" else "") + (f' class="{side}"' if side != "none" else "")
        return f"<{kind}{attributes}>", f"</{kind}>"

    def _link(self, value: Any, start: int) -> tuple[str, str]:
        href = link_address(("mailto:" if value["link_type"] == "Email" else "") + value["dest_url"])
        if href is None:
            self.out.text(start, start + 1)
            return "", REFUSED
        return opened_link(href), "</a>"

    def _end(self, name: str, end: int) -> None:
        closing = self.ends.pop()
        if name == "Image":
            self._picture(end)
        elif name == "CodeBlock" and self.code is not None:
            code_block(self.out, merged(self.code, self.text), self.language)
            self.code = None
        elif closing == REFUSED:
            self.out.text(self.out.shown, end)
        elif closing:
            self.out.markup(closing)
        if not self.ends:
            self.covered = max(self.covered, end)

    def _picture(self, end: int) -> None:
        address, start = self.pictures.pop()
        if not self.pictures:
            html = picture(address, self.alt, self.look, linked="</a>" in self.ends)
            self.out.atom(start, end, html, 'class="picture"')
            self.alt = ""

    def _leaf(self, name: str, value: Any, start: int, end: int) -> None:
        if name == "Text":
            self._text(value, start, end)
        elif name == "Code":
            self._inline_code(value, start, end)
        elif name == "HardBreak":
            self.out.text(start + (self.text[start] == "\\"), end)
        elif name == "TaskListMarker":
            box, state = ("☑", "done") if value else ("☐", "not done")
            self.out.atom(start, end, box, f'class="task" role="img" aria-label="{state}"')
        elif name == "Rule":
            self._rule(start, end)
        else:
            self.out.text(start, end)

    def _rule(self, start: int, end: int) -> None:
        if not self.ends:
            self._between(start)
            self.covered = max(self.covered, end)
        self.out.markup("<hr>")

    def _text(self, value: str, start: int, end: int) -> None:
        if value != self.parsed[start:end]:
            self.out.atom(start, end, escape(value, quote=False))
            return
        while self.formulas and self.formulas[-1].start < end:
            formula = self.formulas.pop()
            if formula.start >= start and formula.end <= end:
                self.out.text(start, formula.start)
                shown_formula(self.out, formula)
                start = formula.end
        self.out.text(start, end)

    def _inline_code(self, value: str, start: int, end: int) -> None:
        """What stands between the backticks, without the space beside each; in a table, `\\|` is a bar."""
        written = self.text[start:end]
        ticks = len(written) - len(written.lstrip("`"))
        padded = len(value) < len(written) - 2 * ticks and written[ticks].isspace() and written[-ticks - 1].isspace()
        start, end = start + ticks + padded, end - ticks - padded
        self.out.markup("<code>")
        if "\\|" not in value:
            for bar in PIPE.finditer(self.text, start, end):
                self.out.text(start, bar.start())
                start = bar.end()
        self.out.text(start, end)
        self.out.markup("</code>")
