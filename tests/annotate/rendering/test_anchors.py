"""Whatever a text holds, what is shown of it stays anchored to it."""

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from annotate.kinds.source import content_text, passage_text
from annotate.rendering import Look, render, render_content, render_passage, render_result
from annotate.rendering.cleaning import ATTRIBUTES, BLOCKS, INLINE, MATH, TABLES
from tests.annotate.rendering.reading import Reader, checked, read, shown

MARKDOWN, PLAIN = Look(uploads="/images/1/", hosts=("https://ok.example",)), Look("plain")
SOUP = [
    *(
        "# ",
        "## ",
        "- ",
        "1. ",
        "> ",
        "    ",
        "\t",
        "```",
        "```py\n",
        "~~~",
        "`",
        "``",
        "*",
        "**",
        "_",
        "~~",
        "|",
        "\\|",
    ),
    *(
        "|a|b|\n|-|:-:|\n",
        "\n",
        "\r\n",
        "\r",
        "\n\n",
        "  \n",
        "\\\n",
        "\\",
        "&amp;",
        "&#x41;",
        "&nbsp;",
        "&",
        "<b>",
        "</b>",
    ),
    *(
        "<script>alert(1)</script>",
        "<!-- x -->",
        "<div>\n",
        "[a](http://x.y)",
        "[a](javascript:x)",
        "![p](upload:p.png)",
    ),
    *("![", "](", ")", "[r]: /x\n", "[r]", "<http://a.b>", "<me@a.b>", "$", "$$", "$x^2$", "\\(", "\\)", "\\[", "\\]"),
    *(
        "\\begin{align}",
        "\\end{align}",
        "\\frac{a}{b}",
        "- [x] ",
        "---\n",
        "===\n",
        "word",
        " ",
        "é",
        "e\u0301",
        "🙂",
        "👩‍👩‍👧",
    ),
    *(
        "שלום",
        "مرحبا",
        "\u202e",
        "\u200b",
        "\ufeff",
        "\x0c",
        "\x85",
        "\u2028",
        "漢字",
        "def f():",
        "x = 1",
        '"',
        "'",
        "5",
    ),
]
STORABLE = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=8)
TEXTS = st.lists(st.sampled_from(SOUP) | STORABLE, max_size=40).map("".join)


def allowed(found: Reader) -> None:
    """No tag and no attribute outside the allowlist, and no address that a browser would run."""
    assert found.tags <= BLOCKS | INLINE | TABLES | MATH
    for tag, name, value in found.attributes:
        assert name in ATTRIBUTES["*"] | ATTRIBUTES.get(tag, set()) | {"rel"}, (tag, name)
        if name == "href":
            assert re.match(r"(https?|mailto):", value), value
        if name == "src":
            assert re.match(r"/images/1/|https://ok\.example/|data:image/(png|jpeg|gif|webp);base64,", value), value


@settings(max_examples=400)
@example("\\[\n\\foo\n\\]\n\n```py\r\ndef f():\r\n\tpass\r\n```\r\n> $$\n> x\n> $$\n")
@example("| a \\| b | `c \\| d` |\n|-|-|\n| e |")
@given(text=TEXTS)
def test_markdown_is_anchored_and_allowed(text: str) -> None:
    allowed(checked(render(text, MARKDOWN), text))


@given(text=TEXTS)
def test_plain_text_is_shown_whole(text: str) -> None:
    found = checked(render(text, PLAIN), text)
    allowed(found)
    assert shown(found) == text


@given(text=TEXTS)
def test_what_a_tool_says_is_shown_whole(text: str) -> None:
    found = checked(render_result(text), text)
    allowed(found)
    assert shown(found) == text


@given(texts=st.lists(TEXTS, min_size=1, max_size=4), picture=st.booleans())
def test_parts_of_a_message_count_from_its_beginning(texts: list[str], picture: bool) -> None:
    content: list[dict[str, object]] = [{"type": "text", "text": text} for text in texts]
    if picture:
        content.insert(1, {"type": "image_url", "image_url": {"url": "https://ok.example/a.png"}})
    allowed(checked(render_content(content, MARKDOWN), content_text(content)))


@given(sentences=st.lists(TEXTS.filter(str.strip), min_size=1, max_size=5))
def test_sentences_of_a_passage_are_shown_whole(sentences: list[str]) -> None:
    passage = {"sentences": sentences}
    found = checked(render_passage(passage, 3), passage_text(passage))
    assert shown(found) == passage_text(passage)
    assert [v for _, name, v in found.attributes if name == "data-ref"] == [f"3.{n + 1}" for n in range(len(sentences))]


LETTERS = re.compile(r"[A-Za-zé🙂]+")


@pytest.mark.parametrize(
    "text",
    [
        "A paragraph with **bold**, *slanted*, ~~struck~~ and `code`.\nAnother line.",
        "# Title\n\nText\n===\n\n- one\n- two\n  - three\n\n1. four\n2. five",
        "> quoted\n> lines\n\n    indented code\n\n```py\nfenced = code\n```",
        "| one | two |\n|---|--:|\n| three | four |",
        "<div>\nraw <b>tags</b>\n</div>\n\nand <i>inline</i> <!-- comment -->",
        "[label]: http://example.org\n[^note]: word\n\nAfter the definitions [label].",
        "é🙂 [text](http://example.org) <http://example.org>",
        "\tindented\r\n\r\nand\r\nlines\r\n",
    ],
)
def test_every_word_of_prose_can_be_marked(text: str) -> None:
    seen = {word for one in checked(render(text, MARKDOWN), text).anchors for word in LETTERS.findall(one.text)}
    source = re.sub(r"\]\([^)]*\)|```py", "", text)
    assert set(LETTERS.findall(source)) <= seen


def test_line_breaks_are_where_they_were() -> None:
    assert shown(read(render("one\ntwo  \nthree\r\nfour", MARKDOWN))) == "one\ntwo  \nthree\r\nfour"


def test_characters_that_no_page_can_hold_keep_their_place() -> None:
    found = read(render("a\0b\ud800c", MARKDOWN))
    assert [(one.start, one.text) for one in found.anchors] == [(0, "a\ufffdb\ufffdc")]


def test_entities_and_tabs_stand_for_their_source() -> None:
    atoms = [(one.start, one.end, one.text) for one in read(render("a &lt; b &#x1F642;", MARKDOWN)).anchors if one.end]
    assert atoms == [(2, 6, "<"), (9, 18, "🙂")]
