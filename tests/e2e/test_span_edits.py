"""The arithmetic of marks, driven in a real browser by what hypothesis draws; Python's own strings are the measure."""

import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser, Page, Route

from annotate.kinds import Asked, kind
from annotate.kinds.source import Said, Source
from annotate.rendering import Look, render

pytestmark = [pytest.mark.e2e]

STATIC = Path(__file__).resolve().parents[2] / "static"
CASES = 25
FEW = settings(max_examples=12, phases=[Phase.generate])  # A batch of cases is not worth shrinking.

pieces = st.sampled_from(
    [
        *"ab 1.,-'_!?",
        "word",
        "Ende.",
        "\r\n",
        "\n\n",
        "\t",
        "e\u0301",
        "ก็",
        "שלום",
        "مرحبا",
        "你好",
        "🙂",
        "👩‍👩‍👧",
        "🇫🇷",
        "👍🏽",
        "\u0301",
        "\u200d",
        "\u202e",
        "\r",
    ]
)
texts = st.lists(pieces, max_size=14).map("".join)
markdown = st.lists(
    st.one_of(
        pieces,
        st.sampled_from(
            ["**", "*", "`", "$x^2$", "[a](http://b.c)", "\n- ", "\n# ", "&amp;", "\\*", "| a |\n|--|\n| b |"]
        ),
    ),
    max_size=14,
).map("".join)
small = st.integers(0, 30)
edits = st.one_of(
    st.tuples(st.just("add"), small, small, st.sampled_from(["x", "y"])),
    st.tuples(st.sampled_from(["extend", "shrink"]), small, st.sampled_from(["start", "end"]), st.integers(1, 3)),
    st.tuples(st.just("place"), small, small, small),
    st.tuples(st.just("relabel"), small, st.sampled_from(["x", "y", "whole"])),
    st.tuples(st.just("severity"), small, st.sampled_from(["minor", "major", ""])),
    st.tuples(st.just("note"), small, st.sampled_from(["", "a", "ab"])),
    st.tuples(st.just("refs"), small, st.sampled_from([[], ["1.1"], ["1.1", "1.2"]])),
    st.tuples(st.just("whole")),
    st.tuples(st.sampled_from(["remove"]), small),
    st.tuples(st.sampled_from(["none", "undo", "redo"])),
)
cases = st.fixed_dictionaries(
    {
        "text": texts,
        "snap": st.sampled_from(["none", "word", "sentence"]),
        "overlap": st.booleans(),
        "edits": st.lists(edits, max_size=12),
    }
)
LABELS = [{"key": "x", "refs": "optional"}, {"key": "y", "severities": False}, {"key": "whole", "whole": "required"}]
CONFIG = kind("span").clean_config({"labels": LABELS, "severities": ["minor", "major"]})

DRIVER = Path(__file__).with_name("span_driver.js")


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    def serve(route: Route) -> None:
        path = route.request.url.removeprefix("http://spans.test")
        if path.startswith("/static/"):
            route.fulfill(path=STATIC / path.removeprefix("/static/"), content_type="text/javascript")
        elif path == "/driver.js":
            route.fulfill(path=DRIVER, content_type="text/javascript")
        else:
            route.fulfill(
                body='<!doctype html><script type="module" src="/driver.js"></script>', content_type="text/html"
            )

    context = browser.new_context()
    page = context.new_page()
    page.route("http://spans.test/**", serve)
    page.goto("http://spans.test/")
    page.wait_for_function("window.loaded")
    yield page
    context.close()


def run(page: Page, what: str, batch: list[Any], *more: Any) -> list[Any]:
    found: list[Any] = page.evaluate(
        f"([batch, more]) => batch.map((one) => window.{what}(one, ...more))", [batch, more]
    )
    return found


@FEW
@given(batch=st.lists(cases, min_size=CASES, max_size=CASES))
def test_any_sequence_of_edits_keeps_offsets_and_quotes_right(page: Page, batch: list[dict[str, Any]]) -> None:
    labels = CONFIG["labels"]
    passages = [{"sentences": ["One.", "Two."]}]
    for case, found in zip(batch, run(page, "edit", batch, labels), strict=True):
        assert found["wrong"] == [], case
        assert found["loose"] == [], case
        text = case["text"]
        for state in found["states"]:
            for mark in state or []:
                if "start" in mark:
                    assert 0 <= mark["start"] < mark["end"] <= len(text)
                    assert mark["quote"] == text[mark["start"] : mark["end"]]
                    assert {mark["start"], mark["end"]} <= set(found["graphemes"])
            check_with_the_kind(case, state, Source("", passages, None, partial(_said, text)))


def _said(text: str) -> list[tuple[str, Said]]:
    return [("a", text)]


def check_with_the_kind(case: dict[str, Any], state: list[dict[str, Any]] | None, source: Source) -> None:
    """What the browser would send is taken as it stands, once its severities are there."""
    if state is None:
        return
    asked = Asked("q", "span", {**CONFIG, "overlap": case["overlap"]}, keys=("a",), source=source)
    full = [{**mark, "severity": mark.get("severity", "minor")} if mark["label"] != "y" else mark for mark in state]
    clean = kind("span").clean(asked, {"a": full})["a"]
    assert sorted(map(_text, clean)) == sorted({_text(mark) for mark in full})


def _text(mark: dict[str, Any]) -> str:
    return json.dumps(mark, sort_keys=True)


@FEW
@given(batch=st.lists(markdown, min_size=CASES, max_size=CASES))
def test_every_character_on_the_page_leads_to_its_place_in_the_source(page: Page, batch: list[str]) -> None:
    rendered = [{"text": text, "html": str(render(text, Look()))} for text in batch]
    for case, found in zip(rendered, run(page, "anchor", rendered), strict=True):
        assert found["wrong"] == [], case
        for start, end in found["visible"]:
            assert 0 <= start < end <= len(case["text"])


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("a\r\nb", "a\r\nb"),
        ("e\u0301 🙂 👩‍👩‍👧", "e\u0301 🙂 👩‍👩‍👧"),
        ("שלום **עולם**", "שלום עולם"),
        ("```py\nx = 1\r\ny = '🙂'\n```", "x = 1\r\ny = '🙂'\n"),
        ("so $x^2$ it", "so $x^2$ it"),
        ("| a | b |\n|---|---|\n| c | d |", "abcd"),
    ],
)
def test_what_is_seen_of_a_text_is_anchored(page: Page, text: str, seen: str) -> None:
    (found,) = run(page, "anchor", [{"text": text, "html": str(render(text, Look()))}])
    assert found["wrong"] == []
    assert "".join(text[start:end] for start, end in found["visible"]).strip() == seen.strip()
