"""The inconsistency page in a browser: drawn, without a fault, and acted on by keyboard."""

import pytest
from playwright.sync_api import expect

from annotate.campaigns import change_state
from annotate.models import Assignment, Campaign, User
from routing.reports import refresh
from routing.win_rates import read_win_rates, save_win_rates
from tests.e2e.conftest import SignIn
from tests.e2e.test_axe import AXE, COLOURS, FOUND
from tests.factories import PAIRWISE_PAIR, import_rows, make_campaign
from tests.routing.compared import compared, pair_item

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
RATES = """trained_on,evaluated_by,wins,ties,losses
rating,rating,7,1,3
rating,ranking,4,0,6
ranking,rating,4,0,6
ranking,ranking,7,0,3
"""


@pytest.fixture
def campaign(researcher: User) -> Campaign:
    items = []
    for n in range(12):
        said = [(name, "human", 3 + (n + m) % 4, 4, "ab="[(n * m) % 3]) for m, name in enumerate(("ann", "bob"))]
        items.append(pair_item(f"r{n}", *said, ("gpt", "judge", 6, 2, "b")))
        items[-1]["annotations"] += pair_item(f"r{n}", *said, round=1)["annotations"]
    found = compared(researcher, items)
    save_win_rates(found, read_win_rates(RATES))
    import_rows(make_campaign(researcher, "other", [PAIRWISE_PAIR]), [pair_item("r1")])
    change_state(found, "launch")
    refresh(found)
    return found


def test_all_charts_are_drawn_without_a_fault_at_390_pixels(
    researcher: User, campaign: Campaign, sign_in: SignIn
) -> None:
    page = sign_in(researcher, "/campaigns/both/inconsistency/", viewport={"width": 390, "height": 800})
    for name in ("shares", "by-pair", "cues", "by-annotator", "repeats", "interplay"):
        expect(page.locator(f"#{name} svg.chart-svg")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.evaluate(AXE)
    for scheme, options in (("light", {}), ("dark", COLOURS)):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        assert page.evaluate(FOUND, options) == []


def test_pairs_are_asked_again_and_campaigns_linked_by_keyboard(
    researcher: User, campaign: Campaign, sign_in: SignIn
) -> None:
    page = sign_in(researcher, "/campaigns/both/inconsistency/")
    pairs = page.get_by_label("Pairs, from the top")
    pairs.fill("2")
    page.get_by_label("What", exact=True).select_option("ranking")
    pairs.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("made about 2 pairs")
    assert Assignment.objects.filter(purpose=Assignment.Purpose.AGAIN).count() == 2
    page.get_by_role("button", name="Link", exact=True).press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Linked with other")
    page.get_by_role("button", name="Take back the link with other").press("Enter")
    expect(page.get_by_role("status")).to_contain_text("The link is taken back")
