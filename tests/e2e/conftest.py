"""A real browser for the end-to-end tests; they are left out where there is none."""

import os
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from annotate.models import User
from tests.e2e.install_browser import find_browser
from tests.e2e.working import Start, ready
from tests.factories import running_campaign

# Playwright's loop runs in this thread, and Django would refuse to talk to the database beside it.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
EXPECTED = ("net::ERR_INTERNET_DISCONNECTED", "net::ERR_CONNECTION", "a status of 409", "a status of 422")

BUSY = """SELECT count(*) FROM pg_stat_activity
          WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'"""

SignIn = Callable[..., Page]


def _let_requests_end() -> None:
    """Waits for what browsers still had under way: the database is emptied next."""
    quiet = 0
    while quiet < 3:
        time.sleep(0.05)
        with connection.cursor() as cursor:
            cursor.execute(BUSY)
            quiet = 0 if cursor.fetchone()[0] else quiet + 1


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Closed when the last test of this folder ends: no other test could run a loop of its own beside Playwright's."""
    path = find_browser()
    if path is None:
        pytest.skip("there is no Chromium here: python tests/e2e/install_browser.py")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def complaints() -> list[str]:
    """What browsers wrote to their consoles: script errors, refused content, missing files."""
    return []


@pytest.fixture
def sign_in(browser: Browser, live_server: LiveServer, complaints: list[str]) -> Iterator[SignIn]:
    """`sign_in(user, path, **options)` opens a page in a browser of its own, signed in; options are playwright's.

    At the end of the test no browser may have complained of anything but a lost network or refused answers.
    """
    contexts: list[BrowserContext] = []

    def open_page(user: User, path: str, **options: Any) -> Page:
        client = Client()
        client.force_login(user)
        context = browser.new_context(base_url=live_server.url, **options)
        contexts.append(context)
        context.set_default_timeout(10_000)
        cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
        context.add_cookies([cookie])  # type: ignore[list-item]
        context.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
        context.on("weberror", lambda e: complaints.append(str(e.error)))
        page = context.new_page()
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    _let_requests_end()
    assert [text for text in complaints if not any(name in text for name in EXPECTED)] == []


@pytest.fixture
def start(sign_in: SignIn, researcher: User, annotator: User) -> Start:
    """`start(questions, count)` opens the annotation page of a new campaign with so many items."""

    def open_campaign(*questions: dict[str, Any], count: int = 3, **options: Any) -> Page:
        running_campaign(researcher, count, [annotator], questions=questions, slug="browser")
        page = sign_in(annotator, "/campaigns/browser/annotate/", **options)
        return page if options.get("java_script_enabled") is False else ready(page)

    return open_campaign
