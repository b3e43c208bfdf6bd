import csv
import io
import re

import pytest
from django.test import Client
from rest_framework.test import APIClient

from annotate.campaigns import add_member, annotator_of
from annotate.models import Organisation, User
from routing.models import Judge
from routing.reliability import stored
from tests.factories import RATING_EACH, make_campaign, make_user
from tests.routing.judged import judged_campaign, make_judge, run_now
from tests.routing.reliability.told import told_judge

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("told")]
HTMX = {"HX-Request": "true"}
TABLE = [("0.9 0.2", "aa"), ("0.8 0.6", "ab"), ("0.2 0.7", "a"), ("0.3 0.9", "b")] * 3


@pytest.fixture
def judge(researcher: User) -> Judge:
    gold = [{"answers": {"better": {"preferred": "a"}}}, *[None] * (len(TABLE) - 1)]
    return told_judge(researcher, TABLE, gold=gold)


def page(browser: Client, url: str, **headers: str) -> str:
    answer = browser.get(url, headers=headers or None)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().replace("\u00a0", " ").split())


def test_the_verdict_in_words_comes_first(browser: Client, judge: Judge) -> None:
    text = page(browser, f"/judges/{judge.pk}/report/")
    assert text.index("Do not use these labels yet") < text.index('<h3 id="against-title">Against people</h3>')
    assert re.search(r"Agrees with people on 50 % \(\d+–\d+\) of 12 pairs; two people agree", text)
    assert "Only 12 prompt groups (below 30)" in text
    assert "12 of 12 verdicts gave an answer" in text


def test_every_chart_has_its_table_and_no_inline_style(browser: Client, judge: Judge) -> None:
    text = page(browser, f"/judges/{judge.pk}/report/")
    assert text.count('<svg class="plot"') == 3
    for label in ("Calibration: the figures", "Coverage at an accuracy", "What it names in either order"):
        assert f'role="region" aria-label="{label}"' in text
    assert not re.search(r"\sstyle=|<script(?! src)[^>]*>[^<]", text)


def test_gold_is_chosen_by_a_link(browser: Client, judge: Judge) -> None:
    assert "?question=better&amp;against=gold" in page(browser, f"/judges/{judge.pk}/report/")
    text = page(browser, f"/judges/{judge.pk}/report/?question=better&against=gold")
    assert "Against gold" in text
    assert "Only 1 pair can be held against the gold answers" in text


def test_odd_choices_are_the_usual_ones(browser: Client, judge: Judge) -> None:
    assert "Against people" in page(browser, f"/judges/{judge.pk}/report/?question=nothing&against=luck")


def test_htmx_gets_the_report_only_where_it_is_newer(browser: Client, judge: Judge) -> None:
    url = f"/judges/{judge.pk}/report/"
    seen = re.search(r"seen=([^\"&]+)\"", page(browser, url))
    assert seen is not None
    assert 'id="report"' not in page(browser, f"{url}?question=better&seen={seen[1]}", **HTMX)
    assert 'id="report" class="stack loose" hx-swap-oob="true"' in page(browser, f"{url}?seen=before", **HTMX)


def test_compute_now_computes_it_again(browser: Client, judge: Judge) -> None:
    before = stored.report_of(judge)["computed_at"]
    assert browser.post(f"/judges/{judge.pk}/report/refresh/")["Location"] == f"/judges/{judge.pk}/report/"
    assert stored.report_of(judge)["computed_at"] > before


def test_a_judge_that_has_not_run_is_sent_to_its_card(browser: Client, researcher: User) -> None:
    judge = make_judge(judged_campaign(researcher, 1))
    text = page(browser, f"/judges/{judge.pk}/report/")
    assert "judy has not judged anything yet" in text
    assert f'href="/campaigns/pairs/judges/#judge-{judge.pk}"' in text


