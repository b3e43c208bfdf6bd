"""Reading aids in a real browser: the view panel, differences, scrolling together, themes, narrow and zoomed pages."""

from collections.abc import Sequence
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from annotate.campaigns import add_member, change_state
from annotate.models import User
from tests.e2e.conftest import SignIn
from tests.e2e.working import BETTER, SCORE, after, press, ready, saved, status, submit
from tests.factories import import_rows, make_campaign, person

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

BOTH_LAZY = "The lazy dog sleeps. "
SLEEPY = "The sleepy dog sleeps. "
HIGHLIGHTED = "[...(CSS.highlights.get('differs') ?? [])].map((range) => range.toString())"


@pytest.fixture
def read(sign_in: SignIn, researcher: User, annotator: User) -> Any:
    """`read(texts, …)` opens the page of a campaign whose items have these responses."""

    def open_page(texts: Sequence[str], question: dict[str, Any] = BETTER, **options: Any) -> Page:
        campaign = make_campaign(researcher, "browser", [question])
        rows = [
            {
                "key": f"r{i}",
                "prompt": options.get("prompt", f"Question {i}?"),
                "completions": [{"key": key, "text": text} for key, text in zip("abcdef", texts, strict=False)],
            }
            for i in range(3)
        ]
        assert import_rows(campaign, rows).done == 3
        add_member(campaign, person(annotator))
        change_state(campaign, "launch")
        options.pop("prompt", None)
        return ready(sign_in(annotator, "/campaigns/browser/annotate/", **options))

    return open_page


def used(page: Page) -> str:
    return page.locator("[name=_aids]").input_value()


def test_differences_are_highlighted_on_demand_and_are_off_for_the_next_item(read: Any) -> None:
    page = read([BOTH_LAZY * 3, SLEEPY * 3])
    assert page.evaluate(HIGHLIGHTED) == []
    press(page, "d")
    expect(status(page)).to_contain_text("3 words only in Response 1, 3 words only in Response 2")
    assert sorted(page.evaluate(HIGHLIGHTED)) == ["lazy"] * 3 + ["sleepy"] * 3
    assert page.locator(".response").first.inner_text().count("dog") == 3
    press(page, "d")
    assert page.evaluate(HIGHLIGHTED) == []
    press(page, "d")
    expect(page.locator("[data-action=differences]")).to_have_attribute("aria-pressed", "true")
    assert used(page) == '{"differences":2}'
    submit(page, "1")
    assert page.evaluate(HIGHLIGHTED) == []
    assert used(page) == ""
    assert saved(1)[0].aids == {"differences": 2}


def test_of_three_responses_any_two_can_be_compared(read: Any) -> None:
    scores = {**SCORE, "shows": "all"}
    page = read(["one two", "one three", "one two"], scores)
    texts = page.locator(".response .said-by").all_inner_texts()
    press(page, "v")
    page.get_by_label("Compare", exact=True).select_option(str(texts.index("one two")))
    page.get_by_label("Compare with").select_option(str(texts.index("one three")))
    page.get_by_role("button", name="Show differences").click()
    expect(page.get_by_role("button", name="Show differences")).to_have_attribute("aria-pressed", "true")
    assert sorted(page.evaluate(HIGHLIGHTED)) == ["three", "two"]
    page.get_by_label("Compare with").select_option(str(len(texts) - 1 - texts[::-1].index("one two")))
    expect(status(page)).to_contain_text("They have the same words.")
    assert page.evaluate(HIGHLIGHTED) == []


