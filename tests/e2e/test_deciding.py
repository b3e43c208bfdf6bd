"""Questions away from the desk in a real browser: a researcher's decision is sent, a preview is not."""

import pytest
from playwright.sync_api import expect

from annotate.models import Consensus, Unit, User
from routing.reports import refresh
from tests.annotate.consensus.voting import said, said_item
from tests.e2e.conftest import SignIn
from tests.e2e.working import ready

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


def test_a_researcher_decides_and_a_preview_sends_nothing(sign_in: SignIn, researcher: User) -> None:
    votes = ("ann", {"preferred": "a"}), ("bob", {"preferred": "b"})
    campaign = said(researcher, {"kind": "pairwise", "title": "Which?"}, [said_item("tied", *votes)])
    refresh(campaign)
    page = sign_in(researcher, f"/campaigns/said/consensus/{Unit.objects.get().pk}/")
    page.get_by_role("radio", name="Response 2").click()
    page.get_by_role("button", name="Decide").click()
    expect(page.get_by_text("decided by")).to_be_visible()
    assert Consensus.objects.get().answer == {"preferred": "b"}
    page.goto("/campaigns/said/preview/")
    ready(page)
    submit = "form => form.dispatchEvent(new SubmitEvent('submit', { bubbles: true, cancelable: true }))"
    assert page.locator("form.asking").evaluate(submit) is False
