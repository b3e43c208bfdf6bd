import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from annotate.campaigns import change_state
from annotate.models import Assignment, Campaign, User
from routing.models import Link, WinRate
from routing.reports import refresh
from tests.factories import PAIRWISE_PAIR, import_rows, make_campaign
from tests.routing.compared import compared, pair_item

pytestmark = pytest.mark.django_db
PAGE = "/campaigns/both/inconsistency/"
RATES = "/campaigns/both/win-rates/"
CELL = "trained_on,evaluated_by,wins,ties,losses\nrating,rating,3,0,1\n"


@pytest.fixture
def campaign(researcher: User) -> Campaign:
    said = [("ann", "human", 5, 3, "b"), ("bob", "human", 6, 3, "a"), ("cat", "human", 6, 3, "b")]
    items = [pair_item("r1", *said), pair_item("r2", ("ann", "human", 5, 3, "a"))]
    again = pair_item("r2", ("ann", "human", 5, 3, "a"), round=1)
    items[1]["annotations"] += again["annotations"]
    return compared(researcher, items)


def test_the_page_lists_pairs_to_settle_and_asks_again(browser: Client, campaign: Campaign) -> None:
    change_state(campaign, "launch")
    refresh(campaign)
    text = browser.get(PAGE).content.decode()
    assert "opposite sides" in text
    assert "5.67 : 3" in text
    assert "1 : 2" in text
    done = browser.post(f"{PAGE}settle/", {"pairs": "1", "what": "ranking", "who": "others"}, follow=True)
    assert "1 assignment made about 1 pair; what is asked again comes first" in done.content.decode()
    assert Assignment.objects.get(purpose=Assignment.Purpose.AGAIN).unit.item.key == "r1"
    twice = browser.post(f"{PAGE}settle/", {"pairs": "1", "what": "ranking", "who": "others"}, follow=True)
    assert "1 unit was left out: it is asked again already" in twice.content.decode()


@pytest.mark.parametrize("pairs", ["", "x", "0", "²", "9" * 30])
def test_a_wrong_number_of_pairs_is_said(browser: Client, campaign: Campaign, pairs: str) -> None:
    refresh(campaign)
    text = browser.post(f"{PAGE}settle/", {"pairs": pairs}, follow=True).content.decode()
    assert "pairs must be a whole number from 1 to 200" in text


def test_the_baseline_stands_beside_the_figure(browser: Client, campaign: Campaign) -> None:
    refresh(campaign)
    text = browser.get(f"{PAGE}?question_rating=score&question_ranking=better&annotators=human&basis=same_annotator")
    assert "noise alone would make" in text.content.decode()
    assert "The same again, asked silently" in text.content.decode()


def test_without_repeats_the_page_says_how_to_switch_them_on(browser: Client, researcher: User) -> None:
    refresh(compared(researcher, [pair_item("r1", ("ann", "human", 5, 3, "b"))]))
    text = browser.get(PAGE).content.decode()
    assert "Without a test–retest baseline this figure means little" in text
    assert "Switch on silent repeats" in text


def test_campaigns_are_linked_and_unlinked_from_the_page(browser: Client, campaign: Campaign, researcher: User) -> None:
    other = make_campaign(researcher, "other", [PAIRWISE_PAIR])
    refused = browser.post("/campaigns/both/links/", {"campaign": "other"}, follow=True).content.decode()
    assert "no completion in common" in refused
    import_rows(other, [pair_item("r1")])
    assert (
        "Linked with other"
        in browser.post("/campaigns/both/links/", {"campaign": "other"}, follow=True).content.decode()
    )
    found = Link.objects.get()
    browser.post(f"/campaigns/both/links/{found.pk}/delete/")
    assert not Link.objects.exists()


@pytest.mark.parametrize("slug", ["", "none", "a\0b"])
def test_no_such_campaign_is_said(browser: Client, campaign: Campaign, slug: str) -> None:
    text = browser.post("/campaigns/both/links/", {"campaign": slug}, follow=True).content.decode()
    assert "there is no campaign" in text


def test_win_rates_come_as_text_or_as_a_file(browser: Client, campaign: Campaign) -> None:
    assert "Import win rates" in browser.get(PAGE).content.decode()
    assert "The win rates are stored" in browser.post(RATES, {"text": CELL}, follow=True).content.decode()
    file = SimpleUploadedFile("rates.csv", CELL.replace("3,0,1", "1,0,3").encode("utf-8-sig"))
    browser.post(RATES, {"file": file})
    assert (WinRate.objects.get().wins, WinRate.objects.get().losses) == (1, 3)
    text = browser.get(PAGE).content.decode()
    assert "The interaction needs all four cells" in text
    assert "25.0\u00a0%" in browser.get(RATES).content.decode()
    browser.post(RATES, {"forget": "1"})
    assert not WinRate.objects.exists()


def test_what_is_wrong_with_win_rates_is_said_and_kept(browser: Client, campaign: Campaign) -> None:
    answer = browser.post(RATES, {"text": CELL.replace("3,0,1", "3,0,few")})
    assert answer.status_code == 422
    assert "row 1, losses: must be a whole number from 0" in answer.content.decode()
    assert "3,0,few" in answer.content.decode()
    binary = browser.post(RATES, {"file": SimpleUploadedFile("x.csv", b"\xff\xfe\x00")})
    assert binary.status_code == 422


def test_annotators_may_do_none_of_it(client: Client, campaign: Campaign, annotator: User) -> None:
    client.force_login(annotator)
    for path in (f"{PAGE}settle/", "/campaigns/both/links/", RATES):
        assert client.post(path, {"pairs": "1"}).status_code == 404
