"""Marking text in a real browser: the whole job by mouse, by keyboard alone and by touch."""

import pytest
from playwright.sync_api import expect

from annotate.models import Mark, User
from tests.e2e.conftest import SignIn
from tests.e2e.marking import PLAIN, Open, answer_of, box, drag, opener, palette, quotes, submit
from tests.e2e.working import after, press, saved

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def open_page(sign_in: SignIn, researcher: User, annotator: User) -> Open:
    return opener(sign_in, researcher, annotator)


def test_the_whole_job_by_mouse(open_page: Open) -> None:
    page = open_page(PLAIN, severities=["minor", "major"], required_note=False)
    drag(page, "sky", "green")
    palette(page).get_by_role("button", name="Wrong").click()
    palette(page).get_by_role("button", name="major").click()
    page.get_by_role("button", name="Pick in the context").click()
    page.locator("[data-ref='1.1']").click()
    page.get_by_label("Note (optional)").fill("It is blue.")
    left, right, y = box(page, "Nobody")
    page.mouse.dblclick((left + right) / 2, y)
    palette(page).get_by_role("button", name="Dull").click()
    palette(page).get_by_role("button", name="minor").click()
    page.get_by_text("About the whole").click()
    page.locator("[data-whole]").click()
    page.locator(".span-line.chosen").get_by_role("button", name="minor").click()
    page.locator("[data-ref='1.2']").click()
    assert answer_of(page) == {
        "a": [
            {
                "label": "wrong",
                "start": 4,
                "end": 16,
                "quote": "sky is green",
                "severity": "major",
                "note": "It is blue.",
                "refs": ["1.1"],
            },
            {"label": "dull", "start": 46, "end": 52, "quote": "Nobody", "severity": "minor"},
            {"label": "missing", "severity": "minor", "refs": ["1.2"]},
        ]
    }
    assert quotes() == [("wrong", "sky is green"), ("dull", "Nobody"), ("missing", None)]


def test_the_whole_job_by_keyboard_alone(open_page: Open) -> None:
    page = open_page(PLAIN, severities=["minor", "major"])
    press(page, "e", "ArrowRight", "Shift+ArrowRight", "Shift+ArrowRight", "1", "2", "c")
    page.keyboard.type("It is blue.")
    press(page, "Enter", "r")
    page.keyboard.type("1.1")
    press(page, "Enter", "Escape", "ArrowDown", "Shift+ArrowDown", "q", "1")
    expect(page.locator(".span-line")).to_have_count(2)
    press(page, "Escape", "w")
    press(page, "1", "r")
    page.keyboard.type("1.2")
    press(page, "Enter", "Escape", "Escape")
    after(page, lambda: press(page, "Control+Enter"))
    assert saved(1)[0].answers["errors"] == {
        "a": [
            {
                "label": "wrong",
                "start": 4,
                "end": 16,
                "quote": "sky is green",
                "severity": "major",
                "note": "It is blue.",
                "refs": ["1.1"],
            },
            {"label": "dull", "start": 24, "end": 45, "quote": "Cows can fly over it.", "severity": "minor"},
            {"label": "missing", "severity": "minor", "refs": ["1.2"]},
        ]
    }


def test_marks_are_extended_deleted_and_taken_back_by_keyboard(open_page: Open) -> None:
    page = open_page(PLAIN)
    press(page, "e", "1", "Shift+ArrowRight", "x", "Escape", "End", "q", "Shift+ArrowLeft")
    line = page.locator(".span-line")
    expect(line.nth(0)).to_contain_text("The sky")
    expect(line.nth(1)).to_contain_text("that")
    press(page, "[", "Delete")
    expect(line).to_have_count(1)
    press(page, "Control+z")
    expect(line).to_have_count(2)
    press(page, "Control+Shift+z")
    expect(line).to_have_count(1)
    press(page, "Backspace")
    expect(line).to_have_count(1)
    press(page, "Control+z")
    expect(line.nth(0)).to_contain_text("The sky")
    assert [mark["quote"] for mark in answer_of(page)["a"]] == ["The sky", "that"]


