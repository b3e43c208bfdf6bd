"""The page on models in a browser: drawn, as axe sees it, on a phone, and asking again by keyboard."""

import pytest
from playwright.sync_api import expect

from annotate.campaigns import add_member, annotator_of, change_state
from annotate.models import Assignment, User
from routing.reports import refresh
from tests.e2e.conftest import SignIn
from tests.e2e.test_reliability_report import press_until, wrong
from tests.routing.leaderboard.played import item, played

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
THREE = {"a": "ada", "b": "bob", "c": "cyd"}


def test_what_would_settle_cycles_is_asked_again_by_keyboard(
    researcher: User, annotator: User, sign_in: SignIn
) -> None:
    ring = [("ann", "human", pair) for pair in ("a>b", "b>c", "c>a")]
    lengths = [{"a": "long " * (n % 7 + 1), "b": "long " * (n % 3 + 1), "c": "short"} for n in range(12)]
    rows = [item(f"r{n}", THREE, *ring, ("ben", "human", "a>b"), texts=texts) for n, texts in enumerate(lengths)]
    campaign = change_state(played(researcher, rows), "launch")
    add_member(campaign, annotator_of(annotator))
    refresh(campaign, ["leaderboard"])

    page = sign_in(researcher, "/campaigns/models/leaderboard/", viewport={"width": 390, "height": 800})
    expect(page.locator("#strengths svg").first).to_be_visible()
    expect(page.locator("#head-to-head svg").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert wrong(page) == []

    page.locator("input[name=unit]").first.focus()
    page.keyboard.press("Space")
    press_until(page, "Ask again about the chosen pairs")
    page.keyboard.press("Enter")
    expect(page.get_by_text("11 of 11 will be asked once more")).to_be_visible()
    assert Assignment.objects.filter(purpose=Assignment.Purpose.AGAIN).count() == 11
