"""Charts in a browser: drawn, saved, swapped in, in both themes and at any width, under the strict policy."""

import csv
import io
from pathlib import Path
from xml.etree import ElementTree

import pytest
from playwright.sync_api import Page, expect
from pytest_django import Settings

from annotate.models import User
from tests.e2e.charted import CHARTS, LONG
from tests.e2e.conftest import SignIn
from tests.e2e.test_axe import AXE, COLOURS, FOUND

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(autouse=True)
def _one_more_page(settings: Settings) -> None:
    settings.ROOT_URLCONF = "tests.e2e.charted"


def drawn(page: Page) -> Page:
    for name in CHARTS:
        expect(page.locator(f"#{name} svg.chart-svg")).to_be_visible()
    return page


def saved(page: Page, chart: str, form: str) -> bytes:
    with page.expect_download() as download:
        page.locator(f"#{chart}").get_by_role("button", name=f"Save as {form}").click()
    assert download.value.suggested_filename == f"{chart}.{form.lower()}"
    return Path(download.value.path()).read_bytes()


def size_of(png: bytes) -> tuple[int, int]:
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    return int.from_bytes(png[16:20], "big"), int.from_bytes(png[20:24], "big")


def test_each_kind_is_drawn_at_any_width_and_in_both_themes(researcher: User, sign_in: SignIn) -> None:
    page = drawn(sign_in(researcher, "/charted/", viewport={"width": 390, "height": 800}))
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert page.locator("#forest .chart-mark:not(.chart-key *)").count() == 1  # 0.9 is beyond the axis, nobody has none
    assert page.locator("#forest .chart-beyond").count() == 1
    expect(page.locator("#matrix .chart-cell")).to_have_count(144)
    expect(page.locator("#matrix .chart-room")).to_have_attribute("tabindex", "0")  # wider than a phone: keys scroll it
    expect(page.locator("#lines .chart-limits")).to_have_count(6)
    name = page.locator("#forest .chart-row text").first
    assert (name.text_content() or "").removesuffix(LONG).endswith("…")
    page.evaluate(AXE)
    for scheme, options in (("light", {}), ("dark", COLOURS)):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        assert page.evaluate(FOUND, options) == []
    page.set_viewport_size({"width": 1280, "height": 800})
    expect(page.locator("#forest svg")).not_to_have_attribute("width", "358")
    expect(page.locator("#matrix .chart-room")).not_to_have_attribute("tabindex", "0")
    assert page.evaluate("document.documentElement.scrollWidth") == 1280


def test_the_colours_follow_the_theme(researcher: User, sign_in: SignIn) -> None:
    page = drawn(sign_in(researcher, "/charted/"))
    colours = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        colours.append(page.evaluate("getComputedStyle(document.querySelector('#forest .chart-row text')).fill"))
    assert colours == ["rgb(27, 28, 31)", "rgb(233, 233, 230)"]


def test_a_picture_stands_alone(researcher: User, sign_in: SignIn) -> None:
    page = drawn(sign_in(researcher, "/charted/", color_scheme="dark"))
    for chart in CHARTS:
        picture = ElementTree.fromstring(saved(page, chart, "SVG"))
        text = " ".join(picture.itertext())
        assert CHARTS[chart].title in text
        assert CHARTS[chart].sentence in text
        assert not [node for node in picture.iter() if "class" in node.attrib or "style" in node.attrib]
        background = picture.find(f"{SVG}rect")
        assert background is not None
        assert background.get("fill") == "#131416"
        words = picture.find(f"{SVG}text")
        assert words is not None
        assert words.get("fill") == "#e9e9e6"


def test_a_png_has_twice_the_pixels(researcher: User, sign_in: SignIn) -> None:
    page = drawn(sign_in(researcher, "/charted/"))
    picture = ElementTree.fromstring(saved(page, "stack", "SVG"))
    sides = [2 * float(picture.get(side, 0)) for side in ("width", "height")]
    assert size_of(saved(page, "stack", "PNG")) == pytest.approx(sides, abs=1)


def test_the_numbers_are_saved_as_they_are_and_run_nothing(researcher: User, sign_in: SignIn) -> None:
    page = drawn(sign_in(researcher, "/charted/"))
    forest = list(csv.reader(io.StringIO(saved(page, "forest", "CSV").decode())))
    assert forest == [
        ["label", "kind", "value", "low", "high", "n", "why", "note"],
        [LONG, "people", "0.564", "0.44", "0.68", "1203", "", ""],
        ['\'=HYPERLINK("http://example.org")', "judges", "0.9", "0.5", "1", "4", "", ""],
        ["nobody", "people", "", "", "", "0", "no overlap", ""],
    ]
    matrix = list(csv.DictReader(io.StringIO(saved(page, "matrix", "CSV").decode())))
    assert len(matrix) == 144
    assert matrix[1]["value"].startswith("-0.4")
    stack = list(csv.reader(io.StringIO(saved(page, "stack", "CSV").decode())))
    assert stack[1:3] == [["people", "agree", "0.5", "400"], ["people", "both equal", "0.2", "400"]]
    lines = list(csv.DictReader(io.StringIO(saved(page, "lines", "CSV").decode())))
    assert lines[0]["time"] == "2026-09-21T14:13:20.000Z"


def test_what_htmx_swaps_in_is_drawn_too(researcher: User, sign_in: SignIn) -> None:
    page = drawn(sign_in(researcher, "/charted/"))
    page.get_by_role("button", name="More").click()
    expect(page.locator("#later svg.chart-svg")).to_be_visible()
    expect(page.locator("#beside-it svg.chart-svg")).to_be_visible()
    assert page.locator("#later .chart-pattern").count() == 0
    assert saved(page, "later", "CSV").decode().splitlines()[1] == "people,all,1,10"


def test_without_a_script_the_table_is_there(researcher: User, sign_in: SignIn) -> None:
    page = sign_in(researcher, "/charted/", java_script_enabled=False)
    expect(page.locator("#forest .chart-drawing")).to_contain_text("needs JavaScript")
    page.locator("#forest summary").click()
    expect(page.locator("#forest").get_by_role("row").nth(1)).to_contain_text("44.0 to 68.0")
    expect(page.locator("#forest .chart-saving")).to_be_hidden()
