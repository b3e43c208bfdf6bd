"""A signed-in browser for the benchmarks of the annotation page."""

import contextlib
import time
from collections.abc import Iterator
from typing import Any

from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, sync_playwright

from benchmarks.app import PASSWORD, PORT, App, Client
from tests.e2e.install_browser import HELP, find_browser

LATENCY = 100
"""Milliseconds that every request takes longer."""
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]


@contextlib.contextmanager
def browser() -> Iterator[Browser]:
    path = find_browser()
    if path is None:
        raise SystemExit(HELP)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield launched
        launched.close()


def signed_in(launched: Browser, name: str) -> BrowserContext:
    """A window of somebody who has signed in, with an empty cache."""
    first = launched.new_context(base_url=f"http://127.0.0.1:{PORT}")
    page = first.new_page()
    page.goto("/login/")
    page.fill("#id_username", name)
    page.fill("#id_password", PASSWORD)
    page.click("main .button.primary")
    page.wait_for_url("**/")
    context = launched.new_context(base_url=f"http://127.0.0.1:{PORT}", storage_state=first.storage_state())
    first.close()
    return context


def delayed(page: Page, latency: int = LATENCY) -> CDPSession:
    """Makes every request of the page take `latency` milliseconds longer."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    conditions = {"offline": False, "latency": latency, "downloadThroughput": -1, "uploadThroughput": -1}
    session.send("Network.emulateNetworkConditions", conditions)
    return session


def campaign(app: App, boss: Client, slug: str, questions: list[dict[str, Any]], rows: list[dict[str, Any]]) -> None:
    """A running campaign with these items, which the user `anna` annotates."""
    boss.expect(201, "POST", "campaigns/", {"slug": slug, "name": slug, "questions": questions})
    job = boss.expect(202, "POST", f"campaigns/{slug}/items/", rows)
    while (state := boss.expect(200, "GET", f"imports/{job['id']}/"))["state"] in ("queued", "running"):
        time.sleep(0.05)
    if state["done"] != len(rows):
        raise SystemExit(f"the import ended as {state}")
    boss.expect(200, "POST", f"campaigns/{slug}/launch/")
    boss.expect(201, "POST", f"campaigns/{slug}/members/", {"user": "anna", "role": "annotator"})
