"""An annotator's page on his own figures in a browser: reached by keyboard, as axe sees it, and on a phone."""

import pytest
from playwright.sync_api import expect

from annotate.models import Annotation, User
from tests.e2e.conftest import SignIn
from tests.e2e.test_reliability_report import press_until, wrong
from tests.factories import make_user
from tests.routing.views.test_my_quality_page import answered

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


def test_from_ones_answers_to_ones_figures(researcher: User, annotator: User, sign_in: SignIn) -> None:
    answered(researcher, [annotator, make_user("zoe")], own_statistics=True)
    page = sign_in(annotator, "/campaigns/pairs/mine/", viewport={"width": 390, "height": 800})
    press_until(page, "My figures")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Agreement with the others")).to_be_visible()
    assert Annotation.objects.count() == 40
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert wrong(page) == []
