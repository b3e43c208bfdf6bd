"""The whole job in a browser, with the real worker, the real judge, and a trainer's loader at the end."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.application import PASSWORD, ROOT, Application

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

ITEMS = 5
MINUTES = 60_000


@pytest.fixture
def application(tmp_path: Path) -> Iterator[Application]:
    pytest.importorskip("gguf")
    app = Application(tmp_path, ROOT / "var" / "test" / "models")
    yield app
    assert app.stop() == 0


@pytest.fixture
def page(browser: Browser, application: Application) -> Iterator[Page]:
    context = browser.new_context(base_url=application.url, accept_downloads=True)
    context.set_default_timeout(20_000)
    yield context.new_page()
    context.close()


def demo_file(folder: Path) -> Path:
    """A few items of the demo, two completions each, as a user's own file."""
    lines = (ROOT / "annotate" / "demo" / "items.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [row for row in map(json.loads, lines) if len(row["completions"]) == 2 and isinstance(row["prompt"], str)]
    path = folder / "my answers.jsonl"
    path.write_text("\n".join(json.dumps(row) for row in rows[:ITEMS]), encoding="utf-8")
    return path


def sign_in(page: Page, name: str) -> None:
    page.goto("/login/")
    page.get_by_label("User name").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()


def start_from_file(page: Page, path: Path) -> None:
    page.goto("/")
    page.get_by_label("Drop a file here, or choose one").set_input_files(path)
    if page.get_by_role("button", name="Upload").is_visible():
        page.get_by_role("button", name="Upload").click()
    page.get_by_role("radio", name="Rate and compare").check()
    page.get_by_role("button", name="Create the campaign and import").click()
    page.get_by_role("button", name="Launch and annotate").click(timeout=MINUTES)


def annotate_all_by_keyboard(page: Page) -> int:
    """Digits and Enter until nothing is left; returns how many items that took."""
    done = 0
    end = page.get_by_role("heading", name="That was the last one")
    while True:
        page.locator("#stage .work, #stage .work-end").wait_for()
        if end.is_visible():
            return done
        now = int(page.locator("#done").inner_text())
        page.locator("html.scripted").wait_for()
        page.keyboard.press(str(1 + done % 2))
        expect(page.locator("#stage .options input:checked")).to_have_count(1)
        page.keyboard.press("Enter")
        expect(page.locator("#done")).to_have_text(str(now + 1), timeout=20_000)
        done += 1


def run_the_judge(page: Page) -> None:
    page.get_by_role("link", name="Judges").click()
    page.get_by_role("link", name="Add a judge").first.click()
    page.get_by_role("radio", name="A local model").check()
    expect(page.locator("[name='local.model']")).to_have_value("smollm2")
    page.locator("[name=name]").fill("smollm2")
    page.get_by_role("button", name="Add the judge").last.click()
    page.get_by_role("link", name="Run… smollm2").click()
    page.get_by_role("button", name="Run", exact=True).click()
    expect(page.locator(".run .badge").first).to_have_text("done", timeout=4 * MINUTES)
    expect(page.locator(".run")).to_contain_text(f"{3 * ITEMS} of {3 * ITEMS} answered")


def test_the_whole_job_from_a_file_to_a_dataset(page: Page, application: Application, tmp_path: Path) -> None:
    application.user("rita", "researcher")
    sign_in(page, "rita")

    start_from_file(page, demo_file(tmp_path))
    assert annotate_all_by_keyboard(page) == 3 * ITEMS  # two ratings and a comparison for each item

    page.get_by_role("link", name="Your campaigns").click()
    page.get_by_role("link", name="my answers").click()
    run_the_judge(page)

    page.get_by_role("link", name="Quality", exact=True).click()
    page.get_by_role("navigation", name="Quality").get_by_role("link", name="Inconsistency").click()
    for annotators, pairs in (("People", ITEMS), ("Judges", ITEMS), ("People and judges", 2 * ITEMS)):
        group = page.get_by_role("row").filter(has=page.get_by_role("cell", name=annotators, exact=True))
        same = group.filter(has_text="Same annotator")
        expect(same.get_by_role("cell", name=str(pairs), exact=True)).to_be_visible(timeout=MINUTES)
    expect(page.get_by_text("pairs inconsistent")).to_be_visible()

    page.get_by_role("link", name="Exports").click()
    page.get_by_role("button", name="Make the export").click()
    with page.expect_download(timeout=MINUTES) as download:
        page.get_by_role("link", name="Download").click(timeout=MINUTES)
    rows = loaded(download.value.path())
    assert rows
    assert {"prompt", "chosen", "rejected"} <= set(rows[0])
    assert all(row["prompt"] and row["chosen"] != row["rejected"] for row in rows)


def loaded(path: Path) -> list[dict[str, object]]:
    """The rows as a trainer's own loader sees them."""
    datasets = pytest.importorskip("datasets")
    return list(
        datasets.load_dataset("json", data_files=str(path), split="train", cache_dir=str(path.parent / "cache"))
    )
