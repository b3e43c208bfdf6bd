"""The annotation page in a real browser, kind by kind: by keyboard alone and by mouse."""

import pytest
from playwright.sync_api import expect

from annotate.models import Annotation
from tests.e2e.working import (
    BETTER,
    FLAWED,
    FLAWS,
    SCORE,
    SCORES,
    WHY,
    Start,
    after,
    press,
    saved,
    submit,
)

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


def test_a_comparison_with_strengths_and_ties_wholly_by_keyboard(start: Start) -> None:
    page = start(BETTER, count=5)
    submit(page, "1")
    submit(page, "4", "ArrowLeft")
    submit(page, "ArrowLeft")
    submit(page, "t")
    submit(page, "b")
    expect(page.get_by_role("heading", name="That was the last one")).to_be_visible()
    far_left, weak_right, weak_left, tie, both_bad = saved(5)
    left, right = far_left.assignment.shown
    assert far_left.answers == {"better": {"preferred": left, "strength": 2}}
    left, right = weak_right.assignment.shown
    assert weak_right.answers == {"better": {"preferred": right, "strength": 1}}
    left, right = weak_left.assignment.shown
    assert weak_left.answers == {"better": {"preferred": left, "strength": 1}}
    assert tie.answers == {"better": {"preferred": None}}
    assert both_bad.answers == {"better": {"preferred": None, "both_bad": True}}
    expect(page.locator("#done")).to_have_text("5")


def test_letters_answer_the_marked_question_only(start: Start) -> None:
    page = start(BETTER, FLAWED)
    press(page, "1", "j", "b", "t")
    submit(page, "1")
    assert saved(1)[0].answers["better"]["preferred"] is not None


def test_a_comparison_by_mouse(start: Start) -> None:
    page = start({**BETTER, "config": {}}, count=2)
    page.get_by_role("radio", name="Response 2").click()
    after(page, page.get_by_role("button", name="Submit").click)
    page.get_by_role("radio", name="Tie").click()
    after(page, page.get_by_role("button", name="Submit").click)
    second, tie = saved(2)
    assert second.answers == {"better": {"preferred": second.assignment.shown[1]}}
    assert tie.answers == {"better": {"preferred": None}}


def test_nothing_is_chosen_before_somebody_chooses(start: Start) -> None:
    page = start(BETTER, {**SCORES, "config": {"min": 0, "max": 100, "widget": "slider"}})
    expect(page.locator(".questions input:checked")).to_have_count(0)
    expect(page.locator(".slider.untouched")).to_have_count(2)
    press(page, "Enter")
    expect(page.get_by_text("Not answered yet.", exact=True)).to_be_visible()
    expect(page.get_by_text("Not answered yet: Response 1, Response 2.")).to_be_visible()
    assert Annotation.objects.count() == 0


def test_ratings_one_at_a_time_by_keyboard(start: Start) -> None:
    page = start(SCORE, count=1)
    submit(page, "7")
    submit(page, "ArrowRight", "ArrowRight")
    first, second = saved(2)
    assert first.answers == {"score": {first.assignment.shown[0]: 7}}
    assert second.answers == {"score": {second.assignment.shown[0]: 2}}


def test_ratings_of_all_by_keyboard_go_from_row_to_row(start: Start) -> None:
    page = start(SCORES, count=2)
    submit(page, "0", "j", "-")
    submit(page, "3", "ArrowDown", "4", "k", "5")
    first, second = saved(2)
    one, two = first.assignment.shown
    assert first.answers == {"score": {one: 0, two: 10}}
    one, two = second.assignment.shown
    assert second.answers == {"score": {one: 5, two: 4}}


def test_ratings_by_mouse_and_by_slider(start: Start) -> None:
    page = start({**SCORES, "config": {"min": 0, "max": 100, "widget": "slider"}}, count=1)
    sliders = page.get_by_role("slider")
    sliders.nth(0).click(position={"x": 1, "y": 20})
    sliders.nth(1).focus()
    press(page, "4", "2")
    after(page, page.get_by_role("button", name="Submit").click)
    (done,) = saved(1)
    one, two = done.assignment.shown
    assert done.answers == {"score": {one: 0, two: 42}}


def test_choices_and_texts_by_keyboard_with_a_question_that_depends_on_another(start: Start) -> None:
    page = start(FLAWED, FLAWS, WHY, count=2)
    expect(page.get_by_role("group", name="Flaws")).to_have_count(0)
    press(page, "1", "1", "3", "j")
    page.keyboard.type("js? 1 truly")
    after(page, lambda: press(page, "Control+Enter"))
    submit(page, "1", "2", "k", "2")
    flawed, fine = saved(2)
    assert flawed.answers == {"flawed": "yes", "flaws": ["false", "rude"], "why": "js? 1 truly"}
    assert fine.answers == {"flawed": "no"}


def test_choices_and_texts_by_mouse(start: Start) -> None:
    page = start(FLAWED, FLAWS, WHY, count=1)
    page.get_by_role("radio", name="yes").click()
    page.get_by_role("checkbox", name="long").click()
    page.get_by_role("textbox", name="Why").fill("no")
    page.get_by_role("button", name="Submit").click()
    expect(page.get_by_text("The text has 2 characters; give 3 to 100000.")).to_be_visible()
    page.get_by_role("textbox", name="Why").fill("non\nlinear")
    after(page, page.get_by_role("button", name="Submit").click)
    (done,) = saved(1)
    assert done.answers == {"flawed": "yes", "flaws": ["long"], "why": "non\nlinear"}
    assert done.active_seconds is not None
    assert done.active_seconds > 0
