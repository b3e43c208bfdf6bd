"""What the tests of marking share: texts and labels, a campaign, and ways to select by mouse."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Locator, Page

from annotate.campaigns import add_member, annotator_of, change_state
from annotate.models import Mark, User
from tests.e2e.conftest import SignIn
from tests.e2e.working import after, ready, saved
from tests.factories import import_rows, make_campaign

PLAIN = "The sky is green today. Cows can fly over it. Nobody has seen that."
ROUGH = "Cafe\u0301 🙂 says\r\nשלום עולם and 👩‍👩‍👧 wave, **truly** so. $x^2$ is `odd` & fine."
PASSAGES = [{"title": "Sky", "sentences": ["It is blue.", "Cows stay down."]}]
LABELS: list[Any] = [
    {"key": "wrong", "text": "Wrong", "refs": "optional"},
    {"key": "dull", "text": "Dull", "shortcut": "q"},
    {"key": "missing", "text": "Missing", "whole": "required", "refs": "required"},
]

Open = Callable[..., Page]


def opener(sign_in: SignIn, researcher: User, annotator: User) -> Open:
    """`open_page(text, …, **config)` opens a campaign that asks for spans of these texts."""

    def start(
        *texts: str, each: bool = True, count: int = 1, browser: dict[str, Any] | None = None, **config: Any
    ) -> Page:
        question = {"name": "errors", "kind": "span", "config": {"labels": LABELS, **config}}
        campaign = make_campaign(researcher, "spans", [{**question, "shows": "each" if each else "all"}])
        completions = [{"key": "abc"[i], "text": text} for i, text in enumerate(texts)]
        row = {"prompt": "What is the sky like?", "context": PASSAGES, "completions": completions}
        job = import_rows(campaign, [{**row, "key": f"r{i}"} for i in range(count)])
        assert job.done == count, list(job.errors.values())
        add_member(campaign, annotator_of(annotator))
        change_state(campaign, "launch")
        page = ready(sign_in(annotator, "/campaigns/spans/annotate/", **(browser or {})))
        page.wait_for_function("() => document.querySelector('fieldset.question').keyHelp")
        return page

    return start


def submit(page: Page) -> None:
    after(page, page.get_by_role("button", name="Submit").click)


def answer_of(page: Page) -> Any:
    submit(page)
    return saved(1)[0].answers["errors"]


WORD_BOX = """([key, word]) => {
  const root = document.querySelector(`[data-source="${key}"]`);
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const at = node.data.indexOf(word);
    if (at < 0) continue;
    const range = document.createRange();
    range.setStart(node, at);
    range.setEnd(node, at + word.length);
    range.startContainer.parentElement.scrollIntoView({ block: "center" });
    const { left, right, top, bottom } = range.getBoundingClientRect();
    return [left, right, (top + bottom) / 2];
  }
}"""


def box(page: Page, word: str, key: str = "a") -> tuple[float, float, float]:
    """Left, right and middle of a word on the screen."""
    found = page.evaluate(WORD_BOX, [key, word])
    assert found, word
    return tuple(found)


def drag(page: Page, first: str, last: str, key: str = "a") -> None:
    """From within the first word to within the last."""
    left, right, y = box(page, first, key)
    page.mouse.move(left + (right - left) * 0.4, y)
    page.mouse.down()
    left, right, y = box(page, last, key)
    page.mouse.move(left + (right - left) * 0.6, y, steps=4)
    page.mouse.up()


def palette(page: Page) -> Locator:
    return page.locator(".span-palette:visible")


def quotes() -> list[tuple[str, str | None]]:
    return list(Mark.objects.order_by("start", "pk").values_list("label", "quote"))
