"""Where marks lie: in texts of every sort, snapped, overlapping, in the prompt and the context."""

import pytest
from playwright.sync_api import expect

from annotate.models import User
from tests.e2e.conftest import SignIn
from tests.e2e.marking import PLAIN, ROUGH, Open, answer_of, box, drag, opener, palette, quotes
from tests.e2e.working import press

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def open_page(sign_in: SignIn, researcher: User, annotator: User) -> Open:
    return opener(sign_in, researcher, annotator)


@pytest.mark.parametrize(
    ("first", "last", "quote"),
    [
        ("Café".replace("é", "e\u0301"), "🙂", "Cafe\u0301 🙂"),
        ("says", "עולם", "says\r\nשלום עולם"),
        ("👩‍👩‍👧", "wave", "👩‍👩‍👧 wave"),
        ("truly", "so", "truly** so"),
        ("odd", "fine", "odd` & fine"),
    ],
)
def test_offsets_are_code_points_of_the_source(open_page: Open, first: str, last: str, quote: str) -> None:
    page = open_page(ROUGH)
    drag(page, first, last)
    press(page, "1")
    (mark,) = answer_of(page)["a"]
    assert (mark["quote"], mark["start"]) == (quote, ROUGH.index(quote))
    assert ROUGH[mark["start"] : mark["end"]] == quote
    assert quotes() == [("wrong", quote)]


def test_a_formula_is_marked_as_a_whole(open_page: Open) -> None:
    page = open_page(ROUGH)
    press(page, "e", *["ArrowRight"] * 10)
    press(page, "1")
    assert answer_of(page)["a"][0]["quote"] == "$x^2$"


def test_overlap_is_kept_or_refused_as_the_campaign_says(open_page: Open) -> None:
    page = open_page(PLAIN, overlap=False)
    drag(page, "sky", "green")
    press(page, "1")
    drag(page, "green", "today")
    press(page, "q")
    expect(palette(page)).to_contain_text("Marks may not overlap here: “sky is green” is marked already.")
    press(page, "Escape")
    assert len(answer_of(page)["a"]) == 1


def test_overlapping_marks_are_both_kept(open_page: Open) -> None:
    page = open_page(PLAIN)
    drag(page, "sky", "green")
    press(page, "1")
    drag(page, "green", "today")
    press(page, "q")
    assert [mark["quote"] for mark in answer_of(page)["a"]] == ["sky is green", "green today"]


def test_a_mark_is_chosen_by_a_click_and_resized_by_its_handles(open_page: Open) -> None:
    page = open_page(PLAIN)
    drag(page, "sky", "green")
    press(page, "1")
    page.locator("h2", has_text="Response").click()
    expect(page.locator(".span-handle:visible")).to_have_count(0)
    left, right, y = box(page, "is")
    page.mouse.click((left + right) / 2, y)
    for edge, word in (("start", "The"), ("end", "today")):
        handle = page.locator(f".span-handle[data-edge={edge}]").bounding_box()
        assert handle
        page.mouse.move(handle["x"], handle["y"] + handle["height"] / 2)
        page.mouse.down()
        left, right, y = box(page, word)
        page.mouse.move((left + right) / 2, y, steps=4)
        page.mouse.up()
    assert [mark["quote"] for mark in answer_of(page)["a"]] == ["The sky is green today"]


@pytest.mark.parametrize(
    ("snap", "keys", "quote"),
    [
        ("sentence", ["ArrowRight", "1"], "Cows can fly over it."),
        ("sentence", ["Shift+ArrowRight", "1"], "The sky is green today. Cows can fly over it."),
        ("none", ["ArrowRight", "Shift+ArrowRight", "1"], "he"),
        ("none", ["Control+ArrowRight", "Control+Shift+ArrowRight", "1", "Shift+ArrowRight"], "sky i"),
    ],
)
def test_marks_snap_as_the_campaign_says(open_page: Open, snap: str, keys: list[str], quote: str) -> None:
    page = open_page(PLAIN, snap=snap)
    press(page, "e", *keys)
    page.wait_for_timeout(50)
    found = answer_of(page)["a"]
    assert found[0]["quote"] == quote


def test_marks_on_prompt_and_context(open_page: Open) -> None:
    page = open_page(PLAIN, targets=["@prompt", "@context"])
    drag(page, "sky", "like", "@prompt")
    press(page, "1")
    drag(page, "blue", "Cows", "@context")
    press(page, "q")
    found = answer_of(page)
    assert [mark["quote"] for mark in found["@prompt"]] == ["sky like"] or found["@prompt"][0]["quote"] == "sky like?"[
        :8
    ]
    assert found["@context"][0]["quote"] == "blue. Cows"
