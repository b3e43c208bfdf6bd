"""The pages on annotators in a browser: drawn, as axe sees them, on a phone, and a decision by keyboard."""

import pytest
from playwright.sync_api import expect

from annotate.models import Annotator, Standing, User
from routing.reports import refresh
from tests.e2e.conftest import SignIn
from tests.e2e.test_reliability_report import press_until, wrong
from tests.routing.annotators.planted import planted

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


def test_an_annotator_is_looked_at_and_paused_by_keyboard(researcher: User, sign_in: SignIn) -> None:
    campaign = planted(researcher, items=40)
    refresh(campaign, ["annotators", "annotator_details"])
    page = sign_in(researcher, "/campaigns/planted/annotators/", viewport={"width": 390, "height": 800})
    expect(page.locator("#annotators-chart svg").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert wrong(page) == []

    page.get_by_role("rowheader", name="left").get_by_role("link").press("Enter")
    expect(page.get_by_role("heading", name="left", exact=True)).to_be_visible()
    expect(page.locator("#confusion-0 svg").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert wrong(page) == []

    page.get_by_label("Why").fill("always the left one")
    page.get_by_label("Why").press("Enter")
    assert not Standing.objects.exists()
    press_until(page, "Pause")
    page.keyboard.press("Enter")
    expect(page.get_by_text("left is paused")).to_be_visible()
    standing = Standing.objects.get()
    assert (standing.annotator, standing.note) == (Annotator.objects.get(name="left"), "always the left one")
