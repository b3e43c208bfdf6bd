"""Where marks lie: in texts of every sort, snapped, overlapping, in the prompt and the context."""

import json

import pytest
from playwright.sync_api import expect

from annotate.models import User
from tests.e2e.conftest import SignIn
from tests.e2e.marking import PLAIN, ROUGH, Open, answer_of, box, drag, opener, palette, quotes, submit
from tests.e2e.working import after, item_id, press, saved

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


def test_marks_of_a_draft_whose_label_is_gone_are_not_sent(open_page: Open) -> None:
    page = open_page("One two.", "Three.", each=False)
    answers = page.locator("input[data-answer]")
    names = [answer.get_attribute("name") for answer in answers.all()]
    gone = {"label": "gone", "start": 0, "end": 3, "quote": "One"}
    whole = {"label": "missing", "refs": ["1.1"]}
    pairs = [[names[0], json.dumps([gone])], [names[1], json.dumps([gone, whole])]]
    name = "`crosscheck:${work.dataset.user}:draft:${document.querySelector('article.work').dataset.id}`"
    page.evaluate(f"(pairs) => localStorage.setItem({name}, JSON.stringify(pairs))", pairs)
    page.reload()
    page.wait_for_function("() => document.querySelector('fieldset.question').keyHelp")
    expect(page.locator(".span-line")).to_have_count(1)
    assert answers.nth(0).input_value() == ""
    assert json.loads(answers.nth(1).input_value()) == [whole]


def test_control_z_in_the_text_is_never_the_pages(open_page: Open) -> None:
    page = open_page(PLAIN, count=2)
    press(page, "0")
    submit(page)
    saved(1)
    second = item_id(page)
    press(page, "e", "Control+z")
    expect(page.locator("[data-live]")).to_have_text("Nothing to take back.")
    press(page, "Control+Shift+z")
    expect(page.locator("[data-live]")).to_have_text("Nothing to do again.")
    press(page, "Escape")
    page.evaluate("document.activeElement.blur()")
    press(page, "Control+Shift+z")
    page.wait_for_timeout(300)
    assert item_id(page) == second
    after(page, lambda: press(page, "Control+z"))
