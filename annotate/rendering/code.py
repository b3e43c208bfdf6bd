"""Code blocks: the lexers of Pygments, a handful of classes, and text that is never changed."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from html import escape
from itertools import groupby, takewhile
from operator import itemgetter
from time import monotonic

from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name
from pygments.token import Token, _TokenType
from pygments.util import ClassNotFound

from annotate.rendering.anchored import Anchored

LONGEST, MOST = 5_000, 20_000
"""The characters coloured in a block, and in all blocks of a text."""
LONGEST_NAME = 30
LANGUAGES = frozenset(
    """
    python py python3 py3 pycon javascript js typescript ts tsx jsx json html xml css scss java kotlin c cpp
    c++ csharp cs c# go golang rust rs swift ruby rb php perl pl lua r julia jl scala haskell hs ocaml
    elixir erlang clojure lisp scheme dart matlab octave sql mysql postgresql plpgsql sqlite3 bash sh shell zsh
    console powershell ps1 batch bat yaml yml toml ini diff udiff tex latex docker dockerfile
    cmake nginx graphql protobuf proto fortran vb.net groovy
    """.split()  # noqa: SIM905
)
"""Whose lexers are tried: a text may name any, and some take minutes for a page."""
PATIENCE = 0.2
"""Seconds after which a block stays plain: even common lexers are quadratic in what no program looks like."""
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
    length = sum(end - start for start, end in pieces)
    tokens: Tokens = []
    if length <= LONGEST and out.coloured + length <= MOST:
        tokens = _tokens("".join(out.source[start:end] for start, end in pieces), language)
        out.coloured += length
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
    lexer = _lexer(language) if language in LANGUAGES and len(text) <= LONGEST else None
    if lexer is None:
        return []
    try:
        until = monotonic() + PATIENCE
        in_time = takewhile(lambda _: monotonic() < until, lexer.get_tokens_unprocessed(text))
        found = ((_class(kind), value) for _, kind, value in in_time)
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
