"""Silent repeats and the arms of an experiment, as somebody meets them in a browser."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from annotate.models import User
from tests.e2e.conftest import SignIn
from tests.e2e.working import BETTER, after, ready, saved, submit
from tests.factories import running_campaign

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

POINTS: dict[str, Any] = {
    "name": "points",
    "kind": "checklist",
    "shows": "all",
    "config": {"points": [{"key": "true", "text": "Is it true?"}]},
}


def responses(page: Page) -> list[str]:
    return [text for text in page.locator("article.work").inner_text().split("\n") if text.startswith("Answer ")]


def test_the_same_items_come_again_with_the_sides_changed_and_nothing_says_so(
    sign_in: SignIn, researcher: User, annotator: User
) -> None:
    repeats = {"share": 1, "delay_minutes": 0}
    running_campaign(researcher, 2, [annotator], questions=[BETTER], slug="browser", repeats=repeats)
    page = ready(sign_in(annotator, "/campaigns/browser/annotate/"))
    seen = []
    for _ in range(4):
        seen.append(responses(page))
        assert "repeat" not in page.locator("body").inner_text().lower()
        submit(page, "1")
    expect(page.get_by_role("heading", name="That was the last one")).to_be_visible()
    assert sorted(map(tuple, seen)) == sorted(tuple(one[::-1]) for one in seen)
    assert len(set(map(tuple, seen))) == 4
    expect(page.locator("#done")).to_have_text("4")
    assert sorted(done.assignment.purpose for done in saved(4)) == ["", "", "repeat", "repeat"]


def test_without_the_checklist_the_page_asks_the_comparison_alone(
    sign_in: SignIn, researcher: User, annotator: User
) -> None:
    arms = {"checklist": "points", "rating": "better"}
    running_campaign(researcher, 6, [annotator], questions=[POINTS, BETTER], slug="browser", overlap=2, arms=arms)
    page = ready(sign_in(annotator, "/campaigns/browser/annotate/"))
    for _ in range(6):
        page.get_by_role("radio", name="Tie").wait_for()
        for yes in page.get_by_role("radio", name="Yes").all():  # None without the checklist.
            yes.check(force=True)
        page.get_by_role("radio", name="Tie").check(force=True)
        after(page, page.get_by_role("button", name="Submit").click)
    found = saved(6)
    assert {("points" in done.answers, done.assignment.arm) for done in found} == {(True, "with"), (False, "without")}
