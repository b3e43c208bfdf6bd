"""The last gate: whatever was written before, only this markup gets through."""

import re
from functools import lru_cache

import nh3

from annotate.rendering.look import Look
from annotate.rendering.pictures import LINKS, link_address, may_load

BLOCKS = {"p", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "hr", "div", "figure", "figcaption", "pre"}
INLINE = {"span", "em", "strong", "del", "code", "a", "img", "br", "small"}
TABLES = {"table", "thead", "tbody", "tr", "th", "td"}
MATH = {
    *("math", "mrow", "mi", "mo", "mn", "ms", "mtext", "mspace", "mfrac", "msqrt", "mroot", "mstyle", "merror"),
    *("msub", "msup", "msubsup", "munder", "mover", "munderover", "mmultiscripts", "mprescripts", "menclose"),
    *("mpadded", "mphantom", "mtable", "mtr", "mtd"),
}
MATH_ATTRIBUTES = {
    *("display", "alttext", "displaystyle", "scriptlevel", "mathvariant", "mathcolor", "mathbackground", "accent"),
    *("accentunder", "columnspan", "depth", "fence", "form", "height", "largeop", "linethickness", "lspace", "maxsize"),
    *("minsize", "movablelimits", "notation", "rowspan", "rspace", "separator", "stretchy", "symmetric", "voffset"),
    "width",
}
ATTRIBUTES: dict[str, set[str]] = {
    "*": {"class", "dir", "data-s", "data-e", "data-ref"},
    "a": {"href", "target"},
    "img": {"src", "alt", "loading", "referrerpolicy"},
    "ol": {"start"},
    "th": {"scope"},
    **{tag: {"tabindex", "role", "aria-label"} for tag in ("pre", "div", "span")},
    **dict.fromkeys(MATH, MATH_ATTRIBUTES),
}
PLAIN = Look("plain")
UNSAFE_TEXT = re.compile("[\0\ud800-\udfff]")


def clean(html: str, look: Look = PLAIN) -> str:
    """The HTML without anything that is not allowed. Carriage returns stay: browsers would drop bare ones."""
    cleaned = _cleaner(look, "<img" in html).clean(html.replace("\r", "&#13;"))
    return cleaned.replace("\r", "&#13;")


def readable(text: str) -> str:
    """The text without characters that no page can hold; its length stays."""
    return UNSAFE_TEXT.sub("\ufffd", text)


@lru_cache(maxsize=256)
def _cleaner(look: Look, pictures: bool) -> nh3.Cleaner:
    def relative(address: str) -> str | None:
        return address if look.uploads and address.startswith(look.uploads) else None

    def loaded(tag: str, name: str, value: str) -> str | None:
        if name == "src":
            return value if may_load(value, look) else None
        return value if name != "href" or link_address(value) else None

    return nh3.Cleaner(
        tags=BLOCKS | INLINE | TABLES | MATH,
        clean_content_tags={"script", "style"},
        attributes=ATTRIBUTES,
        attribute_filter=loaded if pictures else None,
        url_schemes={*LINKS, "data"} if pictures else set(LINKS),
        url_relative=relative,
        link_rel="noopener noreferrer nofollow",
        strip_comments=True,
    )