def test_responses_scroll_together_by_their_share_of_the_length(read: Any) -> None:
    page = read(["word " * 3000, "word " * 1500])
    press(page, "l")
    shorter, longer = sorted(
        (page.locator(".response > .said-by").nth(i) for i in range(2)), key=lambda a: a.evaluate("e => e.scrollHeight")
    )
    longer.focus()
    longer.evaluate("e => (e.scrollTop = (e.scrollHeight - e.clientHeight) / 2)")
    page.wait_for_timeout(100)
    assert shorter.evaluate("e => e.scrollTop / (e.scrollHeight - e.clientHeight)") == pytest.approx(0.5, abs=0.01)
    press(page, "End")
    page.wait_for_timeout(300)
    assert shorter.evaluate("e => e.scrollTop / (e.scrollHeight - e.clientHeight)") == pytest.approx(1, abs=0.01)
    assert used(page) == '{"sync":true}'
    press(page, "l")
    assert longer.evaluate("e => e.scrollHeight - e.clientHeight") == 0


def test_the_view_panel_by_keyboard_keeps_what_was_set(read: Any, annotator: User) -> None:
    page = read(["one", "two"])
    press(page, "v")
    expect(page.get_by_role("radio", name="System")).to_be_focused()
    press(page, "ArrowRight", "ArrowRight", "Tab", "ArrowRight")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(page.locator("html")).to_have_attribute("data-size", "large")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(19, 20, 22)"
    expect(page.locator("input:checked[data-keys]")).to_have_count(0)
    press(page, "Escape")
    expect(page.locator("#view")).to_be_hidden()
    expect(page.get_by_role("button", name="View")).to_be_focused()
    page.wait_for_load_state("networkidle")
    page.goto("/")
    assert page.locator("html").get_attribute("data-theme") == "dark"
    assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "18px"


def test_stacked_responses_take_the_whole_width(read: Any) -> None:
    page = read(["one", "two"])
    press(page, "v")
    page.get_by_role("radio", name="Stacked").check()
    first, second = (page.locator(".response").nth(i).bounding_box() for i in range(2))
    assert first["x"] == second["x"]
    assert second["y"] > first["y"]
    assert used(page) == '{"layout":"stacked"}'


def test_the_panel_leaves_the_text_in_sight_on_a_phone(read: Any) -> None:
    page = read(["one", "two"], viewport={"width": 390, "height": 844})
    page.get_by_role("button", name="View").click()
    panel = page.locator("#view").bounding_box()
    response = page.locator(".response").first.bounding_box()
    assert panel["y"] + panel["height"] <= response["y"] < 844


@pytest.mark.parametrize("width", [320, 390, 640])
def test_nothing_makes_the_page_scroll_sideways(read: Any, width: int) -> None:
    """320 pixels are a window of 1,280 at 400 %, 640 the same at 200 %."""
    table = "| a | b | c |\n|---|---|---|\n" + f"| {'x' * 60} | {'y' * 60} | {'z' * 60} |\n"
    texts = [f"`{'code' * 60}`\n\n```\n{'line' * 80}\n```\n\n{table}", "https://example.org/" + "path" * 60]
    page = read(texts, viewport={"width": width, "height": 450}, prompt="p" * 400)
    press(page, "v", "d")
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_a_long_prompt_leaves_the_responses_in_sight(read: Any) -> None:
    page = read(["one", "two"], prompt="word " * 2000)
    for width, height in ((1280, 800), (390, 844)):
        page.set_viewport_size({"width": width, "height": height})
        assert page.locator(".response").first.bounding_box()["y"] < height
    area = page.get_by_role("group", name="Prompt")
    expect(area).to_have_attribute("tabindex", "0")


def test_right_to_left_texts_begin_at_the_right(read: Any) -> None:
    arabic = "المد والجزر ظاهرة طبيعية"
    page = read([arabic, "An English answer"], prompt=arabic)
    for text in (page.locator(".prompt .said-by"), page.locator(".response", has_text=arabic).locator(".said-by")):
        direction = "e => getComputedStyle([...e.querySelectorAll('[dir=auto]')].at(-1)).direction"
        assert text.evaluate(direction) == "rtl"


