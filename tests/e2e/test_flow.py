"""Flagging, going back, leases, pauses, suggestions and active time, in a real browser."""

from datetime import timedelta
from typing import Any

import pytest
from django.templatetags.static import static
from django.utils import timezone
from playwright.sync_api import Page, expect

from annotate.campaigns import change_state
from annotate.models import Annotation, Assignment, Campaign, Draft, Flag, Item, User
from tests.annotate.submitting.test_suggestions import A, judge
from tests.e2e.conftest import SignIn
from tests.e2e.working import (
    BETTER,
    FLAWED,
    NEXT_IS_HERE,
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
from tests.factories import PAIRWISE, running_campaign

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

CLOCK = static("js/clock.js")
VISIBLE = """(state) => {
  Object.defineProperty(document, "visibilityState", { value: state, configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));
}"""


def shown(page: Page, pk: int) -> None:
    expect(page.locator(f'article.work[data-id="{pk}"]')).to_be_visible()


def lease(pk: int) -> timedelta:
    until_when = Assignment.objects.values_list("leased_until", flat=True).get(pk=pk)
    assert until_when is not None
    return until_when - timezone.now()


def waiting(page: Page) -> int:
    """The item behind the one on the screen."""
    assert until(lambda: Assignment.objects.filter(state="leased").count() == 2)
    return int(Assignment.objects.filter(state="leased").exclude(pk=item_id(page)).values_list("pk", flat=True)[0])


def test_flagging_by_keyboard_leaves_the_item_on_the_screen(start: Start) -> None:
    page = start(BETTER, count=2)
    here = item_id(page)
    press(page, "1", "f")
    dialog = page.get_by_role("dialog", name="Why do you flag this item?")
    expect(dialog.get_by_text("Leaves the campaign until a researcher has looked")).to_be_visible()
    press(page, "3", "Enter")
    expect(status(page)).to_have_text("Flagged. A researcher decides; you may still finish it.")
    assert (Flag.objects.get().reason, item_id(page)) == ("unsure", here)
    expect(page.get_by_role("radio", name="clearly").first).to_be_checked()
    submit(page)
    assert saved(1)[0].assignment_id == here


def test_flagging_by_mouse_with_a_note(start: Start) -> None:
    page = start(BETTER, count=1)
    page.get_by_role("button", name="Flag", exact=False).click()
    page.get_by_role("radio", name="Something else").click()
    page.get_by_role("button", name="Flag this item").click()
    expect(page.get_by_role("dialog").get_by_role("textbox")).to_be_focused()
    page.keyboard.type("js? 1 table")
    page.get_by_role("button", name="Flag this item").click()
    expect(status(page)).to_contain_text("Flagged for the researchers.")
    assert Flag.objects.get().note == "js? 1 table"


def test_a_flag_given_offline_arrives_before_the_answer(start: Start) -> None:
    page = start(BETTER, count=2)
    assert until(lambda: page.evaluate(NEXT_IS_HERE))
    page.context.set_offline(True)
    press(page, "f", "4", "Enter")
    submit(page, "2")
    page.context.set_offline(False)
    (done,) = saved(1)
    assert Flag.objects.get().unit_id == done.unit_id
    assert Item.objects.exclude(withdrawn_at=None).count() == 1


def test_a_skip_says_what_its_reason_does(start: Start) -> None:
    page = start(BETTER, count=2)
    press(page, "s", "3")
    after(page, lambda: press(page, "Enter"))
    expect(status(page)).to_have_text("Skipped. The item leaves the campaign until a researcher has looked.")
    assert Flag.objects.get().then == "remove"


def test_control_z_goes_further_and_further_back_also_after_a_reload(start: Start) -> None:
    page = start(BETTER, count=4)
    ids = []
    for key in "123":
        ids.append(item_id(page))
        submit(page, key)
    saved(3)
    last = item_id(page)
    page.reload()
    ready(page)
    shown(page, last)
    for pk in reversed(ids):
        press(page, "Control+z")
        shown(page, pk)
    press(page, "Control+z")
    expect(status(page)).to_have_text("That was the first that you submitted here.")
    after(page, lambda: press(page, "t", "Enter"))
    shown(page, last)
    expect(status(page)).to_have_text("Change saved.")
    assert Annotation.objects.get(assignment=ids[0]).answers == {"better": {"preferred": None}}
    press(page, "Control+z")
    shown(page, ids[0])


def test_going_further_back_keeps_what_was_begun(start: Start) -> None:
    page = start(BETTER, WHY, count=3)
    first = item_id(page)
    submit(page, "1")
    second = item_id(page)
    submit(page, "2")
    saved(2)
    expect(status(page)).to_have_text("Saved.")
    press(page, "Control+z")
    shown(page, second)
    page.get_by_role("textbox", name="Why").fill("half a thought")
    page.keyboard.press("Escape")
    press(page, "Control+z")
    shown(page, first)
    submit(page, "t")
    shown(page, second)
    expect(page.get_by_role("textbox", name="Why")).to_have_value("half a thought")


def test_the_history_leads_to_a_change_and_back(start: Start) -> None:
    page = start(BETTER, count=3)
    first = item_id(page)
    submit(page, "1")
    submit(page, "4")
    saved(2)
    expect(status(page)).to_have_text("Saved.")
    press(page, "h")
    page.wait_for_url("**/mine/")
    lines = page.locator(".mine > li")
    expect(lines).to_have_count(2)
    lines.nth(1).get_by_role("link", name="Change").click()
    ready(page)
    shown(page, first)
    press(page, "t", "Enter")
    page.wait_for_url(f"**/mine/#a{first}")
    expect(page.locator(f"#a{first} dd").first).to_have_text("Tie")
    page.get_by_text("1 earlier").click()
    expect(page.locator(f"#a{first} details")).to_contain_text("is better (clearly)")
    page.locator(f"#a{first}").get_by_role("link", name="Change").click()
    ready(page)
    page.get_by_role("link", name="Leave it as it is").click()
    page.wait_for_url(f"**/mine/#a{first}")


def test_the_waiting_item_is_held_shortly_until_it_is_shown(start: Start) -> None:
    page = start(BETTER, count=4)
    behind = waiting(page)
    assert lease(item_id(page)) > timedelta(minutes=25)
    assert lease(behind) <= timedelta(minutes=3)
    submit(page, "1")
    assert item_id(page) == behind
    assert until(lambda: lease(behind) > timedelta(minutes=25))
    assert lease(waiting(page)) <= timedelta(minutes=3)
    after(page, lambda: press(page, "s", "1", "Enter"))
    assert until(lambda: lease(item_id(page)) > timedelta(minutes=25))


def test_a_waiting_item_is_kept_while_somebody_works_and_lost_to_others_otherwise(start: Start) -> None:
    page = start(BETTER, WHY, count=3)
    address = page.url
    waiting(page)
    page.wait_for_load_state("networkidle")
    page.goto("about:blank")
    assert until(lambda: Assignment.objects.filter(state="leased").count() == 1)
    page.clock.install()
    page.goto(address)
    ready(page)
    behind = waiting(page)
    ago = timezone.now() - timedelta(minutes=1)
    Assignment.objects.filter(pk=behind).update(leased_until=ago)
    for _ in range(6):
        page.mouse.move(5, 5)
        page.mouse.move(50, 50)
        page.clock.run_for(15_000)
    assert until(lambda: lease(behind) > timedelta(minutes=2))
    Assignment.objects.filter(pk=behind).update(leased_until=ago)
    page.clock.run_for(400_000)
    assert lease(behind) < timedelta(0)
    Assignment.objects.filter(pk=behind).update(state="parked", annotator=None, leased_until=None, leased_at=None)
    page.mouse.move(7, 7)
    page.clock.run_for(16_000)
    assert until(lambda: Assignment.objects.filter(state="leased").count() == 2)
    press(page, "1", "Enter")
    saved(1)
    assert item_id(page) != behind


def test_a_paused_campaign_is_said_and_what_was_typed_is_kept(start: Start) -> None:
    page = start(FLAWED, WHY, count=3)
    waiting(page)
    change_state(Campaign.objects.get(), "pause")
    press(page, "1", "j")
    page.keyboard.type("half a thought")
    expect(page.get_by_text("This campaign has been paused.")).to_be_visible()
    assert until(lambda: Draft.objects.filter(answers__why="half a thought").exists())
    press(page, "Control+Enter")
    saved(1)
    change_state(Campaign.objects.get(), "launch")
    press(page, "2")
    after(page, lambda: press(page, "Enter"))
    expect(page.get_by_text("This campaign has been paused.")).to_have_count(0)


def test_saved_is_there_to_be_read_before_the_next_draft_is(start: Start) -> None:
    page = start(BETTER, count=3)
    waiting(page)
    submit(page, "1")
    expect(status(page)).to_have_text("Saved.")
    press(page, "2")
    assert until(lambda: Draft.objects.exists())
    expect(status(page)).to_have_text("Saved.")
    expect(status(page)).to_have_text("Draft saved.")


def test_suggestions_come_after_ones_own_answer(sign_in: SignIn, researcher: User, annotator: User) -> None:
    questions: list[dict[str, Any]] = [PAIRWISE]
    campaign = running_campaign(researcher, 1, [annotator], questions=questions, suggestions="after")
    judge(campaign, A)
    page = ready(sign_in(annotator, "/campaigns/pairs/annotate/"))
    press(page, "i")
    expect(status(page)).to_contain_text("Yours first")
    expect(page.get_by_text("Judge judy suggests")).to_have_count(0)
    order = Assignment.objects.get(pk=item_id(page)).shown
    press(page, str(order.index("b") + 1), "i")
    expect(page.get_by_text("Judge judy suggests")).to_contain_text(f"Response {order.index('a') + 1} is better")
    page.get_by_role("button", name="Use it").click()
    expect(page.get_by_role("radio", name=f"Response {order.index('a') + 1}")).to_be_checked()
    after(page, page.get_by_role("button", name="Submit").click)
    done = saved(2)[1]
    assert done.aids is not None
    noted = done.aids["suggestions"]
    assert (noted["first"], noted["used"]) == ({"overall": {"preferred": "b"}}, ["overall"])
    assert (noted["result"], done.answers) == ({"overall": "adopted"}, A)


def test_a_campaign_without_changes_has_no_undo(sign_in: SignIn, researcher: User, annotator: User) -> None:
    running_campaign(researcher, 2, [annotator], questions=[BETTER], revisions=False)
    page = ready(sign_in(annotator, "/campaigns/pairs/annotate/"))
    expect(page.get_by_role("button", name="Undo")).to_have_count(0)
    submit(page, "1")
    expect(status(page)).to_have_text("Saved.")
    press(page, "Control+z")
    expect(status(page)).to_have_text("Answers here cannot be changed once they are submitted.")


def test_active_time_leaves_out_idle_and_hidden_time(sign_in: SignIn, annotator: User) -> None:
    page = sign_in(annotator, "/")
    page.clock.install()
    page.reload()
    page.evaluate(f"import('{CLOCK}').then((clock) => {{ window.clock = clock; window.one = {{ active: 0 }}; }})")
    assert until(lambda: page.evaluate("Boolean(window.one)"))
    page.evaluate("clock.countFor(one)")

    def counted(act: str, seconds: int) -> float:
        before = page.evaluate("clock.seconds(one)")
        page.evaluate(act)
        page.clock.run_for(seconds * 1000)
        return float(round(page.evaluate("clock.seconds(one)") - before))

    touch = "document.dispatchEvent(new KeyboardEvent('keydown', { key: 'a' }))"
    assert counted(touch, 10) == 10
    assert counted(touch, 90) == 30
    page.evaluate(touch)
    page.evaluate(VISIBLE, "hidden")
    assert counted(touch, 20) == 0
    page.evaluate(VISIBLE, "visible")
    assert counted(touch, 5) == 5
    page.evaluate("clock.countFor(null)")
    assert counted(touch, 5) == 0
