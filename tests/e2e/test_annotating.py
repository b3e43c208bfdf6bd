"""The annotation page in a real browser: by keyboard alone, by mouse, without JavaScript, and with a poor network."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from annotate.models import Annotation, Assignment, Campaign, Draft, Skip, User
from tests.e2e.conftest import SignIn
from tests.factories import running_campaign

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

STRENGTHS = ["slightly", "clearly"]
BETTER: dict[str, Any] = {
    "name": "better",
    "kind": "pairwise",
    "shows": "all",
    "config": {"strengths": STRENGTHS, "both_bad": True},
}
SCORE: dict[str, Any] = {"name": "score", "kind": "rating", "shows": "each", "config": {"min": 1, "max": 7}}
SCORES: dict[str, Any] = {"name": "score", "kind": "rating", "shows": "all", "config": {"min": 0, "max": 10}}
FLAWED: dict[str, Any] = {"name": "flawed", "kind": "choice", "config": {"options": ["yes", "no"]}}
FLAWS: dict[str, Any] = {
    "name": "flaws",
    "kind": "choice",
    "config": {"options": ["false", "long", "rude"], "multiple": True},
    "when": {"question": "flawed", "equals": "yes"},
}
WHY: dict[str, Any] = {"name": "why", "kind": "text", "config": {"min_length": 3}, "required": False}

NEXT_IS_HERE = "performance.getEntriesByType('resource').some((e) => /holding=/.test(e.name) && e.responseEnd)"

Start = Callable[..., Page]


@pytest.fixture
def start(sign_in: SignIn, researcher: User, annotator: User) -> Start:
    """`start(questions, count)` opens the annotation page of a new campaign with so many items."""

    def open_campaign(*questions: dict[str, Any], count: int = 3, **options: Any) -> Page:
        running_campaign(researcher, count, [annotator], questions=questions, slug="browser")
        page = sign_in(annotator, "/campaigns/browser/annotate/", **options)
        return page if options.get("java_script_enabled") is False else ready(page)

    return open_campaign


def ready(page: Page) -> Page:
    """Once the script runs."""
    page.locator("html.scripted").wait_for()
    return page


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def status(page: Page) -> Locator:
    return page.locator("#status")


def item_id(page: Page) -> int:
    return int(page.locator("article.work").get_attribute("data-id") or 0)


def after(page: Page, act: Callable[[], None]) -> None:
    """Does something that ends with another item (or the end) on the screen."""
    before = item_id(page)
    act()
    expect(page.locator(f'article.work[data-id="{before}"]')).to_have_count(0)


def submit(page: Page, *keys: str) -> None:
    after(page, lambda: press(page, *keys, "Enter"))


def until(holds: Callable[[], Any], seconds: float = 8) -> bool:
    """Whether it comes to hold within the time."""
    end = time.monotonic() + seconds
    while not (held := holds()) and time.monotonic() < end:
        time.sleep(0.05)
    return bool(held)


def saved(count: int) -> list[Annotation]:
    """The annotations, oldest first, once there are so many."""
    rows = Annotation.objects.select_related("assignment").order_by("pk")
    assert until(lambda: rows.count() >= count)
    found = list(rows)
    assert len(found) == count
    return found


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
    expect(page.locator("input:checked")).to_have_count(0)
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
    press(page, "1", "j", "1", "3", "j")
    page.keyboard.type("js? 1 truly")
    after(page, lambda: press(page, "Control+Enter"))
    submit(page, "1", "j", "2", "k", "2")
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


def test_a_reload_restores_what_was_typed_even_at_once(start: Start, annotator: User) -> None:
    page = start(FLAWED, WHY)
    shown = item_id(page)
    press(page, "1", "j")
    page.keyboard.type("half a thou")
    page.reload()
    ready(page)
    assert item_id(page) == shown
    expect(page.get_by_role("textbox")).to_have_value("half a thou")
    expect(page.get_by_role("radio", name="yes")).to_be_checked()
    page.get_by_role("textbox").press_sequentially("ght")
    expect(status(page)).to_have_text("Draft saved.")
    assert Draft.objects.get().answers == {"flawed": "yes", "why": "half a thought"}
    page.evaluate("localStorage.clear()")
    page.reload()
    expect(page.get_by_role("textbox")).to_have_value("half a thought")


def test_an_answer_given_offline_arrives_when_the_network_is_back(start: Start) -> None:
    page = start(BETTER, count=4)
    assert until(lambda: page.evaluate(NEXT_IS_HERE))
    submit(page, "1")
    expect(status(page)).to_have_text("Saved.")
    page.context.set_offline(True)
    submit(page, "4")
    expect(status(page)).to_contain_text("1 answer is kept on this device")
    press(page, "0", "Enter")
    expect(status(page)).to_contain_text("2 answers are kept on this device")
    expect(page.get_by_role("heading", name="Getting the next item…")).to_be_visible()
    assert Annotation.objects.count() == 1
    page.context.set_offline(False)
    _, right, tie = saved(3)
    assert right.answers == {"better": {"preferred": right.assignment.shown[1], "strength": 2}}
    assert tie.answers == {"better": {"preferred": None}}
    expect(page.get_by_role("article")).to_be_visible()


def test_an_answer_that_was_not_sent_survives_closing_the_tab(start: Start) -> None:
    page = start(BETTER, count=2)
    page.route("**/submit/", lambda route: route.abort("connectionrefused"))
    submit(page, "1")
    expect(status(page)).to_contain_text("1 answer is kept on this device")
    context = page.context
    page.close()
    again = context.new_page()
    again.goto("/campaigns/browser/annotate/")
    saved(1)
    expect(again.get_by_role("article")).to_be_visible()


def test_two_tabs_get_different_items(start: Start) -> None:
    page = start(BETTER, count=6)
    other = page.context.new_page()
    other.goto(page.url)
    expect(other.locator(f'article.work:not([data-id="{item_id(page)}"])')).to_be_visible()
    for tab in (page, other):
        submit(tab, "1")
        expect(tab.get_by_role("article")).to_be_visible()
    assert item_id(page) != item_id(other)
    for tab in (page, other):
        submit(tab, "2")
    assert len({row.assignment_id for row in saved(4)}) == 4


def test_control_z_goes_back_to_the_last_item_and_revises_it(start: Start) -> None:
    page = start(BETTER, count=3)
    first = item_id(page)
    submit(page, "1")
    saved(1)
    expect(status(page)).to_have_text("Saved.")
    second = item_id(page)
    press(page, "2")
    press(page, "Control+z")
    expect(page.locator(f'article.work[data-id="{first}"]')).to_be_visible()
    expect(page.get_by_role("radio", name="clearly").first).to_be_checked()
    submit(page, "t")
    assert item_id(page) == second
    expect(page.get_by_role("radio", name="slightly").first).to_be_checked()
    expect(status(page)).to_have_text("Change saved.")
    (done,) = saved(1)
    assert done.answers == {"better": {"preferred": None}}
    assert done.revision == 2


def test_skipping_by_keyboard_asks_why(start: Start) -> None:
    page = start(BETTER, count=2)
    press(page, "s", "2")
    after(page, lambda: press(page, "Enter"))
    expect(status(page)).to_have_text("Skipped.")
    assert Skip.objects.get().reason == "ambiguous"
    press(page, "s")
    page.get_by_role("radio", name="Something else").click()
    page.get_by_role("textbox").fill("a table that is cut off")
    after(page, page.get_by_role("button", name="Skip this item").click)
    expect(page.get_by_role("heading", name="Nothing to annotate here yet")).to_be_visible()
    assert Skip.objects.filter(reason="other: a table that is cut off").count() == 1


def test_keys_rest_while_one_types_and_the_list_of_keys_opens_and_closes(start: Start) -> None:
    page = start(BETTER, WHY)
    page.get_by_role("textbox").focus()
    page.keyboard.type("s?jk 1 t")
    expect(page.locator("dialog[open]")).to_have_count(0)
    expect(page.locator("input:checked")).to_have_count(0)
    press(page, "Escape", "?")
    expect(page.get_by_role("heading", name="Keys")).to_be_visible()
    press(page, "1", "Escape")
    expect(page.locator("dialog[open]")).to_have_count(0)
    expect(page.locator("input:checked")).to_have_count(0)


def test_the_focus_follows_to_the_next_item(start: Start) -> None:
    page = start(BETTER, count=2)
    submit(page, "1")
    expect(page.get_by_role("heading", name="A prompt and its 2 responses")).to_be_focused()


def test_a_lost_lease_is_said_and_the_answers_stay_as_a_draft(start: Start, annotator: User) -> None:
    page = start(BETTER, count=3)
    lost = item_id(page)
    Assignment.objects.filter(pk=lost).update(state="open", annotator=None, leased_until=None, leased_at=None)
    Campaign.objects.update(state="running")
    submit(page, "1")
    expect(page.get_by_text("This item passed to someone else; your answers are kept as a draft.")).to_be_visible()
    assert Draft.objects.get(assignment=lost).answers["better"]["strength"] == 2
    submit(page, "1")
    saved(1)


def test_leaving_gives_the_waiting_item_back(start: Start) -> None:
    page = start(BETTER, count=3)
    held = Assignment.objects.filter(state="leased")
    assert until(lambda: page.evaluate(NEXT_IS_HERE))
    assert held.count() == 2
    shown = item_id(page)
    page.goto("about:blank")
    assert until(lambda: held.count() == 1)
    assert held.get().pk == shown


def test_without_javascript_an_item_is_annotated_by_a_plain_form(start: Start) -> None:
    page = start(BETTER, SCORES, WHY, count=1, java_script_enabled=False)
    page.get_by_role("radio", name="Tie").check(force=True)
    page.get_by_role("textbox").fill("as good\nas each other")
    page.get_by_role("button", name="Submit").click()
    expect(page.get_by_text("Not answered yet: Response 1, Response 2.")).to_be_visible()
    expect(page.get_by_role("radio", name="Tie")).to_be_checked()
    expect(page.get_by_role("textbox")).to_have_value("as good\nas each other")
    for response in ("Response 1", "Response 2"):
        page.get_by_role("group", name=response).get_by_role("radio", name="10").check(force=True)
    page.get_by_role("button", name="Submit").click()
    expect(page.get_by_role("heading", name="That was the last one")).to_be_visible()
    (done,) = saved(1)
    assert done.answers["why"] == "as good\nas each other"
    assert set(done.answers["score"].values()) == {10}


def test_without_javascript_an_item_is_skipped(start: Start) -> None:
    page = start(BETTER, count=1, java_script_enabled=False)
    page.get_by_role("button", name="Skip").click()
    page.get_by_role("radio", name="The item is broken").check(force=True)
    page.get_by_role("button", name="Skip this item").click()
    expect(page.get_by_text("Skipped. The item goes to somebody else.")).to_be_visible()
    assert Skip.objects.get().reason == "broken item"
