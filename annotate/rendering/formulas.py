r"""Formulas in a text: `$…$`, `$$…$$`, `\(…\)`, `\[…\]` and bare environments."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from html import escape

from math_core import LatexError, LatexToMathML

from annotate.rendering.anchored import Anchored
from annotate.rendering.brackets import unclosed
from annotate.rendering.events import events, tag

LONGEST, DEEPEST, MOST_UNCLOSED = 4000, 60, 8
FILLER = "x"
BLOCK = 'class="math block" tabindex="0" role="group" aria-label="Formula"'
MARKS = re.compile(r"\$|\\[(\[]|\\begin\{")
TOKEN = re.compile(
    r"\\\\|\\\$|\\[()\[\]]|\\begin\{(?:equation|align|alignat|gather|multline|eqnarray|split|cases|[pbvBV]?matrix)\*?\}"
    r"|\\end\{\w+\*?\}|\$\$|\$|\r?\n[ \t>]*\r?\n"
)
CLOSES = {"$": "$", "$$": "$$", "\\(": "\\)", "\\[": "\\]"}
MATHS, SPACE, WORD, LIST = (
    re.compile(pattern) for pattern in (r"[\\^_=+*{}<>]", r"\s", r"(?=[^\W\d_]{2})", r"[,;](?=\s)")
)
WORD_GOES_ON = re.compile(r"(?!(?:th|st|nd|rd|s)\b)[A-Za-z0-9]")
QUOTED = re.compile(r"\n[ ]{0,3}(?:>[ ]?)+")


@dataclass(frozen=True, slots=True)
class Formula:
    """TeX from `start` to `end` of a text, its delimiters included."""

    start: int
    end: int
    tex: str
    display: bool


def formulas_in(text: str) -> list[Formula]:
    """The formulas of a Markdown text, from left to right; code and raw HTML hold none."""
    if not MARKS.search(text):
        return []
    closed = [
        (start, end)
        for name, value, start, end in events(text)
        if name in ("Code", "Html", "InlineHtml") or (name == "Start" and tag(value)[0] == "CodeBlock")
    ]
    return list(find_formulas(text, closed))


def without_formulas(text: str, formulas: Iterable[Formula]) -> str:
    """The text for the Markdown parser, with a plain word of the same length for each formula: TeX is not Markdown."""
    parts, start = [], 0
    for formula in sorted(formulas, key=lambda one: one.start):
        parts += [text[start : formula.start], FILLER * (formula.end - formula.start)]
        start = formula.end
    return "".join([*parts, text[start:]])


def shown_formula(out: Anchored, formula: Formula) -> None:
    """Writes a formula, or its source where it cannot be read."""
    html = mathml(formula.tex, formula.display)
    if html is None:
        out.text(formula.start, formula.end)
        return
    html = html.replace("<math", f'<math alttext="{escape(formula.tex.strip())}"', 1)
    if formula.display:
        out.block_atom(formula.start, formula.end, html, BLOCK)
    else:
        out.atom(formula.start, formula.end, html, 'class="math"')


def find_formulas(text: str, closed: Iterable[tuple[int, int]]) -> Iterator[Formula]:
    """The formulas outside the `closed` ranges (code, which says what it says), from left to right.

    None holds a blank line. A dollar opens before and closes behind something that is not white space, and does
    not close before a digit or within a word, so that prices stay prices.
    """
    prices = Prices(text)
    opened: re.Match[str] | None = None
    for token in _open_tokens(text, closed):
        mark = token.group() if token else "\n\n"
        if token and opened and opened.group() == "$" and token.start() - opened.end() > LONGEST:
            opened = None
        if token is None or mark.isspace() or (mark[0] in "\r\n"):
            opened = None
        elif opened and mark == _closing(opened.group()) and (mark != "$" or _may_close(text, opened, token, prices)):
            yield _formula(text, opened, token)
            opened = None
        elif (opened is None or opened.group() == "$") and _may_open(text, token):
            opened = token


def _open_tokens(text: str, closed: Iterable[tuple[int, int]]) -> Iterator[re.Match[str] | None]:
    """The tokens outside the closed ranges; None where one of those lies between two tokens."""
    ranges = iter(sorted(closed))
    start, end = next(ranges, (len(text), len(text)))
    for token in TOKEN.finditer(text):
        while end <= token.start() and start < len(text):
            yield None
            start, end = next(ranges, (len(text), len(text)))
        if token.end() <= start:
            yield token


def _closing(mark: str) -> str:
    return CLOSES.get(mark) or mark.replace("begin", "end", 1)


def _may_open(text: str, token: re.Match[str]) -> bool:
    mark = token.group()
    if mark != "$":
        return mark in CLOSES or mark.startswith("\\begin")
    before, after = text[max(token.start() - 1, 0) : token.start()], text[token.end() : token.end() + 1]
    return bool(after) and not after.isspace() and not (before.isascii() and before.isalnum())


def _may_close(text: str, opened: re.Match[str], token: re.Match[str], prices: "Prices") -> bool:
    start, end = opened.end(), token.start()
    return (
        start < end
        and not text[end - 1].isspace()
        and not WORD_GOES_ON.match(text, token.end())
        and not prices.price(start, end)
    )


class Prices:
    """Tells a price from a formula by where spaces, words and signs are, each looked for once in the whole text."""

    def __init__(self, text: str) -> None:
        self.text = text

    def price(self, start: int, end: int) -> bool:
        """Whether a number is there, and words, a list or an open range follow it before any sign of mathematics."""
        if not self.text[start].isdecimal():
            return False
        sign = self._next(self._maths, start, end)
        word = self._next(self._words, self._next(self._spaces, start + 1, sign) + 1, sign)
        if word + 2 <= sign or self._next(self._lists, start + 1, sign - 1) < sign - 1:
            return True
        return sign == end > start + 1 and self.text[end - 1] in "-–"

    @staticmethod
    def _next(places: list[int], start: int, end: int) -> int:
        """The first of the places from `start` on; `end` where it is not before that."""
        index = bisect_left(places, start)
        return min(places[index], end) if index < len(places) else end

    @cached_property
    def _maths(self) -> list[int]:
        return self._places(MATHS)

    @cached_property
    def _spaces(self) -> list[int]:
        return self._places(SPACE)

    @cached_property
    def _words(self) -> list[int]:
        return self._places(WORD)

    @cached_property
    def _lists(self) -> list[int]:
        return self._places(LIST)

    def _places(self, pattern: re.Pattern[str]) -> list[int]:
        return [found.start() for found in pattern.finditer(self.text)]


def _formula(text: str, opened: re.Match[str], token: re.Match[str]) -> Formula:
    mark = opened.group()
    if mark.startswith("\\begin"):
        return Formula(opened.start(), token.end(), text[opened.start() : token.end()], True)
    tex = text[opened.end() : token.start()]
    line = text[text.rfind("\n", 0, opened.start()) + 1 : opened.start()]
    if line.lstrip().startswith(">"):
        tex = QUOTED.sub("\n", tex)
    return Formula(opened.start(), token.end(), tex, mark in ("$$", "\\["))


_CONVERTER = LatexToMathML(fancy_error=False, max_expansions=200)
STYLE = re.compile(r' style="([^"]*)"')
STYLES = {
    "text-align: right": "right",
    "text-align: left": "left",
    "border-right": "line-end",
    "border-left": "line-start",
    "border-top": "line-above",
    "border-bottom": "line-below",
}


@lru_cache(maxsize=2048)
def mathml(tex: str, display: bool) -> str | None:
    """The formula as MathML Core; None for what cannot be read, or is longer or deeper than formulas are.

    Brackets that stay open are few, as each doubles the time.
    """
    if not tex.strip() or len(tex) > LONGEST or _depth(tex) > DEEPEST or unclosed(tex) > MOST_UNCLOSED:
        return None
    try:
        return STYLE.sub(_without_style, _CONVERTER.convert_with_local_state(tex, displaystyle=display))
    except LatexError:
        return None


def _depth(tex: str) -> int:
    deepest = depth = 0
    for mark in re.findall(r"[{}]|\\(?:left|right|sqrt|begin|end)\b", tex):
        depth += -1 if mark in ("}", "\\right", "\\end") else 1
        deepest = max(deepest, depth)
    return deepest


def _without_style(found: re.Match[str]) -> str:
    """Inline styles are against the content policy: colours become attributes, the rest classes."""
    style = found[1]
    names = [name for part, name in STYLES.items() if part in style]
    html = f' class="{" ".join(names)}"' if names else ""
    if colour := re.search(r"(?<!-)color:\s*(#[0-9A-Fa-f]{3,8})", style):
        html += f' mathcolor="{colour[1]}"'
    return html
