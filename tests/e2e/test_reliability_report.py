"""The reliability report in a browser: by keyboard alone, in both themes, on a phone, and as axe sees it."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

import routing.judges
from annotate.models import User
from routing.models import Judge
from tests import routing as tests_of_routing
from tests.e2e.conftest import SignIn
from tests.e2e.test_axe import AXE, FOUND
from tests.routing.judged import make_judge, run_now
from tests.routing.reliability.told import told_judge

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

TABLE = [("0.9 0.2", "aab"), ("0.8 0.6", "ab"), ("0.2 0.7", "a"), ("0.3 0.9", "bb"), ("0.7 0.4", "=")] * 4


@pytest.fixture
def judge(researcher: User, monkeypatch: pytest.MonkeyPatch) -> Judge:
    plugins = str(Path(tests_of_routing.__path__[0]) / "plugins")
    monkeypatch.setattr(routing.judges, "__path__", [*routing.judges.__path__, plugins])
    gold = [{"answers": {"better": {"preferred": "a"}}} for _ in TABLE]
    judge = told_judge(researcher, TABLE, gold=gold)
    run_now(make_judge(judge.campaign, name="longest"))
    return judge


def wrong(page: Page) -> list[str]:
    """What axe finds in both themes."""
    found = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.evaluate(AXE)
        found += page.evaluate(FOUND, {})
    return found


def press_until(page: Page, text: str, key: str = "Tab") -> None:
    """Moves the focus until it is on what has this text."""
    for _ in range(60):
        page.keyboard.press(key)
        if page.evaluate("document.activeElement.innerText.trim()") == text:
            return
    raise AssertionError(f"the keyboard does not reach {text!r}")


def test_the_report_is_read_by_keyboard_and_looks_right_everywhere(
    judge: Judge, researcher: User, sign_in: SignIn
) -> None:
    page = sign_in(researcher, f"/judges/{judge.pk}/report/", viewport={"width": 390, "height": 800})
    expect(page.locator("svg.plot")).to_have_count(3)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert wrong(page) == []

    press_until(page, "The calibration curve as a table")
    page.keyboard.press("Enter")
    expect(page.get_by_role("region", name="Calibrated, out of fold")).to_be_visible()

    page.reload()
    press_until(page, "gold")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Against gold")).to_be_visible()

    press_until(page, "Compare judges")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Judges compared")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert wrong(page) == []