def test_without_people_it_asks_for_them(browser: Client, researcher: User) -> None:
    judge = make_judge(judged_campaign(researcher, 3))
    run_now(judge)
    text = page(browser, f"/judges/{judge.pk}/report/?question=score")
    assert "Nobody has checked these labels" in text
    assert "Annotate some of it yourself" in text
    assert "The questions it answers; choose one" in text


def test_the_table_is_a_file_that_no_spreadsheet_runs(browser: Client, judge: Judge) -> None:
    judge.campaign.items.filter(key="r0").update(key="=1+1")
    answer = browser.get(f"/judges/{judge.pk}/report/table.csv?question=better")
    rows = list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode())))  # type: ignore[attr-defined]
    assert len(rows) == 12
    assert rows[0]["item"] == "'=1+1"
    assert [rows[0][name] for name in ("about", "judge", "people", "people_majority", "gold", "s1", "s2")] == [
        *("a b", "first", "first|first", "first", "first", "0.9", "0.2")
    ]
    assert browser.get(f"/judges/{judge.pk}/report/table.csv?question=none").status_code == 404
    unnamed = browser.get(f"/judges/{judge.pk}/report/table.csv")
    assert b"".join(unnamed.streaming_content) == b"".join(  # type: ignore[attr-defined]
        browser.get(f"/judges/{judge.pk}/report/table.csv?question=better").streaming_content  # type: ignore[attr-defined]
    )


def test_before_a_judge_has_run_its_table_has_a_head_alone(browser: Client, researcher: User) -> None:
    judge = make_judge(judged_campaign(researcher, 1))
    answer = browser.get(f"/judges/{judge.pk}/report/table.csv")
    lines = b"".join(answer.streaming_content).decode().splitlines()  # type: ignore[attr-defined]
    assert (answer.status_code, len(lines)) == (200, 1)
    assert lines[0].startswith("item,")


def test_judges_stand_side_by_side_the_best_first(browser: Client, judge: Judge) -> None:
    run_now(make_judge(judge.campaign, name="longest"))
    make_judge(judge.campaign, name="idle")
    text = page(browser, "/campaigns/told/judges/compare/")
    assert re.search(r'<a href="/judges/\d+/report/\?question=better&amp;against=people">judy</a>', text)
    assert text.index(">judy</a>") < text.index(">longest</a>")
    assert ">idle</a>" not in text
    one = page(browser, f"/campaigns/told/judges/compare/?judge={judge.pk}&question=better&against=gold")
    assert ">longest</a>" not in one
    assert "Agreement with gold" in one


def test_a_comparison_of_nothing_says_what_to_do(browser: Client, researcher: User) -> None:
    make_campaign(researcher, "empty", [RATING_EACH])
    assert "Go to the judges" in page(browser, "/campaigns/empty/judges/compare/")


def test_the_api_gives_the_same_report(api: APIClient, researcher: User, judge: Judge) -> None:
    api.force_authenticate(researcher)
    report = api.get(f"/api/v1/judges/{judge.pk}/report/").json()
    assert {"judge", "calls", "questions"} <= set(report)
    found = report["questions"][0]
    assert (found["n"], found["valid_rate"], found["flip_rate"]) == (12, 1.0, pytest.approx(0.25))
    assert found["against"]["people"]["agreement"]["percent"]["value"] == pytest.approx(0.5)
    assert api.get("/api/v1/campaigns/told/reliability/").json() == {"results": [report], "next": None}


def test_nobody_else_reaches_them(client: Client, judge: Judge, annotator: User) -> None:
    add_member(judge.campaign, annotator_of(annotator))
    stranger = make_user("sam", "researcher", Organisation.objects.create(name="Elsewhere"))
    for user in (annotator, stranger):
        client.force_login(user)
        for url in ("report/", "report/table.csv?question=better"):
            assert client.get(f"/judges/{judge.pk}/{url}").status_code == 404
        assert client.post(f"/judges/{judge.pk}/report/refresh/").status_code == 404
        assert client.get("/campaigns/told/judges/compare/").status_code in (403, 404)
        assert client.get("/api/v1/campaigns/told/reliability/").status_code in (403, 404)
