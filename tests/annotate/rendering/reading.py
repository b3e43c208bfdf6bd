"""Reading rendered HTML as a browser does: its anchored elements, and every tag and attribute in it."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = ("br", "hr", "img")


@dataclass
class Anchor:
    """An element with `data-s`: where it starts, where it ends if it is atomic, and its text."""

    start: int
    end: int | None
    text: str = ""
    depth: int = 0


@dataclass
class Reader(HTMLParser):
    """What a fragment holds."""

    html: str
    anchors: list[Anchor] = field(default_factory=list)
    tags: set[str] = field(default_factory=set)
    attributes: list[tuple[str, str, str]] = field(default_factory=list)
    text: str = ""

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        assert "\r" not in self.html, "a browser would drop a bare carriage return"
        self.feed(self.html)
        self.close()
        assert self.open == [], f"not closed: {self.open}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag in VOID:
            return
        self.open.append(tag)
        given = dict(attrs)
        if "data-s" in given:
            inside = self.anchors[-1:]
            assert not inside or not inside[0].depth, f"an anchor within the anchor at {inside[0].start}"
            end = given.get("data-e")
            self.anchors.append(Anchor(int(given["data-s"] or 0), int(end) if end else None, depth=len(self.open)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"closes {tag}, which is not open"
        assert self.open[-1] == tag, f"closes {tag} within {self.open[-1]}"
        for one in self.anchors[-1:]:
            if one.depth == len(self.open):
                one.depth = 0
        self.open.pop()

    def handle_data(self, data: str) -> None:
        self.text += data
        if self.anchors and self.anchors[-1].depth:
            self.anchors[-1].text += data


def read(html: str) -> Reader:
    return Reader(html)


def checked(html: str, source: str) -> Reader:
    """Holds the HTML to the contract: anchored text equals the source, in order, without overlap."""
    found, at = Reader(html), 0
    for one in found.anchors:
        assert one.start >= at, f"{one} comes after {at}"
        if one.end is None:
            assert one.text == source[one.start : one.start + len(one.text)], one
            assert one.text
            at = one.start + len(one.text)
        else:
            assert one.start < one.end <= len(source)
            at = one.end
    return found


def shown(found: Reader) -> str:
    """The anchored text, what is atomic left out."""
    return "".join(one.text for one in found.anchors if one.end is None)
