"""Ranking in a real browser: ranks typed, stepped and dragged, by keyboard, mouse and finger."""

from random import Random
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from annotate.models import User
from tests.e2e.conftest import SignIn
from tests.e2e.working import ORDER, Start, after, by_screen, press, ready, saved, submit
from tests.factories import running_campaign

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def start_many(sign_in: SignIn, researcher: User, annotator: User) -> Start:
    """`start_many(n, questions)` is `start` for items with n completions."""

    def open_campaign(completions: int, *questions: dict[str, Any], count: int = 1, **options: Any) -> Page:
        running_campaign(researcher, count, [annotator], completions, questions=questions, slug="browser")
        return ready(sign_in(annotator, "/campaigns/browser/annotate/", **options))

    return open_campaign


def ranks(page: Page) -> list[str]:
    """What the rank fields hold, from top to bottom."""
    return [field.input_value() for field in page.locator(".rank-card input").all()]


def names(page: Page) -> list[str]:
    return page.locator(".rank-card .about").all_text_contents()


def test_ranks_are_typed_card_after_card(start_many: Start) -> None:
    page = start_many(4, ORDER, count=2)
    assert ranks(page) == [""] * 4
    press(page, "2", "4")
    assert ranks(page) == ["2", "4", "", ""]
    press(page, "7", "1", "2", "Enter")
    (done,) = saved(1)
    assert by_screen(done, "order") == [2, 3, 1, 2]
    expect(page.locator(".rank-card input").first).to_have_value("")


def test_cards_step_by_arrows_and_stay_where_they_are(start_many: Start) -> None:
    page = start_many(3, ORDER)
    press(page, "ArrowUp", "j", "ArrowUp", "j", "ArrowDown")
    assert ranks(page) == ["1", "2", "3"]
    press(page, "ArrowUp")
    expect(page.locator(".ranking [role=status]")).to_have_text("Response 3 is now 2nd of 3.")
    press(page, "ArrowUp")
    assert ranks(page) == ["2", "3", "1"]
    assert names(page) == ["Response 1", "Response 2", "Response 3"]
    press(page, "o")
    assert names(page) == ["Response 3", "Response 1", "Response 2"]
    submit(page)
    assert by_screen(saved(1)[0], "order") == [2, 3, 1]


def test_two_digits_are_one_rank_where_there_are_ten_cards(start_many: Start) -> None:
    page = start_many(12, ORDER)
    press(page, "1", "2", "1", "j", "1", "0", "1", "1", *"23456789")
    assert ranks(page) == ["12", "1", "10", "11", "2", "3", "4", "5", "6", "7", "8", "9"]
    submit(page)
    assert by_screen(saved(1)[0], "order") == [12, 1, 10, 11, 2, 3, 4, 5, 6, 7, 8, 9]


MODULE = "document.querySelector('script[src*=annotate]').src.replace('annotate.js', 'ranks.js')"
ANY_EDITS = """async ([address, edits]) => {
  const { stepped, dropped, groups, inOrder } = await import(address);
  let ranks = new Map([..."abcdef"].map((card) => [card, null]));
  const seen = [];
  for (const [kind, card, by] of edits) {
    if (kind === "step") ranks = stepped(ranks, card, by < 3 ? -1 : 1);
    else ranks = dropped(ranks, card, by > 5 ? null : by);
    seen.push([kind, card, [...ranks], groups(ranks), inOrder(ranks)]);
  }
  return seen;
}"""


def test_any_steps_and_drops_leave_every_card_with_a_rank_that_there_is(start_many: Start) -> None:
    page = start_many(2, ORDER)
    random = Random(7)
    edits = [(random.choice(["step", "drop"]), random.choice("abcdef"), random.randrange(7)) for _ in range(600)]
    for kind, card, ranked, grouped, order in page.evaluate(ANY_EDITS, [page.evaluate(MODULE), edits]):
        ranks = dict(ranked)
        given = [rank for rank in ranks.values() if rank is not None]
        assert sorted(order) == sorted(ranks) == list("abcdef")
        assert all(1 <= rank <= 6 for rank in given)
        assert sorted(one for group in grouped for one in group) == sorted(one for one in ranks if ranks[one])
        if kind == "drop":
            assert sorted(set(given)) == list(range(1, len(set(given)) + 1))
        else:
            assert ranks[card] is not None


def test_a_card_is_dragged_by_mouse(start_many: Start) -> None:
    page = start_many(3, ORDER)
    for place, name in enumerate(("Response 3", "Response 1", "Response 2")):
        drag(page, name, place)
    assert names(page) == ["Response 3", "Response 1", "Response 2"]
    assert ranks(page) == ["1", "2", "3"]
    drag(page, "Response 2", 0)
    assert names(page) == ["Response 2", "Response 3", "Response 1"]
    after(page, page.get_by_role("button", name="Submit").click)
    assert by_screen(saved(1)[0], "order") == [3, 1, 2]


def drag(page: Page, name: str, place: int) -> None:
    """Drags a card by its handle over the middle of the one in a place."""
    handle = page.get_by_role("group", name=name, exact=True).locator(".handle")
    handle.scroll_into_view_if_needed()
    start, end = middle(handle), above(page.locator(".cards > *").nth(place))
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(start[0], (start[1] + end[1]) / 2)
    page.mouse.move(start[0], end[1])
    page.mouse.up()


def middle(locator: Locator) -> tuple[float, float]:
    box = locator.bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def above(locator: Locator) -> tuple[float, float]:
    box = locator.bounding_box()
    assert box
    return box["x"], box["y"] - 2


def test_a_card_is_dragged_by_a_finger(start_many: Start) -> None:
    page = start_many(3, ORDER, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    handle = page.get_by_role("group", name="Response 2", exact=True).locator(".handle")
    handle.scroll_into_view_if_needed()
    box = handle.bounding_box()
    assert box
    assert min(box["width"], box["height"]) >= 44
    (x, y), (_, top) = middle(handle), above(page.locator(".unranked"))
    touch = page.context.new_cdp_session(page)
    for kind, at in (("touchStart", y), ("touchMove", (y + top) / 2), ("touchMove", top)):
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": at}]})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    assert (names(page)[0], ranks(page)) == ("Response 2", ["1", "", ""])


def test_ranks_by_buttons_and_a_forbidden_tie(start_many: Start) -> None:
    page = start_many(2, {**ORDER, "config": {"allow_ties": False}})
    page.get_by_role("button", name="Response 2 one up").click()
    page.get_by_role("spinbutton", name="Rank of Response 1").fill("1")
    page.get_by_role("button", name="Submit").click()
    expect(page.get_by_text("Response 1 and Response 2 share rank 1; give each its own.")).to_be_visible()
    page.get_by_role("button", name="Response 1 one down").click()
    after(page, page.get_by_role("button", name="Submit").click)
    assert by_screen(saved(1)[0], "order") == [2, 1]
