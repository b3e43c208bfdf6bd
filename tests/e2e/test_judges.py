"""A judge from its address to the cost of its labels, by keyboard alone."""

import pytest
from playwright.sync_api import Page, expect

from annotate.models import User
from routing.models import Judge, JudgeRun
from routing.pricing import create_price
from tests.e2e.conftest import SignIn
from tests.e2e.working import press, until
from tests.factories import PAIRWISE_PAIR
from tests.routing.judged import judged_campaign, work_on
from tests.routing.servers.model_server import Answer, ModelServer

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
KEY = "sk-very-secret-1234"
FOCUSED = "document.activeElement.name || document.activeElement.innerText.trim()"
MOST_TABS = 60


def tab_to(page: Page, what: str) -> None:
    """Tabs on until the control of that name, or with that text, has the focus."""
    for _ in range(MOST_TABS):
        press(page, "Tab")
        if page.evaluate(FOCUSED).startswith(what):
            return
    raise AssertionError(f"{what} cannot be reached with Tab")


def fill(page: Page, name: str, text: str) -> None:
    tab_to(page, name)
    page.keyboard.type(text)


def test_a_judge_is_added_tested_estimated_and_run_with_a_cap(sign_in: SignIn, researcher: User) -> None:
    campaign = judged_campaign(researcher, 3, PAIRWISE_PAIR)
    create_price(campaign.organisation, {"model": "tiny", "input": 100, "output": 400})
    with ModelServer(Answer("A", {"A": 0.7, "B": 0.3}, usage=(200, 1)), models=("tiny", "big"), key=KEY) as server:
        page = sign_in(researcher, "/campaigns/pairs/judges/")
        tab_to(page, "Add a judge")
        press(page, "Enter")
        expect(page.get_by_role("radio", name="A served or hosted model")).to_be_checked()
        fill(page, "endpoint.url", server.url)
        fill(page, "endpoint.key", KEY)
        fill(page, "openai.model", "tiny")
        tab_to(page, "Test the connection")
        expect(page.get_by_label("Price of a million tokens read")).to_have_value("100")
        press(page, "Enter")
        expect(page.locator("#server-found")).to_contain_text("tiny answers")
        assert page.locator("#models-found option").count() == 2
        fill(page, "name", "served tiny")
        tab_to(page, "q.better")
        page.keyboard.type("principles")
        expect(page.locator("#judge-questions")).to_contain_text("by a list of principles of yours")
        fill(page, "q.better.principles.principles", "Be honest.")
        tab_to(page, "save")
        press(page, "Enter")
        expect(page.get_by_role("heading", name="served tiny")).to_be_visible()
        judge = Judge.objects.get()
        assert judge.endpoint
        assert judge.endpoint.capabilities["tiny"]["labels"] == "logprobs"

        tab_to(page, "Run…")
        press(page, "Enter")
        expect(page.locator("#estimate")).to_contain_text("Calls to make")
        expect(page.locator("#estimate")).to_contain_text("$")
        fill(page, "cap", "5")
        fill(page, "repeats", "2")
        press(page, "Tab")
        expect(page.locator("#estimate .value").first).to_have_text("6")
        page.get_by_label("Times each is asked").focus()
        tab_to(page, "Run")
        press(page, "Enter")
        expect(page.locator(".run .badge")).to_have_text("queued")
        assert until(lambda: JudgeRun.objects.filter(cap=5_000_000, repeats=2).exists())
        work_on(JudgeRun.objects.get())
        expect(page.locator(".run .badge")).to_have_text("done")
        expect(page.locator(f"#cost-{judge.pk}")).to_contain_text("a label (6 labels)")
    run = JudgeRun.objects.get()
    assert run.spent > 0
    assert KEY not in page.content()
