"""Axe finds nothing wrong on any page, in either theme. The resolver gives the pages, the registry the kinds."""

from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.test import Client
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from annotate.campaigns import add_member, change_state
from annotate.display import save_display
from annotate.kinds import kinds
from annotate.models import Assignment, Campaign, User
from tests.annotate.kinds.examples import EXAMPLES, PASSAGES
from tests.e2e.conftest import _let_requests_end
from tests.e2e.working import ready
from tests.factories import import_rows, make_campaign, person
from tests.walking import everything_of, routes

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text()
FOUND = """async (options) => (await axe.run(document, {resultTypes: ["violations"], ...options})).violations
  .map((v) => `${v.id}: ${v.nodes.slice(0, 3).map((n) => n.target + " " + n.any.map((a) => a.message)).join(" | ")}`)"""
COLOURS = {"runOnly": ["color-contrast", "link-in-text-block"]}
"""All that another theme changes."""

MARKDOWN = """# Title

Some *text*, `code` and a [link](https://example.org), $x^2$.

- one
- two

```python
def f(x): return "y"  # comment
```

| a | b |
| - | - |
| 1 | 2 |

> quoted
"""
CALL = {"id": "1", "function": {"name": "f", "arguments": "{}"}}
CHAT = [
    {"role": "system", "content": "Be brief."},
    {"role": "user", "content": "Hi"},
    {
        "role": "assistant",
        "content": "Hello.",
        "tool_calls": [CALL],
    },
    {"role": "tool", "tool_call_id": "1", "content": "42"},
    {"role": "user", "content": MARKDOWN},
]


class Looker:
    """A browser page that is looked at by axe wherever it goes; what is wrong is kept."""

    def __init__(self, page: Page, url: str) -> None:
        self.page, self.url, self.wrong = page, url, list[str]()

    def look(self, name: str) -> None:
        """Everything in the light theme, then the colours in the dark one."""
        for scheme, options in (("light", {}), ("dark", COLOURS)):
            self.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            self.wrong += [f"{name}, {scheme}: {found}" for found in self.page.evaluate(FOUND, options)]

    def visit(self, path: str) -> None:
        self.page.goto(path)
        self.look(path)


@pytest.fixture
def looker(browser: Browser, live_server: LiveServer) -> Iterator[Looker]:
    context = browser.new_context(base_url=live_server.url)
    context.add_init_script(AXE)
    context.set_default_timeout(10_000)
    looker = Looker(context.new_page(), live_server.url)
    yield looker
    context.close()
    _let_requests_end()
    assert not looker.wrong, "\n".join(looker.wrong)


def sign_in(looker: Looker, user: User) -> None:
    client = Client()
    client.force_login(user)
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": looker.url}
    looker.page.context.add_cookies([cookie])  # type: ignore[list-item]


def every_kind(researcher: User, annotator: User, slug: str, **wanted: Any) -> Campaign:
    """A campaign that asks everything that the examples of the kinds ask in such a view."""
    examples = [example for example in EXAMPLES if (example.shows, example.keys) == (wanted["shows"], wanted["keys"])]
    questions = [
        {"name": f"q{i}", "kind": e.kind, "config": e.config, "shows": e.shows, "required": i % 2 == 0}
        for i, e in enumerate(examples)
    ]
    spec = {"guidelines": MARKDOWN, "reference": "folded"}
    campaign = make_campaign(researcher, slug, questions, **spec)
    row = {
        "prompt": CHAT,
        "context": PASSAGES,
        "reference": "It is.",
        "points": [{"key": "p", "text": "Is it so?"}],
        "completions": [{"key": key, "text": MARKDOWN} for key in wanted["keys"]],
    }
    job = import_rows(campaign, [{**row, "key": str(i)} for i in range(2)])
    assert job.done == 2, list(job.errors.values())
    add_member(campaign, person(annotator))
    return change_state(campaign, "launch")


def test_the_annotation_page_with_every_kind_and_every_window(
    looker: Looker, researcher: User, annotator: User
) -> None:
    every_kind(researcher, annotator, "kinds", shows="all", keys=("a", "b"))
    sign_in(looker, annotator)
    page = looker.page
    page.goto("/campaigns/kinds/annotate/")
    ready(page)
    asked = {name for name in kinds() if page.locator(f"fieldset.question.{name}").count()}
    assert asked == set(kinds())
    looker.look("every kind")
    page.keyboard.press("v")
    page.keyboard.press("d")
    page.keyboard.press("l")
    expect(page.locator("[data-action=differences]")).to_have_attribute("aria-pressed", "true")
    looker.look("the view panel, with differences")
    for key, title in (("?", "keys"), ("s", "skip"), ("f", "flag")):
        page.keyboard.press(key)
        if page.locator("dialog:modal").count():
            looker.look(f"the window of {title}")
            page.keyboard.press("Escape")
    page.get_by_role("button", name="Submit").click()
    expect(page.locator(".question > .error:visible").first).to_be_visible()
    looker.look("every kind, with messages")


def test_the_annotation_page_with_one_response_and_its_end(looker: Looker, researcher: User, annotator: User) -> None:
    campaign = every_kind(researcher, annotator, "single", shows="each", keys=("b",))
    sign_in(looker, annotator)
    looker.visit("/campaigns/single/annotate/")
    Assignment.objects.filter(campaign=campaign).delete()
    looker.visit("/campaigns/single/annotate/?nothing=left")
    change_state(campaign, "pause")
    looker.visit("/campaigns/single/annotate/?not=running")
    save_display(annotator, {"theme": "dark"})
    looker.visit("/")


def pages(client: Client, researcher: User) -> Iterator[str]:
    """The address of every page of ours, filled in with what the researcher has."""
    things = everything_of(researcher, client)
    for route in routes():
        path = route.filled(things)
        answer = client.get(path)
        if answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/html"):
            yield path


def test_every_page_of_a_researcher(looker: Looker, researcher: User, client: Client) -> None:
    client.force_login(researcher)
    paths = list(pages(client, researcher))
    assert {"/", "/start/", "/campaigns/new/", "/campaigns/secret-campaign/inconsistency/"} <= set(paths)
    sign_in(looker, researcher)
    for path in paths:
        looker.visit(path)


def test_pages_without_anything_on_them_and_pages_of_errors(looker: Looker, researcher: User, annotator: User) -> None:
    make_campaign(researcher, "empty")
    looker.visit("/login/")
    looker.page.get_by_label("User name").fill("nobody")
    looker.page.get_by_label("Password").fill("wrong")
    looker.page.get_by_role("button", name="Sign in").click()
    looker.look("signing in with a wrong password")
    for template in ("400.html", "403.html", "403_csrf.html", "500.html"):
        looker.page.set_content(render_to_string(template))
        looker.look(template)
    sign_in(looker, annotator)
    looker.visit("/")
    looker.visit("/nothing/here/")
    sign_in(looker, researcher)
    for name in (
        "",
        "items/",
        "members/",
        "judges/",
        "quality/",
        "inconsistency/",
        "agreement/",
        "consensus/",
        "annotators/",
        "leaderboard/",
        "slices/",
        "exports/",
        "edit/",
        "annotate/",
    ):
        looker.visit(f"/campaigns/empty/{name}")
