"""Passages of a context: plain sentences that answers can point at by number."""

from collections.abc import Sequence

from django.utils.safestring import SafeString, mark_safe

from annotate.rendering.anchored import Anchored
from annotate.rendering.cleaning import clean, readable


def numbered(text: str, sentences: Sequence[str], passage: int) -> SafeString:
    """The passage's sentences (joined by one space in `text`), each with its number before it."""
    out, start = Anchored(readable(text)), 0
    out.markup('<p dir="auto">')
    for number, sentence in enumerate(sentences, start=1):
        if number > 1:
            out.text(start - 1, start)
        name = f"{passage}.{number}"
        out.markup(f'<span class="sentence" data-ref="{name}"><small class="ref">{name}</small>')
        out.text(start, start + len(sentence))
        out.markup("</span>")
        start += len(sentence) + 1
    out.markup("</p>")
    return mark_safe(clean(out.html()))
