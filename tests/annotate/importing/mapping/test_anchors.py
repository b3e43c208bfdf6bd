from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotate.importing.mapping.anchors import LEAST_ALIKE, LONGEST_ALIKE, anchor_remark, anchored

TEXT = "The 🙂 cat sat on the mat. It was raining, so the cat sat on."


def test_a_quote_that_stands_there_once_needs_no_remark() -> None:
    mark = anchored(TEXT, "raining, so")
    assert mark == {"start": 33, "end": 44, "quote": "raining, so"}
    assert TEXT[33:44] == "raining, so"
    assert anchor_remark(mark) == ""


def test_of_several_places_the_first_is_marked_and_said_so() -> None:
    mark = anchored(TEXT, "cat sat on")
    assert mark == {"start": 6, "end": 16, "quote": "cat sat on", "attributes": {"anchor": "first of 2"}}
    assert anchor_remark(mark) == "is in the text 2 times, and the first one is marked: “cat sat on”"


@pytest.mark.parametrize(
    ("quote", "found", "score"),
    [
        ("It Was Raining", "It was raining", 100),
        (" the 🙂 CAT ", "The 🙂 cat", 100),
        ("It was reining, so", "It was raining, so", 94),
        ("it was raining so the", "It was raining, so the", 98),
    ],
)
def test_a_quote_that_was_altered_is_found_by_likeness(quote: str, found: str, score: int) -> None:
    mark = anchored(TEXT, quote)
    assert mark["quote"] == TEXT[mark["start"] : mark["end"]] == found
    assert mark["attributes"] == {"anchor": "fuzzy", "original": quote, "score": score}
    assert f"found by likeness ({score} of 100): “{quote}”; marked is “{found}”" in anchor_remark(mark)


@pytest.mark.parametrize("quote", ["ANSWER1:", "Nothing of the kind was ever said", "x" * 500])
def test_what_is_like_nothing_there_is_kept_without_a_place(quote: str) -> None:
    mark = anchored(TEXT, quote)
    assert mark == {"quote": quote, "attributes": {"anchor": "none"}}
    assert anchor_remark(mark).startswith("is not in the text and is kept without a place: “")


def test_a_quote_too_long_to_look_for_by_likeness_is_kept_without_a_place() -> None:
    text = "some words " * 300
    quote = "s" + text[:LONGEST_ALIKE]
    assert anchored(text, quote) == {"quote": quote, "attributes": {"anchor": "none"}}
    assert anchored(text, quote[:LONGEST_ALIKE])["attributes"]["anchor"] == "fuzzy"
    assert anchored(text, text[:-1])["end"] == len(text) - 1


@pytest.mark.parametrize("quote", ["", " \n"])
def test_a_blank_quote_says_nothing_of_a_place(quote: str) -> None:
    assert anchored(TEXT, quote) == {}
    assert anchored("", quote) == {}


@given(text=st.text("ab 🙂İß\u0301.", max_size=30), quote=st.text("ab 🙂İß\u0301.", max_size=12))
def test_whatever_is_found_is_the_texts_own_and_alike(text: str, quote: str) -> None:
    mark: dict[str, Any] = anchored(text, quote)
    if "start" in mark:
        assert mark["quote"] == text[mark["start"] : mark["end"]] != ""
        assert mark.get("attributes", {}).get("score", 100) >= LEAST_ALIKE
    elif mark:
        assert mark["quote"] == quote
