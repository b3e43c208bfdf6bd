"""A text in the campaign's format, code, or a picture, each as anchored HTML."""

from functools import lru_cache

from django.utils.safestring import SafeString, mark_safe

from annotate.rendering.anchored import Anchored, TooMuch
from annotate.rendering.cleaning import clean, readable
from annotate.rendering.code import CLOSING, code_block, code_opening, coloured
from annotate.rendering.look import Look
from annotate.rendering.markdown import LONGEST as LONGEST_MARKDOWN
from annotate.rendering.markdown import Markdown
from annotate.rendering.pictures import picture

LONGEST_CACHED = 20_000


def render(text: str, look: Look, offset: int = 0) -> SafeString:
    """The text in the campaign's format. `offset` is where it begins within its part of the source."""
    if not text:
        return mark_safe("")
    return _cached(text, look, offset) if len(text) <= LONGEST_CACHED else _render(text, look, offset)


def render_code(text: str, language: str = "", offset: int = 0) -> SafeString:
    """The text as a block of code."""
    out = Anchored(readable(text), offset)
    code_block(out, [(0, len(text))], language)
    return mark_safe(clean(out.html()))


def render_aside(text: str, language: str, caption: str) -> SafeString:
    """Code that stands in no source, such as the calls of a tool."""
    return mark_safe(clean(code_opening(caption) + coloured(readable(text), language) + CLOSING))


def render_picture(address: str, alt: str, look: Look, start: int, end: int) -> SafeString:
    """A picture that stands for the source from `start` to `end`."""
    out = Anchored("", start)
    out.atom(0, end - start, picture(address, alt, look), 'class="picture"')
    return mark_safe(clean(out.html(), look))


def _render(text: str, look: Look, offset: int) -> SafeString:
    text = readable(text)
    if look.text_format == "markdown" and len(text) <= LONGEST_MARKDOWN:
        try:
            return mark_safe(clean(Markdown(text, look, offset).html(), look))
        except TooMuch:
            pass
    out = Anchored(text, offset)
    out.markup('<p dir="auto">')
    out.text(0, len(text))
    out.markup("</p>")
    return mark_safe(clean(out.html()))


_cached = lru_cache(maxsize=256)(_render)
