import json
import re

import pytest
from django.test import Client

from annotate.models import Campaign, User
from routing.models import Report
from routing.reports import refresh
from tests.factories import PAIRWISE, PAIRWISE_PAIR, RATING_EACH, import_rows, make_campaign
from tests.routing.compared import compared, pair_item

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def campaign(researcher: User) -> Campaign:
    items = [
        pair_item("r1", ("ann", "human", 5, 3, "a"), ("gpt", "judge", 5, 3, "b")),
        pair_item("r2", ("ann", "human", 2, 6, "="), ("gpt", "judge", 1, 7, "b")),
    ]
    return compared(researcher, items)


def page(browser: Client, slug: str = "both", query: str = "", **headers: str) -> str:
    answer = browser.get(f"/campaigns/{slug}/inconsistency/{query}", headers=headers or None)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().replace("\u00a0", " ").split())


def test_the_page_shows_the_figures_of_the_first_group(browser: Client, campaign: Campaign) -> None:
    refresh(campaign)
    text = page(browser)
    assert "<b>50.0 %</b> of 4 pairs inconsistent" in text
    assert "over 2 prompt groups (no variation)" in text  # either has one of its two
    assert "Fewer than 10 pairs" in text
    assert "Only 2 prompt groups" in text
    assert re.search(r"Computed \d+ s ago", text)


def test_the_switch_chooses_a_group(browser: Client, campaign: Campaign) -> None:
    refresh(campaign)
    links = re.findall(r'href="(\?question_rating[^"]+)"', page(browser))
    # All, human, judge by the same annotator, and all by consensus.
    assert len(links) == 4
    found = {}
    for link in links:
        text = page(browser, query=link.replace("&amp;", "&"))
        found[re.search(r"annotators=(\w+)", link)[1], re.search(r"basis=(\w+)", link)[1]] = re.search(  # type: ignore[index]
            r"<b>([\d.]+) %</b> of (\d+) pair", text
        ).groups()  # type: ignore[union-attr]
    assert found["human", "same_annotator"] == ("50.0", "2")
    assert found["judge", "same_annotator"] == ("50.0", "2")
    assert found["all", "same_annotator"] == ("50.0", "4")
    assert ("all", "consensus") in found


def test_people_and_judges_together_are_left_out_where_no_judge_has_both(browser: Client, researcher: User) -> None:
    answers = (("ann", "human", 5, 3, "a"), ("bob", "human", 5, 3, "b"))
    refresh(compared(researcher, [pair_item("r1", *answers), pair_item("r2", *answers)]))
    text = page(browser)
    assert re.findall(r'annotators=(\w+)&amp;basis=(\w+)"', text) == [
        ("human", "same_annotator"),
        ("human", "consensus"),
    ]
    assert "of 4 pairs inconsistent" in text


def test_the_table_has_its_margins_and_a_marked_diagonal(browser: Client, campaign: Campaign) -> None:
    refresh(campaign)
    text = page(browser, query="?question_rating=score&question_ranking=better&annotators=human&basis=same_annotator")
    table = text[text.index("sides-table") : text.index("by-pair-title")]
    cells = re.findall(r'<td class="num( diagonal)?( total)?">(?:<span aria-hidden="true">✓ </span>)?(\d+)', table)
    assert [int(count) for *_, count in cells] == [1, 0, 0, 1, 0, 0, 1, 1, 0, 0, 0, 0, 1, 0, 1, 2]
    assert [bool(diagonal) for diagonal, *_ in cells].count(True) == 3


def test_the_bar_holds_all_shares_and_a_table_stands_behind_it(browser: Client, campaign: Campaign) -> None:
    refresh(campaign)
    text = page(browser)
    drawn = json.loads(re.search(r'<script id="shares-data" type="application/json">(.*?)</script>', text)[1])  # type: ignore[index]
    assert [sum(row) for row in drawn["shares"]] == pytest.approx([1, 1, 1])
    assert drawn["n"] == [4, 2, 2]
    rows = text[text.index("shares-table-title") :]
    for name in ("Agree", "Both equal", "Contradict", "Only the ratings decide", "Only the ranking decides"):
        assert name in rows
    assert "25.0 %" in rows


def test_the_poll_answers_with_the_age_alone_until_there_is_a_newer_report(browser: Client, campaign: Campaign) -> None:
    refresh(campaign)
    seen = Report.objects.get(name="inconsistency").data["computed_at"].replace("+", "%2B")
    same = page(browser, query=f"?seen={seen}", **HTMX)
    assert "Computed" in same
    assert 'id="report"' not in same
    import_rows(campaign, [pair_item("r3", ("ann", "human", 7, 1, "a"))])
    refresh(campaign)
    newer = page(browser, query=f"?seen={seen}", **HTMX)
    assert 'id="report"' in newer
    assert 'hx-swap-oob="true"' in newer
    assert "of 5 pairs" in newer


def test_the_first_report_appears_by_itself(browser: Client, campaign: Campaign) -> None:
    before = page(browser)
    assert "Not computed yet" in before
    assert "Being computed" in before
    assert "No pair has both yet" not in before
    assert "seen=&" in before or 'seen="' in before
    refresh(campaign)
    assert 'id="report"' in page(browser, query="?seen=", **HTMX)


@pytest.mark.parametrize(
    ("questions", "missing"),
    [
        ([PAIRWISE], "a rating question is missing"),
        ([RATING_EACH], "a pairwise question is missing"),
        ([{"name": "t", "kind": "text"}], "a rating question and a pairwise question are missing"),
    ],
)
def test_an_empty_report_names_the_question_that_is_missing(
    browser: Client, researcher: User, questions: list[dict[str, str]], missing: str
) -> None:
    make_campaign(researcher, "both", questions)
    assert missing in page(browser)


def test_an_empty_report_counts_what_there_is(browser: Client, researcher: User) -> None:
    make_campaign(researcher, "both", [RATING_EACH, PAIRWISE_PAIR], overlap=3)
    assert "0 completions rated and 0 pairs compared" in page(browser)
    import_rows(Campaign.objects.get(), [pair_item("r1", ("ann", "human", 5, None, "a"))])
    refresh(Campaign.objects.get())
    assert "No pair has both yet" in page(browser)
    assert "1 completion rated and 1 pair compared" in page(browser)


def test_nobody_else_reads_it(client: Client, campaign: Campaign, annotator: User) -> None:
    assert client.get("/campaigns/both/inconsistency/").status_code == 302
    client.force_login(annotator)
    assert client.get("/campaigns/both/inconsistency/").status_code == 404