def test_big_targets(read: Any) -> None:
    """Everything that can be clicked is at least 24 pixels high and wide, the main ones 44."""
    page = read(["one", "two"], viewport={"width": 390, "height": 844})
    page.get_by_role("button", name="View").click()
    boxes = page.evaluate(
        """[...document.querySelectorAll("a, button, summary, label.option, label.segment, select, textarea")]
           .filter((e) => e.checkVisibility() && !e.matches(".skip"))
           .map((e) => [e.textContent.trim().slice(0, 20), e.offsetWidth, e.offsetHeight])"""
    )
    assert len(boxes) > 10
    assert [box for box in boxes if min(box[1:]) < 24] == []
    main = page.locator(".asking .send .button:visible, .asking .option")
    assert min(main.evaluate_all("all => all.map((e) => e.offsetHeight)")) >= 44


FOCUSED = """() => {
  const at = document.activeElement;
  const ring = [at, at.closest("label")].some((e) => e && getComputedStyle(e).outlineStyle !== "none");
  return [at === document.body ? "" : at.outerHTML.slice(0, 120), ring];
}"""


@pytest.mark.parametrize("colors", ["none", "active"])
def test_the_focus_is_always_seen(read: Any, colors: str) -> None:
    """Also where the system's own few colours replace ours."""
    page = read(["one", "two"], forced_colors=colors)
    press(page, "v")
    page.locator(".skip").focus()
    stops = []
    while (stop := page.evaluate(FOCUSED))[0] and stop not in stops:
        stops.append(stop)
        press(page, "Tab")
    assert len(stops) > 12
    assert [what for what, ring in stops if not ring] == []


def test_a_chosen_option_is_seen_where_the_system_gives_the_colours(read: Any) -> None:
    page = read(["one", "two"], forced_colors="active")
    press(page, "1", "v")
    for chosen in (page.locator(".option:has(input:checked)"), page.locator(".segment:has(input:checked)").first):
        width = "(e) => [getComputedStyle(e).outlineStyle, parseFloat(getComputedStyle(e).outlineWidth)]"
        style, thick = chosen.evaluate(width)
        assert style != "none"
        assert thick >= 2


def test_nothing_moves_for_those_who_want_no_motion(read: Any) -> None:
    page = read(["one", "two"], reduced_motion="reduce")
    press(page, "1", "?")
    moving = "document.getAnimations().filter((a) => a.effect.getTiming().duration > 1).length"
    assert page.evaluate(moving) == 0


def test_there_is_one_live_region_and_messages_reach_it(read: Any) -> None:
    page = read(["one", "two"])
    assert page.locator("[aria-live]").count() == 1
    submit(page, "1")
    expect(status(page)).to_have_text("Saved.")


PASTE = """(text) => {
    const data = new DataTransfer();
    data.setData("text/plain", text);
    document.activeElement.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true }));
}"""


def test_what_was_pasted_into_an_answer_is_counted(read: Any) -> None:
    page = read([SLEEPY], {"name": "why", "kind": "text"})
    page.get_by_role("textbox").focus()
    page.keyboard.type("mine")
    page.evaluate(PASTE, "a 🙂 text")
    page.evaluate(PASTE, "more")
    assert used(page) == '{"pasted":12}'
    press(page, "Control+Enter")
    assert saved(1)[0].aids == {"pasted": 12}


def test_what_was_used_is_still_counted_when_an_item_comes_back(read: Any) -> None:
    page = read([BOTH_LAZY, SLEEPY])
    submit(page, "1")
    expect(status(page)).to_have_text("Saved.")
    press(page, "d")
    expect(page.locator("[data-action=differences]")).to_have_attribute("aria-pressed", "true")
    after(page, lambda: press(page, "Control+z"))
    assert used(page) == ""
    submit(page, "t")
    assert used(page) == '{"differences":1}'
    press(page, "d")
    expect(page.locator("[data-action=differences]")).to_have_attribute("aria-pressed", "true")
    assert used(page) == '{"differences":2}'
