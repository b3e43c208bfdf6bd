"""What one message says: a text, or parts of which some are pictures."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from annotate.kinds.source import content_text, passage_text
from annotate.rendering.look import Look
from annotate.rendering.sentences import numbered
from annotate.rendering.texts import render, render_code, render_picture

PICTURES = ("image_url", "image", "input_image")
JSON_LIKE = ("{", "[")


def render_content(content: Any, look: Look) -> SafeString:
    """A message's content; offsets count in the message's text, in which a picture is a part such as `[image_url]`."""
    if not isinstance(content, Sequence) or isinstance(content, str):
        return render(content_text(content), look)
    return mark_safe("".join(_parts(content, look)))


def _parts(content: Sequence[Any], look: Look) -> Iterator[str]:
    offset = pictures = 0
    for part in content:
        text = content_text([part])
        address = _address(part)
        if address is None:
            yield render(text, look, offset)
        else:
            pictures += 1
            alt = str(part.get("alt") or f"Picture {pictures}")
            yield render_picture(address, alt, look, offset, offset + len(text))
        offset += len(text) + 1


def _address(part: Any) -> str | None:
    """Where the picture is that a part shows; None for other parts."""
    if not isinstance(part, Mapping) or part.get("type") not in PICTURES:
        return None
    found = next((part[key] for key in ("image_url", "image", "source", "url") if part.get(key)), "")
    if isinstance(found, Mapping) and found.get("data"):
        return f"data:{found.get('media_type')};base64,{found['data']}"
    return str(found.get("url", "")) if isinstance(found, Mapping) else str(found)


def render_result(content: Any) -> SafeString:
    """What a tool answered, as code."""
    text = content_text(content)
    return render_code(text, "json" if text.lstrip().startswith(JSON_LIKE) else "") if text else mark_safe("")


def render_passage(passage: Mapping[str, Any], number: int) -> SafeString:
    """A passage of a context, its sentences numbered within the `number`th passage."""
    return numbered(passage_text(passage), passage["sentences"], number)
