"""What becomes of headings, lists, tables, links, pictures and code."""

import pytest

from annotate.rendering import Look, render, render_aside
from annotate.rendering.code import LANGUAGES, LONGEST, MOST, _lexer, language_of
from tests.annotate.rendering.reading import checked, read, shown

LOOK = Look(uploads="/images/1/", hosts=("https://ok.example", "https://*.wild.example", "http://local:9000"))


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("# a\n## b\n### c", ["h3", "h4", "h5"]),
        ("### a\n# b\n### c", ["h3", "h3", "h4"]),
        ("# a\n" + "\n".join("#" * n + " b" for n in (2, 3, 4, 5, 6)), ["h3", "h4", "h5", "h6", "h6", "h6"]),
    ],
)
def test_headings_skip_no_level(text: str, tags: list[str]) -> None:
    html = render(text, LOOK)
    assert [part[:2] for part in html.split("<") if part[:1] == "h"] == tags


def test_headings_look_like_what_was_written() -> None:
    assert '<h3 class="h3" dir="auto">' in render("### a", LOOK)


def test_lists_keep_their_numbers_and_boxes() -> None:
    assert '<ol dir="auto" start="7">' in render("7. a\n8. b", LOOK)
    html = render("- [x] a\n- [ ] b", LOOK)
    assert [(one.start, one.end, one.text) for one in read(html).anchors if one.end] == [(2, 5, "☑"), (10, 13, "☐")]
    assert 'role="img" aria-label="not done"' in html


def test_tables_have_headers_and_sides() -> None:
    html = render("| | b |\n|:-|-:|\n| c | d |", LOOK)
    assert '<td class="left"></td><th scope="col" class="right">' in html
    assert html.startswith('<div class="wide" tabindex="0" role="group" aria-label="Table"><table dir="auto"><thead>')


@pytest.mark.parametrize("address", ["https://a.example/x?y=1&z=2", "http://a.example", "mailto:me@a.example"])
def test_links_open_apart_and_tell_nothing(address: str) -> None:
    (link,) = {value for tag, name, value in read(render(f"[text]({address})", LOOK)).attributes if name == "href"}
    assert link == address
    assert 'target="_blank" rel="noopener noreferrer nofollow"' in render(f"[text]({address})", LOOK)


@pytest.mark.parametrize(
    "address", ["/here", "here", "javascript:x", "data:text/html,x", "ftp://a.example", "//a.example"]
)
def test_other_links_are_shown_as_they_are_written(address: str) -> None:
    text = f"see [the **text**]({address}) there"
    html = render(text, LOOK)
    assert "<a " not in html
    assert shown(checked(html, text)) == f"see [the text**]({address}) there"


@pytest.mark.parametrize(
    ("address", "source"),
    [
        ("https://ok.example/a.png", "https://ok.example/a.png"),
        ("https://OK.example/a.png", "https://OK.example/a.png"),
        ("https://x.wild.example/a.png", "https://x.wild.example/a.png"),
        ("http://local:9000/a.png", "http://local:9000/a.png"),
        ("upload:a.png", "/images/1/a.png"),
        ("upload:a&b?c.png", "/images/1/a%26b%3Fc.png"),
        ("data:image/gif;base64,R0lGODlh", "data:image/gif;base64,R0lGODlh"),
        ("https://wild.example/a.png", None),
        ("http://ok.example/a.png", None),
        ("https://ok.example:444/a.png", None),
        ("https://me@ok.example/a.png", None),
        ("https://ok.example.evil.example/a.png", None),
        ("/images/1/a.png", None),
        ("data:image/svg+xml;base64,PHN2Zz4=", None),
        ("https://[::1", None),
        ("upload:", None),
        ("", None),
    ],
)
def test_pictures_are_loaded_only_from_where_they_may(address: str, source: str | None) -> None:
    html = render(f"![What it shows](<{address}>)", LOOK)
    attributes = {name: value for tag, name, value in read(html).attributes if tag == "img"}
    if source is None:
        assert attributes == {}
        assert "What it shows" in html
        assert "not shown: " in html
    else:
        expected = {"src": source, "alt": "What it shows", "loading": "lazy", "referrerpolicy": "no-referrer"}
        assert attributes == expected


def test_uploads_are_shown_only_in_their_campaign() -> None:
    assert "there are no uploaded pictures here" in render("![x](upload:a.png)", Look())


def test_a_picture_in_a_link_is_no_link_in_a_link() -> None:
    html = render("[![p](https://no.example/x.png)](https://a.example)", LOOK)
    assert html.count("<a ") == 1


@pytest.mark.parametrize(
    ("info", "language"),
    [("python", "python"), ("{.python}", "python"), ('js title="x"', "js"), ("", ""), ("C++", "c++")],
)
def test_a_fence_names_its_language(info: str, language: str) -> None:
    assert language_of(info) == language


def test_code_is_coloured_where_its_language_is_known() -> None:
    text = "```python\r\ndef f():\r\n\treturn 'é🙂'  # twice\r\n```"
    html = render(text, LOOK)
    for part in ('<span class="k">def</span>', "<span class=\"s\">'é🙂'</span>", '<span class="c"># twice'):
        assert part in html
    assert shown(checked(html, text)) == "def f():\r\n\treturn 'é🙂'  # twice\r\n"


def test_quoted_code_leaves_the_marks_of_the_quotation_out() -> None:
    text = "> ```py\n> x = '''a\n> b'''\n> ```"
    html = render(text, LOOK)
    assert shown(checked(html, text)) == "x = '''a\nb'''\n"
    assert html.count('class="s"') == 2, "a text over two lines is one token in two places"


@pytest.mark.parametrize(
    "text", ["```nonsense\nx = 1\n```", "```py\n" + "x = 1\n" * (LONGEST // 6 + 1) + "```", "    x = 1"]
)
def test_other_code_is_plain(text: str) -> None:
    html = render(text, LOOK)
    assert 'class="m"' not in html
    checked(html, text)


def test_every_language_on_the_list_has_a_lexer() -> None:
    assert [language for language in LANGUAGES if _lexer(language) is None] == []


@pytest.mark.parametrize("language", ["lilypond", "abap", "brainfuck"])
def test_a_language_that_is_not_on_the_list_is_plain(language: str) -> None:
    assert "<span class=" not in render(f'```{language}\n"x" 1 "_a" + 2\n```', LOOK)
    assert "<span class=" not in render_aside('"x" 1 "_a" + 2', language, "")


def test_code_is_coloured_up_to_so_much_in_a_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("annotate.rendering.code.PATIENCE", 60)
    block = "```py\n" + "x = 1\n" * (LONGEST // 6) + "```\n\n"
    text = block * (MOST // LONGEST + 2)
    html = render(text, LOOK)
    coloured = ['class="m"' in figure for figure in html.split("<figure")[1:]]
    assert coloured == [True] * (MOST // LONGEST) + [False] * 2
    checked(html, text)


def test_code_that_keeps_its_lexer_busy_stays_plain() -> None:
    """Lexed to its end this takes seconds."""
    assert "<span class=" not in render("```c#\n" + "a\n" * 2490 + "1\n```", LOOK)


def test_what_stands_in_no_source_has_no_anchor() -> None:
    html = render_aside('{"a": 1}', "json", "tool calls")
    assert "<figcaption>tool calls</figcaption>" in html
    assert read(html).anchors == []


def test_deep_nesting_ends_somewhere() -> None:
    html = render("> " * 200 + "deep", LOOK)
    assert html.count("<blockquote") == 40
    assert shown(read(html)) == "deep"
