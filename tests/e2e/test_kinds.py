"""Every question kind in a real browser, by keyboard alone and by mouse (spans have a file of their own)."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from annotate.campaigns import add_member, change_state
from annotate.models import Campaign, User
from tests import plugins
from tests.e2e.conftest import SignIn
from tests.e2e.working import (
    FLAWED,
    FLAWS,
    ORDER,
    SCORES,
    STRENGTHS,
    WHY,
    Start,
    after,
    by_screen,
    press,
    ready,
    saved,
    submit,
)
from tests.factories import import_rows, make_campaign, pair_rows, person

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

CHECKS: dict[str, Any] = {
    "name": "checks",
    "kind": "checklist",
    "shows": "all",
    "config": {"points": ["cites", {"key": "safe", "text": "Is it safe?", "weight": 2, "fatal": True}]},
}
CONFIDENT: dict[str, Any] = {"kind": "choice", "config": {"options": ["unsure", "rather sure", "sure"]}}
REASONS: dict[str, Any] = {"kind": "choice", "config": {"options": ["clear", "complete"], "multiple": True}}
MENDED: dict[str, Any] = {
    "name": "mended",
    "kind": "text",
    "shows": "each",
    "config": {"per": "completion", "prefill": True},
}


def aspect(name: str) -> list[dict[str, Any]]:
    """A comparison with what MultiPref asks after it: how sure, and why."""
    when = {"question": name, "answered": True}
    return [
        {"name": name, "kind": "pairwise", "shows": "all", "config": {"strengths": STRENGTHS}},
        {"name": f"{name}-sure", **CONFIDENT, "when": when},
        {"name": f"{name}-why", **REASONS, "when": when, "required": False},
    ]


def test_a_checklist_by_keyboard_goes_from_point_to_point(start: Start) -> None:
    page = start(CHECKS, count=1)
    press(page, "1", "2", "3", "Enter")
    expect(page.get_by_text("Not answered yet: Response 2.")).to_be_visible()
    submit(page, "1")
    (done,) = saved(1)
    assert by_screen(done, "checks") == [{"cites": "yes", "safe": "na"}, {"cites": "no", "safe": "yes"}]


def test_a_checklist_of_the_item_by_mouse(sign_in: SignIn, researcher: User, annotator: User) -> None:
    question = {**CHECKS, "shows": "each", "config": {"points_from": "item"}}
    campaign = make_campaign(researcher, "browser", [question])
    good, bad = pair_rows(2, 1)
    job = import_rows(campaign, [good | {"points": [{"key": "own", "text": "Its own?", "fatal": True}]}, bad])
    assert "checks: the checklist asks the item's own points: give `points`" in job.errors.get().message
    join(campaign, annotator)
    page = ready(sign_in(annotator, "/campaigns/browser/annotate/"))
    expect(page.get_by_text("must hold")).to_be_visible()
    page.get_by_role("group", name="Its own?").get_by_role("radio", name="No").first.click()
    after(page, page.get_by_role("button", name="Submit").click)
    assert saved(1)[0].answers == {"checks": {"a": {"own": "no"}}}


def join(campaign: Campaign, annotator: User) -> None:
    add_member(campaign, person(annotator))
    change_state(campaign, "launch")


def test_aspects_with_confidence_and_reasons_wholly_by_keyboard(start: Start) -> None:
    page = start(*aspect("helpful"), *aspect("harmless"), count=1)
    expect(page.get_by_role("group", name="Helpful sure")).to_be_hidden()
    press(page, "1", "3", "1", "2")
    press(page, "j", "t", "2")
    submit(page)
    (done,) = saved(1)
    assert done.answers == {
        "helpful": {"preferred": done.assignment.shown[0], "strength": 2},
        "helpful-sure": "sure",
        "helpful-why": ["clear", "complete"],
        "harmless": {"preferred": None},
        "harmless-sure": "rather sure",
    }


def test_aspects_with_confidence_and_reasons_by_mouse(start: Start) -> None:
    page = start(*aspect("helpful"), count=1)
    page.get_by_role("radio", name="Response 2: slightly").click()
    page.get_by_role("button", name="Submit").click()
    expect(page.get_by_role("group", name="Helpful sure").first).to_contain_text("Not answered yet.")
    page.get_by_role("radio", name="unsure").click()
    page.get_by_role("checkbox", name="clear").click()
    after(page, page.get_by_role("button", name="Submit").click)
    (done,) = saved(1)
    assert done.answers == {
        "helpful": {"preferred": done.assignment.shown[1], "strength": 1},
        "helpful-sure": "unsure",
        "helpful-why": ["clear"],
    }


def test_arrows_reach_every_step_of_a_long_scale(start: Start) -> None:
    steps = [f"step {n}" for n in range(1, 13)]
    page = start({"name": "better", "kind": "pairwise", "config": {"strengths": steps}}, count=2)
    submit(page, *["ArrowRight"] * 12)
    submit(page, "ArrowLeft", "ArrowRight")
    furthest, tie = saved(2)
    assert furthest.answers == {"better": {"preferred": furthest.assignment.shown[1], "strength": 12}}
    assert tie.answers == {"better": {"preferred": None}}


def test_a_long_scale_fits_a_phone(start: Start) -> None:
    steps = [f"step {n}" for n in range(1, 10)]
    page = start(
        {"name": "better", "kind": "pairwise", "config": {"strengths": steps, "both_bad": True}},
        viewport={"width": 390, "height": 844},
    )
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    for option in page.locator(".pairwise .option").all():
        box = option.bounding_box()
        assert box
        assert box["width"] >= 44
        assert box["height"] >= 44


def test_an_answer_by_key_passes_the_mark_to_the_next_unanswered_row(start: Start) -> None:
    page = start(SCORES, {**SCORES, "name": "second"}, WHY, count=1)
    fields = page.locator("[data-row]").filter(has=page.locator("input[type=radio]"))
    press(page, "j", "7")
    expect(fields.nth(2)).to_contain_class("marked")
    press(page, "8", "9")
    expect(fields.nth(0)).to_contain_class("marked")
    press(page, "6", "5")
    expect(fields.nth(0)).to_contain_class("marked")
    submit(page)
    (done,) = saved(1)
    assert by_screen(done, "score") == [5, 7]
    assert by_screen(done, "second") == [8, 9]


def test_keys_rest_while_a_number_or_a_text_is_typed(start: Start) -> None:
    slider = {**SCORES, "shows": "all", "config": {"min": 0, "max": 100, "widget": "slider"}}
    page = start({"name": "better", "kind": "pairwise"}, slider, {**WHY, "required": True}, count=1)
    press(page, "j", "1", "0", "j", "9", "0")
    chosen = page.locator(".questions input:checked")
    assert chosen.count() == 0
    press(page, "j")
    page.keyboard.type("0 is a tie, s skips, j goes on")
    assert chosen.count() == 0
    press(page, "Escape", "k", "k", "k", "0")
    expect(chosen).to_have_value("@tie")
    after(page, lambda: press(page, "Enter"))
    (done,) = saved(1)
    assert by_screen(done, "score") == [10, 90]
    assert done.answers["why"] == "0 is a tie, s skips, j goes on"


def test_a_rating_by_buttons_and_by_slider_with_the_mouse(start: Start) -> None:
    slider = {**SCORES, "name": "sure", "config": {"min": 0, "max": 100, "widget": "slider"}}
    page = start(SCORES, slider, count=1)
    for name, value in (("Response 1", "3"), ("Response 2", "10")):
        page.get_by_role("group", name=name).get_by_role("radio", name=value).click()
    expect(page.locator(".slider.untouched")).to_have_count(2)
    for field in page.get_by_role("slider").all():
        field.click(position={"x": 1, "y": 20})
    after(page, page.get_by_role("button", name="Submit").click)
    (done,) = saved(1)
    assert (by_screen(done, "score"), by_screen(done, "sure")) == ([3, 10], [0, 0])


def test_options_have_the_keys_that_the_campaign_gives_them(start: Start) -> None:
    options = [{"key": "yes", "shortcut": "x"}, {"key": "no", "shortcut": "z"}]
    each = {"name": "each", "kind": "choice", "config": {"options": options, "per": "completion"}}
    page = start(each, {**FLAWED, "config": {"options": options, "multiple": True}}, count=1)
    press(page, "x", "z", "z", "x")
    expect(page.get_by_role("checkbox", name="yes")).to_be_focused()
    submit(page, "z")
    (done,) = saved(1)
    assert by_screen(done, "each") == ["yes", "no"]
    assert done.answers["flawed"] == ["yes"]


def test_a_follow_up_stands_under_what_it_follows(start: Start) -> None:
    page = start(FLAWED, SCORES, FLAWS, count=1)
    names = [q.get_attribute("data-question") for q in page.locator("fieldset.question").all()]
    assert names == ["flawed", "flaws", "score"]
    press(page, "1")
    expect(page.get_by_role("checkbox", name="false")).to_be_focused()
    press(page, "k", "2")
    expect(page.get_by_role("checkbox", name="false")).to_be_hidden()
    submit(page, "4", "5")
    (done,) = saved(1)
    assert (done.answers["flawed"], by_screen(done, "score")) == ("no", [4, 5])


def test_a_correction_shows_its_difference_by_keyboard(start: Start) -> None:
    page = start(MENDED, count=1)
    expect(page.get_by_text("No changes yet. If nothing is wrong, leave it as it is.")).to_be_visible()
    before = page.get_by_role("textbox").input_value()
    after(page, lambda: press(page, "Enter"))
    press(page, "j")
    page.get_by_role("textbox").focus()
    press(page, "Control+End", "Control+Backspace")
    page.keyboard.type("everything!")
    expect(page.locator(".difference ins")).to_have_text("everything!")
    expect(page.locator(".difference del")).to_have_text("0")
    expect(page.get_by_text("Your changes: 1 word taken out, 1 word put in.")).to_be_visible()
    after(page, lambda: press(page, "Control+Enter"))
    same, changed = saved(2)
    assert by_screen(same, "mended") == [before]
    assert by_screen(changed, "mended")[0].endswith(" to everything!")


def test_critiques_and_a_rationale_by_mouse(start: Start) -> None:
    critique = {"name": "critique", "kind": "text", "shows": "all", "config": {"per": "completion"}}
    page = start(critique, {**WHY, "name": "rationale"}, count=1)
    page.get_by_role("textbox", name="Response 1").fill("too long")
    page.get_by_role("button", name="Submit").click()
    expect(page.get_by_text("Not answered yet: Response 2.")).to_be_visible()
    page.get_by_role("textbox", name="Response 2").fill("wrong 🙂\nin line 2")
    page.get_by_role("textbox", name="Rationale").fill("because")
    after(page, page.get_by_role("button", name="Submit").click)
    (done,) = saved(1)
    assert by_screen(done, "critique") == ["too long", "wrong 🙂\nin line 2"]
    assert done.answers["rationale"] == "because"


def test_ranks_points_and_corrections_come_back_after_a_reload(start: Start) -> None:
    page = start(ORDER, CHECKS, {**MENDED, "shows": "all"}, count=1)
    press(page, "2", "1", "1")
    page.get_by_role("textbox").first.fill("mended")
    expect(page.locator("#status")).to_have_text("Draft saved.")
    ready(page).reload()
    assert [field.input_value() for field in ready(page).locator(".rank-card input").all()] == ["2", "1"]
    expect(page.locator(".check-table input:checked")).to_have_count(1)
    expect(page.locator(".difference ins")).to_have_text("mended")


def test_ranks_and_points_work_without_script(start: Start) -> None:
    page = start(ORDER, CHECKS, count=1, java_script_enabled=False)
    for name, rank in (("Response 1", "5"), ("Response 2", "3")):
        page.get_by_role("spinbutton", name=f"Rank of {name}").fill(rank)
    assert page.get_by_role("button", name="Put in order").count() == 0
    for box in page.locator("input[value=yes]").all():
        box.check()
    page.get_by_role("button", name="Submit").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    (done,) = saved(1)
    assert by_screen(done, "order") == [2, 1]


@pytest.fixture
def likelihood() -> Iterator[None]:
    with plugins.installed():
        yield


@pytest.mark.usefixtures("likelihood")
def test_a_kind_from_one_file_and_one_template_works_on_the_page(start: Start) -> None:
    page = start({"name": "likely", "kind": "likelihood", "shows": "all", "config": {"step": 10}}, count=2)
    press(page, "4", "0", "j", "1", "5", "Enter")
    expect(page.get_by_text("Give a number from 0 to 100 in steps of 10.")).to_be_visible()
    press(page, "Backspace", "0")
    submit(page)
    page.get_by_role("spinbutton").first.fill("70")
    page.get_by_role("spinbutton").last.fill("30")
    after(page, page.get_by_role("button", name="Submit").click)
    assert [by_screen(done, "likely") for done in saved(2)] == [[40, 10], [70, 30]]
