"""Code blocks: the lexers of Pygments, a handful of classes, and text that is never changed."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from html import escape
from itertools import groupby
from operator import itemgetter

from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name
from pygments.token import Token, _TokenType
from pygments.util import ClassNotFound

from annotate.rendering.anchored import Anchored

LONGEST = 20_000
LONGEST_NAME = 30
CLOSING = "</code></pre></figure>"
CLASSES: dict[_TokenType, str] = {
    Token.Comment: "c",
    Token.Keyword: "k",
    Token.Literal.String: "s",
    Token.Literal.Number: "m",
    Token.Name.Function: "f",
    Token.Name.Class: "f",
    Token.Name.Tag: "k",
    Token.Name.Attribute: "f",
    Token.Name.Builtin: "b",
    Token.Name.Decorator: "b",
    Token.Operator.Word: "k",
    Token.Generic.Deleted: "x",
    Token.Generic.Inserted: "i",
    Token.Generic.Heading: "f",
    Token.Generic.Prompt: "c",
}
"""What a token of a type (or of the nearest type above it) is coloured as."""

Piece = tuple[int, int]
"""A stretch of the source. What lies between two of them (the `>` of a quotation) is not code."""


def code_block(out: Anchored, pieces: Sequence[Piece], language: str = "") -> None:
    """Writes a block of code, coloured where its language is known."""
    out.markup(code_opening(language))
    tokens = _tokens("".join(out.source[start:end] for start, end in pieces), language)
    for start, end in pieces:
        if tokens:
            out.marked_up(start, end, _coloured(tokens, end - start))
        else:
            out.text(start, end)
    out.markup(CLOSING)


def code_opening(caption: str) -> str:
    shown = f"<figcaption>{escape(caption[:LONGEST_NAME])}</figcaption>" if caption else ""
    return f'<figure class="code">{shown}<pre dir="ltr" tabindex="0" role="group" aria-label="Code"><code>'


def merged(pieces: Iterable[Piece], source: str) -> list[Piece]:
    """Neighbouring pieces as one; the carriage returns that the parser leaves out belong to the code."""
    found: list[Piece] = []
    for start, end in pieces:
        if found and source[found[-1][1] : start] in ("", "\r"):
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return found


def language_of(info: str) -> str:
    """The language that a fence names: `python`, `{.python}`, `python title="x"`."""
    words = info.replace(",", " ").split()
    return words[0].strip("{}.").lower() if words else ""


Tokens = list[tuple[str, str]]
"""Class ("" for none) and text of each token, the last one first."""


def _tokens(text: str, language: str) -> Tokens:
    """The text's tokens; none where nothing is to be coloured."""
    lexer = _lexer(language) if language and len(text) <= LONGEST else None
    if lexer is None:
        return []
    try:
        found = ((_class(kind), value) for _, kind, value in lexer.get_tokens_unprocessed(text))
        tokens = [(name, "".join(value for _, value in same)) for name, same in groupby(found, key=itemgetter(0))]
    except Exception:  # A lexer's mistake must not hide the code.
        return []
    return tokens[::-1] if "".join(value for _, value in tokens) == text else []


@lru_cache(maxsize=64)
def _lexer(language: str) -> Lexer | None:
    try:
        return get_lexer_by_name(language)
    except ClassNotFound:
        return None


@lru_cache(maxsize=512)
def _class(kind: _TokenType) -> str:
    while kind is not Token:
        if kind in CLASSES:
            return CLASSES[kind]
        kind = kind.parent
    return ""


def coloured(text: str, language: str) -> str:
    """The text as markup, for code that stands in no source."""
    return _coloured(_tokens(text, language) or [("", text)], len(text))


def _coloured(tokens: Tokens, length: int) -> str:
    """Takes the first `length` characters off the tokens, as markup; a token that goes on stays with its rest."""
    html: list[str] = []
    while length and tokens:
        name, value = tokens.pop()
        if len(value) > length:
            tokens.append((name, value[length:]))
            value = value[:length]
        length -= len(value)
        text = escape(value, quote=False)
        html.append(f'<span class="{name}">{text}</span>' if name and value.strip() else text)
    return "".join(html)
