"""What the tests of the annotation page share: questions, and ways to press, wait and look."""

import time
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Locator, Page, expect

from annotate.models import Annotation

STRENGTHS = ["slightly", "clearly"]
BETTER: dict[str, Any] = {
    "name": "better",
    "kind": "pairwise",
    "shows": "all",
    "config": {"strengths": STRENGTHS, "both_bad": True},
}
SCORE: dict[str, Any] = {"name": "score", "kind": "rating", "shows": "each", "config": {"min": 1, "max": 7}}
SCORES: dict[str, Any] = {"name": "score", "kind": "rating", "shows": "all", "config": {"min": 0, "max": 10}}
FLAWED: dict[str, Any] = {"name": "flawed", "kind": "choice", "config": {"options": ["yes", "no"]}}
FLAWS: dict[str, Any] = {
    "name": "flaws",
    "kind": "choice",
    "config": {"options": ["false", "long", "rude"], "multiple": True},
    "when": {"question": "flawed", "equals": "yes"},
}
ORDER: dict[str, Any] = {"name": "order", "kind": "ranking", "shows": "all"}
WHY: dict[str, Any] = {"name": "why", "kind": "text", "config": {"min_length": 3}, "required": False}

NEXT_IS_HERE = "performance.getEntriesByType('resource').some((e) => /holding=/.test(e.name) && e.responseEnd)"

Start = Callable[..., Page]


def ready(page: Page) -> Page:
    """Once the script runs, and that of every question."""
    page.locator("html.scripted").wait_for()
    expect(page.locator("fieldset[data-widget]:not([data-attached=yes])")).to_have_count(0)
    return page


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def status(page: Page) -> Locator:
    return page.locator("#status")


def item_id(page: Page) -> int:
    return int(page.locator("article.work").get_attribute("data-id") or 0)


def after(page: Page, act: Callable[[], None]) -> None:
    """Does something that ends with another item (or the end) on the screen."""
    before = item_id(page)
    act()
    expect(page.locator(f'article.work[data-id="{before}"]')).to_have_count(0)


def submit(page: Page, *keys: str) -> None:
    after(page, lambda: press(page, *keys, "Enter"))


def until(holds: Callable[[], Any], seconds: float = 8) -> bool:
    """Whether it comes to hold within the time."""
    end = time.monotonic() + seconds
    while not (held := holds()) and time.monotonic() < end:
        time.sleep(0.05)
    return bool(held)


def saved(count: int) -> list[Annotation]:
    """The annotations, oldest first, once there are so many."""
    rows = Annotation.objects.select_related("assignment").order_by("pk")
    assert until(lambda: rows.count() >= count)
    found = list(rows)
    assert len(found) == count
    return found


def by_screen(done: Annotation, question: str) -> list[Any]:
    """The parts of an answer, in the order of the screen."""
    return [done.answers[question][key] for key in done.assignment.shown]
