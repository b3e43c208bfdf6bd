"""Pictures and links: what may be shown, and what may be followed."""

import re
from html import escape
from urllib.parse import quote, urlsplit

from annotate.rendering.look import Look

DATA = re.compile(r"data:image/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/]+={0,2}")
UPLOAD = "upload:"
LINKS = ("http", "https", "mailto")


def picture(address: str, alt: str, look: Look, linked: bool = False) -> str:
    """The picture, or what stands for one that may not be shown; within a link (`linked`) that is no link."""
    alt = " ".join(alt.split()) or "Picture"
    if source := _source(address.strip(), look):
        return f'<img src="{escape(source)}" alt="{escape(alt)}" loading="lazy" referrerpolicy="no-referrer">'
    name = escape(alt)
    if linked or not (href := link_address(address)):
        return f'<span class="not-shown">{name} <small>(not shown: {_why(address)})</small></span>'
    return f'<span class="not-shown">{opened_link(href)}{name}</a> <small>(not shown: {_why(address)})</small></span>'


def _source(address: str, look: Look) -> str | None:
    """Where a browser may load it from, or None."""
    if address.startswith(UPLOAD):
        name = address.removeprefix(UPLOAD)
        return look.uploads + quote(name, safe="") if look.uploads and name else None
    return address if not address.startswith("/") and may_load(address, look) else None


def may_load(address: str, look: Look) -> bool:
    """Whether a page may load a picture from there."""
    if look.uploads and address.startswith(look.uploads):
        return True
    return bool(DATA.fullmatch(address)) or any(_on(address, host) for host in look.hosts)


def _on(address: str, host: str) -> bool:
    """Whether an address is on a host such as `https://pictures.example.org` or `https://*.example.org`."""
    try:
        asked, allowed = urlsplit(address), urlsplit(host)
    except ValueError:
        return False
    if asked.scheme != allowed.scheme or "\\" in address:
        return False
    if allowed.netloc.startswith("*."):
        return asked.netloc.lower().endswith(allowed.netloc[1:].lower()) and "@" not in asked.netloc
    return asked.netloc.lower() == allowed.netloc.lower()


def _why(address: str) -> str:
    if address.startswith(UPLOAD):
        return "there are no uploaded pictures here"
    if link_address(address):
        return "its host is not allowed"
    return "only PNG, JPEG, GIF and WebP" if address.startswith("data:") else "its address is not one of a picture"


def link_address(address: str) -> str | None:
    """The address, if it may be followed."""
    try:
        parts = urlsplit(address.strip())
    except ValueError:
        return None
    return address.strip() if parts.scheme in LINKS and (parts.netloc or parts.scheme == "mailto") else None


def opened_link(address: str) -> str:
    return f'<a href="{escape(address)}" rel="noopener noreferrer nofollow" target="_blank">'
