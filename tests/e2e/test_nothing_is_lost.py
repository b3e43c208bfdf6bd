"""The annotation page under reloads, lost networks, lost leases, several tabs, and without JavaScript."""

import json
from typing import Any

import pytest
from playwright.sync_api import expect

from annotate.models import Annotation, Assignment, Campaign, Draft, Skip, User
from tests.e2e.working import (
    BETTER,
    FLAWED,
    NEXT_IS_HERE,
    SCORES,
    WHY,
    Start,
    after,
    item_id,
    press,
    ready,
    saved,
    status,
    submit,
    until,
)

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

MENDED: dict[str, Any] = {
    "name": "mended",
    "kind": "text",
    "config": {"per": "completion", "prefill": True},
    "shows": "all",
    "when": {"question": "flawed", "equals": "yes"},
}
NAME = "`crosscheck:${document.getElementById('work').dataset.user}:draft:${id}`"
KEEP = f"([id, pairs]) => localStorage.setItem({NAME}, JSON.stringify(pairs))"
KEPT = f"(id) => localStorage.getItem({NAME})"


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
    expect(status(page)).to_have_text("Skipped. The item goes to somebody else.")
    assert Skip.objects.get().reason == "ambiguous"
    page.locator("article.work").wait_for()  # Else S meets a page that waits for its next item.
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
    expect(page.locator("article input:checked")).to_have_count(0)
    press(page, "Escape", "?")
    expect(page.get_by_role("heading", name="Keys")).to_be_visible()
    press(page, "1", "Escape")
    expect(page.locator("dialog[open]")).to_have_count(0)
    expect(page.locator("article input:checked")).to_have_count(0)


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
    expect(page.get_by_text("Skipped. The item leaves the campaign until a researcher has looked.")).to_be_visible()
    assert Skip.objects.get().reason == "broken item"


def test_a_text_that_is_submitted_while_one_types_leaves_the_next_items_draft_alone(start: Start) -> None:
    page = start(FLAWED, WHY, count=3)
    assert until(lambda: page.evaluate(NEXT_IS_HERE))
    behind = Assignment.objects.filter(state="leased").exclude(pk=item_id(page)).get().pk
    page.evaluate(KEEP, [behind, [["why", "begun elsewhere"]]])
    for text in ("one", "two"):
        press(page, "1")
        page.get_by_role("textbox").fill(text)
        after(page, lambda: press(page, "Control+Enter"))
        if text == "one":
            expect(page.get_by_role("textbox")).to_have_value("begun elsewhere")
            saved(1)
            assert until(lambda: Assignment.objects.filter(state="leased").count() == 2)
    assert page.evaluate(KEPT, item_id(page)) is None
    page.wait_for_timeout(1000)
    assert not Draft.objects.exists()


def test_a_follow_up_that_is_off_keeps_the_text_it_starts_with(start: Start) -> None:
    page = start(FLAWED, MENDED, count=1)
    original = page.locator("textarea").first.input_value()
    assert original
    page.evaluate(KEEP, [item_id(page), [["flawed", "no"]]])
    page.reload()
    ready(page)
    expect(page.get_by_role("radio", name="no")).to_be_checked()
    press(page, "1")
    expect(page.get_by_role("textbox").first).to_have_value(original)


def test_news_of_a_lost_lease_go_with_their_item(start: Start) -> None:
    page = start(BETTER, count=3)
    assert until(lambda: page.evaluate(NEXT_IS_HERE))
    gone = {"state": "parked", "annotator": None, "leased_until": None, "leased_at": None}
    Assignment.objects.filter(pk=item_id(page)).update(**gone)
    press(page, "1")
    button = page.get_by_role("button", name="Go to the next item")
    expect(button).to_be_visible()
    submit(page)
    expect(button).to_have_count(0)


def test_an_answer_that_is_refused_without_a_word_holds_nothing_up(start: Start, complaints: list[str]) -> None:
    page = start(BETTER, count=4)
    assert until(lambda: page.evaluate(NEXT_IS_HERE))
    first = item_id(page)
    page.route(f"**/{first}/submit/", lambda route: route.fulfill(status=413, body="<h1>Too large</h1>"))
    submit(page, "1")
    expect(page.get_by_text("The server could not take your answer to an item (error 413).")).to_be_visible()
    assert page.evaluate(KEPT, first)
    submit(page, "2")
    saved(1)
    complaints[:] = [text for text in complaints if "a status of 413" not in text]


def test_an_item_that_was_handed_in_does_not_come_back_by_a_late_answer(start: Start) -> None:
    page = start(BETTER, count=3)
    assert until(lambda: page.evaluate(NEXT_IS_HERE))
    stale = page.evaluate(
        """fetch(document.getElementById("work").dataset.url + "?holding=", { headers: { Accept: "application/json" } })
          .then((answer) => answer.text())"""
    )
    first = item_id(page)
    assert json.loads(stale)["id"] == first
    page.wait_for_load_state("networkidle")
    page.evaluate("void (window.real = window.fetch)")
    page.evaluate(
        """(stale) => { window.fetch = (url, options) => !url.includes("holding=") || window.held ? real(url, options)
          : new Promise((answer) => { window.held = () => answer(Response.json(JSON.parse(stale))); }); }""",
        stale,
    )
    page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide'))")  # The waiting item goes back, and is asked for.
    page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    assert until(lambda: page.evaluate("Boolean(window.held)"))
    submit(page, "1")
    saved(1)
    page.evaluate("held()")
    for _ in range(2):
        expect(page.locator("article.work")).to_be_visible()
        assert item_id(page) != first
        submit(page, "1")
    expect(page.get_by_role("heading", name="That was the last one")).to_be_visible()