def test_the_whole_job_by_touch(open_page: Open) -> None:
    phone = {"viewport": {"width": 390, "height": 780}, "has_touch": True, "is_mobile": True}
    page = open_page(PLAIN, severities=["minor", "major"], browser=phone)

    def tap(word: str) -> None:
        left, right, y = box(page, word)
        page.touchscreen.tap((left + right) / 2, y)

    tap("sky")
    expect(palette(page)).to_have_class("span-palette foot")
    tap("green")
    palette(page).get_by_role("button", name="Wrong").tap()
    palette(page).get_by_role("button", name="major").tap()
    expect(palette(page)).to_have_count(0)
    tap("is")
    palette(page).get_by_role("button", name="minor").tap()
    tap("Nobody")
    palette(page).get_by_role("button", name="Dull").tap()
    palette(page).get_by_role("button", name="minor").tap()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert answer_of(page) == {
        "a": [
            {"label": "wrong", "start": 4, "end": 16, "quote": "sky is green", "severity": "minor"},
            {"label": "dull", "start": 46, "end": 52, "quote": "Nobody", "severity": "minor"},
        ]
    }


def test_a_selection_of_the_device_opens_the_palette_on_touch(open_page: Open) -> None:
    phone = {"viewport": {"width": 390, "height": 780}, "has_touch": True, "is_mobile": True}
    page = open_page(PLAIN, browser=phone)
    left, right, y = box(page, "Nobody")
    page.touchscreen.tap((left + right) / 2, y)
    page.evaluate(
        """() => {
          const node = document.querySelector('[data-source="a"] [data-s]').firstChild;
          getSelection().setBaseAndExtent(node, node.data.indexOf("green") + 2, node, node.data.indexOf("Cows") + 2);
        }"""
    )
    expect(page.locator(".span-palette")).to_be_visible()
    page.wait_for_timeout(400)
    palette(page).get_by_role("button", name="Wrong").tap()
    assert answer_of(page)["a"][0]["quote"] == "green today. Cows"


def test_no_spans_is_said_for_each_text(open_page: Open) -> None:
    page = open_page(PLAIN, "Fine.", each=False)
    page.get_by_role("button", name="Submit").click()
    expect(page.get_by_text("Not answered yet: Response 1, Response 2.")).to_be_visible()
    page.get_by_role("checkbox", name="No spans in Response 1").check()
    press(page, "j", "0")
    assert answer_of(page) == {"a": [], "b": []}
    assert Mark.objects.count() == 0


def test_no_spans_by_key_passes_the_mark_on(open_page: Open) -> None:
    page = open_page(PLAIN, "Fine.", each=False)
    press(page, "0", "0")
    assert answer_of(page) == {"a": [], "b": []}


def test_what_a_mark_lacks_is_said_before_it_is_sent(open_page: Open) -> None:
    page = open_page(PLAIN, required_note=True, severities=["minor", "major"])
    drag(page, "sky", "sky")
    press(page, "1")
    page.get_by_role("button", name="Submit").click()
    expect(page.locator(".error", has_text="Wrong: “sky”, needs a severity and a note.")).to_be_visible()
    page.locator(".span-line").get_by_role("button", name="minor").click()
    page.get_by_role("textbox", name="Note").fill("why")
    assert answer_of(page)["a"][0] | {"start": 0} == {
        "label": "wrong", "start": 0, "end": 7, "quote": "sky", "severity": "minor", "note": "why",
    }  # fmt: skip


def test_a_label_in_hand_is_given_to_what_is_selected_next(open_page: Open) -> None:
    page = open_page(PLAIN)
    page.locator(".span-labels").get_by_role("button", name="Dull").click()
    drag(page, "sky", "green")
    drag(page, "Cows", "can")
    assert [(mark["label"], mark["quote"]) for mark in answer_of(page)["a"]] == [
        ("dull", "sky is green"),
        ("dull", "Cows can"),
    ]


def test_a_draft_and_a_submitted_answer_show_their_marks_again(open_page: Open) -> None:
    page = open_page(PLAIN, count=2)
    drag(page, "sky", "green")
    press(page, "1")
    page.reload()
    page.wait_for_function("() => document.querySelector('fieldset.question').keyHelp")
    expect(page.locator(".span-line")).to_contain_text("sky is green")
    assert page.evaluate("CSS.highlights.get('span-mark-0-0').size") == 1
    submit(page)
    page.locator("fieldset.question").wait_for()
    expect(page.locator(".span-line")).to_have_count(0)
    assert page.evaluate("CSS.highlights.get('span-mark-0-0').size") == 0
    expect(page.locator("#done")).to_have_text("1")
    press(page, "Control+z")
    expect(page.locator(".span-line")).to_contain_text("sky is green")
    assert page.evaluate("CSS.highlights.get('span-mark-0-0').size") == 1


def test_without_script_it_says_that_marking_needs_it(open_page: Open, sign_in: SignIn, annotator: User) -> None:
    open_page(PLAIN)
    page = sign_in(annotator, "/campaigns/spans/annotate/", java_script_enabled=False)
    expect(page.get_by_text("Marking text needs JavaScript.")).to_be_visible()
