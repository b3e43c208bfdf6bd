"""The page about agreement in a browser: drawn, chosen by keyboard, on a phone, in both themes, and as axe sees it."""

from typing import Any

import pytest
from playwright.sync_api import expect

from annotate.models import User
from routing.reports import refresh
from tests.e2e.conftest import SignIn
from tests.e2e.test_reliability_report import press_until, wrong
from tests.routing.agreement.held import annotated, item

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
QUESTIONS: list[dict[str, Any]] = [
    {"name": "better", "kind": "pairwise", "shows": "all", "title": "Which is better?"},
    {"name": "rare", "kind": "choice", "shows": "all", "title": "Harmful?", "config": {"options": ["yes", "no"]}},
]


def test_questions_are_chosen_by_keyboard_and_drawn_on_a_phone(researcher: User, sign_in: SignIn) -> None:
    items = []
    for n in range(40):
        said = {
            who: {"better": {"preferred": "a" if (n + turn) % 4 else "b"}, "rare": "yes" if n == turn else "no"}
            for turn, who in enumerate(("ann", "bob", "gpt"))
        }
        items.append(item(f"p{n}", said))
    refresh(annotated(researcher, QUESTIONS, items))
    page = sign_in(researcher, "/campaigns/agreed/agreement/", viewport={"width": 390, "height": 800})
    expect(page.locator("#agreement-questions svg")).to_have_count(1)
    expect(page.locator("#agreement-judges svg")).to_have_count(1)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert wrong(page) == []

    press_until(page, "Harmful?")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Harmful?")).to_be_visible()
    expect(page.get_by_text("the prevalence paradox")).to_be_visible()
    expect(page.locator("#agreement-people svg")).to_have_count(1)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert wrong(page) == []
