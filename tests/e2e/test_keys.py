"""Keys in a real browser: the map, moved keys, and who wins where two want one key."""

import pytest
from playwright.sync_api import Page, expect

from annotate.models import Campaign, User
from tests.e2e.conftest import SignIn
from tests.e2e.working import BETTER, WHY, Start, press, ready, saved, submit
from tests.factories import import_rows, pair_rows

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

RUDE = [{"key": "rude", "text": "It is rude", "shortcut": "r"}, {"key": "long", "text": "It is long"}]
FLAWS = {"name": "flaws", "kind": "choice", "config": {"options": RUDE, "multiple": True}, "required": False}


def entry(page: Page, does: str) -> str:
    """The keys that the map gives for something."""
    term = page.locator("#keys dd", has_text=does).locator("xpath=preceding-sibling::dt[1]")
    return " ".join(term.inner_text().split())


def test_the_map_shows_the_page_s_keys_and_those_of_the_questions_on_the_screen(start: Start) -> None:
    page = start(BETTER, FLAWS, WHY)
    press(page, "?")
    expect(page.locator("#keys").get_by_role("heading")).to_contain_text(["Keys", "Better", "Flaws", "The page"])
    assert entry(page, "Skip this item") == "S"
    assert entry(page, "Next question") == "J ↓"
    assert entry(page, "It is rude") == "R"
    assert entry(page, "Both bad") == "B"
    press(page, "Escape")
    expect(page.locator("dialog[open]")).to_have_count(0)


def test_an_action_that_the_page_lacks_is_not_listed(start: Start) -> None:
    page = start(BETTER)
    press(page, "?")
    texts = page.locator("#keys dd").all_inner_texts()
    assert "Skip this item" in texts
    names = page.evaluate("JSON.parse(document.getElementById('key-registry').textContent).map((one) => one.does)")
    assert set(texts) - set(names) <= {"slightly", "clearly", "Tie", "Both bad"} | {t for t in texts if ":" in t}


def test_a_key_is_moved_by_pressing_it_and_works_from_then_on(start: Start, sign_in: SignIn, annotator: User) -> None:
    page = start(BETTER, count=2)
    press(page, "?")
    page.get_by_role("link", name="Change the keys").click()
    expect(page.get_by_role("heading", name="Your keys")).to_be_visible()
    field = ready(page).get_by_label("Skip this item")
    field.focus()
    press(page, "f")
    expect(page.get_by_text("It is the key of “Flag this item” too: give that another.")).to_be_visible()
    press(page, "x")
    expect(field).to_have_value("x")
    press(page, "Enter")
    expect(page.get_by_role("button", name="Skip X")).to_be_visible()
    ready(page)
    press(page, "s")
    expect(page.locator("dialog[open]")).to_have_count(0)
    press(page, "x")
    expect(page.get_by_text("Why do you skip this item?")).to_be_visible()
    press(page, "Escape")
    elsewhere = ready(sign_in(annotator, "/campaigns/browser/annotate/"))
    press(elsewhere, "x")
    expect(elsewhere.get_by_text("Why do you skip this item?")).to_be_visible()


def test_a_collision_is_refused_and_what_was_chosen_stays(sign_in: SignIn, annotator: User) -> None:
    page = ready(sign_in(annotator, "/me/keys/"))
    page.get_by_label("Guidelines").focus()
    press(page, "s", "Tab")
    page.get_by_role("button", name="Save the keys").click()
    expect(page.get_by_text("S is the key of “Skip this item” too; give each its own")).to_be_visible()
    expect(page.get_by_label("Guidelines")).to_have_value("s")
    page.get_by_label("Guidelines").focus()
    press(page, "Backspace")
    expect(page.get_by_text("“Guidelines” gets the page's own key.")).to_be_visible()
    page.get_by_role("button", name="Save the keys").click()
    expect(page.get_by_text("Every key is the page's own again.")).to_be_visible()


def test_an_option_wins_over_a_moved_key_in_its_marked_question(start: Start, annotator: User) -> None:
    User.objects.filter(pk=annotator.pk).update(preferences={"keys": {"skip": "r"}})
    page = start(BETTER, FLAWS, count=2)
    press(page, "?")
    expect(page.locator("#keys dd", has_text="Skip this item (in “Flaws”: It is rude)")).to_be_visible()
    press(page, "Escape", "1", "j", "r")
    expect(page.locator("dialog[open]")).to_have_count(0)
    expect(page.get_by_role("checkbox", name="It is rude")).to_be_checked()
    submit(page)
    assert saved(1)[0].answers["flaws"] == ["rude"]
    press(page, "r")
    expect(page.get_by_text("Why do you skip this item?")).to_be_visible()


def test_keys_are_moved_without_javascript(sign_in: SignIn, annotator: User) -> None:
    page = sign_in(annotator, "/me/keys/", java_script_enabled=False)
    page.get_by_label("Skip this item").fill("x")
    page.get_by_role("button", name="Save the keys").click()
    expect(page.get_by_text("Saved: X is “Skip this item”.")).to_be_visible()
    page.get_by_role("button", name="Use the page's own keys").click()
    expect(page.get_by_label("Skip this item")).to_have_value("s")


def test_a_follow_up_is_set_in_the_campaign_form_and_shows_in_the_preview(sign_in: SignIn, researcher: User) -> None:
    page = sign_in(researcher, "/campaigns/new/?start=multipref")
    page.get_by_label("Name", exact=True).first.fill("Aspects")
    last = page.get_by_role("group", name="Question 14")
    expect(last.get_by_label("Asked only after")).to_have_value("overall")
    last.get_by_label("Asked only after").select_option("helpful")
    expect(last.locator("[name=q13-when_was]")).to_have_value("helpful")
    last.get_by_label("if its answer").select_option(label="is a tie")
    page.get_by_role("button", name="Create the campaign").click()
    expect(page.get_by_text("Aspects is a draft now.")).to_be_visible()
    campaign = Campaign.objects.get(slug="aspects")
    when = {"question": "helpful", "equals": {"preferred": None}}
    assert campaign.current.questions.get(name="overall-confidence").when == when
    import_rows(campaign, pair_rows(1))
    page.goto("/campaigns/aspects/preview/")
    ready(page)
    sure = page.locator("fieldset.question:visible", has_text="How sure are you?")
    expect(sure).to_have_count(0)
    page.locator("[data-question=helpful]").get_by_role("radio", name="Tie").click()
    expect(sure).to_have_count(2)
