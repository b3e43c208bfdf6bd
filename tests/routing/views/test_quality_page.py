"""The summary of what the labels say about themselves: it reads what is stored, and says what is not there yet."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from annotate.models import Campaign, User
from routing import tasks
from routing.models import Report
from routing.reports import refresh
from tests.factories import make_campaign
from tests.routing.compared import compared, pair_item

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
COMPUTED = "2026-03-01T12:00:00+00:00"


@pytest.fixture
def campaign(researcher: User) -> Campaign:
    return compared(researcher, [pair_item("r1", ("ann", "human", 5, 3, "a"))])


def line(**wanted: Any) -> dict[str, Any]:
    figure = {"value": 0.5, "interval": [0.4, 0.6], "n": 1234, "clusters": 40, "method": "bootstrap"}
    found = {"title": "Alpha of overall", "sentence": "They agree little.", "figure": figure, "unit": "number"}
    return {**found, "level": "bad", **wanted}


def store(campaign: Campaign, name: str, *headline: dict[str, Any]) -> None:
    data = {"headline": list(headline), "computed_at": COMPUTED}
    Report.objects.update_or_create(
        campaign=campaign, name=name, defaults={"data": data, "computed_at": timezone.now()}
    )


def page(browser: Client, slug: str = "both", query: str = "", **headers: str) -> str:
    answer = browser.get(f"/campaigns/{slug}/quality/{query}", headers=headers or None)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().replace("&nbsp;", " ").replace("\u00a0", " ").split())


def test_each_part_says_its_figure_with_interval_and_n(browser: Client, campaign: Campaign) -> None:
    store(campaign, "agreement", line(), line(title="Percent", unit="percent", level="good", sentence="Fine."))
    text = page(browser)
    assert '<b>0.50</b> <span class="hint">0.40 to 0.60 (95 %),</span> <span class="hint nowrap">n 1,234</span>' in text
    assert (
        '<b>50.0 %</b> <span class="hint">40.0 to 60.0 % (95 %),</span> <span class="hint nowrap">n 1,234</span>'
        in text
    )
    assert '<span class="level bad">A problem</span>' in text
    assert '<span class="level good">Sound</span>' in text


def test_what_is_worst_stands_first(browser: Client, campaign: Campaign) -> None:
    store(campaign, "agreement", line())
    store(campaign, "inconsistency", line(title="Inconsistent pairs", level="mind"))
    text = page(browser)
    first = text[text.index("Look at this first") : text.index("quality-parts")]
    assert "Agreement</a>: They agree little." in first
    assert "Inconsistency" not in first
    store(campaign, "agreement")
    text = page(browser)
    first = text[text.index("Look at this first") : text.index("quality-parts")]
    assert f'<a href="/campaigns/{campaign.slug}/inconsistency/">Inconsistency</a>: ' in first


def test_nothing_wrong_has_no_list(browser: Client, campaign: Campaign) -> None:
    store(campaign, "agreement", line(level="good"))
    assert "Look at this first" not in page(browser)


def test_a_figure_that_is_not_known_has_only_its_sentence(browser: Client, campaign: Campaign) -> None:
    store(campaign, "agreement", line(figure=None, level="unknown", sentence="No unit has two answers."))
    text = page(browser)
    assert "No unit has two answers." in text
    assert "<b>" not in text


def test_a_figure_from_few_says_so(browser: Client, campaign: Campaign) -> None:
    figure = {"value": 0.5, "interval": None, "n": 9, "clusters": 3, "method": "few"}
    store(campaign, "agreement", line(figure=figure))
    assert "n 9: fewer than 10" in page(browser)


def test_parts_that_are_not_computed_yet_say_so(browser: Client, campaign: Campaign) -> None:
    text = page(browser)
    assert text.count("Not computed yet; it appears here by itself.") == 6
    refresh(campaign, ["inconsistency"])
    assert page(browser).count("Not computed yet; it appears here by itself.") == 5


def test_a_part_shows_its_worst_lines_and_counts_the_others(browser: Client, campaign: Campaign) -> None:
    fine = [line(title=f"Fine {i}", level="good") for i in range(4)]
    store(campaign, "inconsistency", *fine, line(title="Odd", level="bad"))
    text = page(browser)
    card = text[text.index('id="part-inconsistency"') : text.index('id="part-agreement"')]
    assert card.index("Odd") < card.index("Fine 0") < card.index("Fine 1")
    assert "Fine 2" not in card
    assert f'<a href="/campaigns/{campaign.slug}/inconsistency/">2 more</a>' in card


def test_a_headline_cannot_write_html(browser: Client, campaign: Campaign) -> None:
    store(campaign, "agreement", line(title="<script>x</script>", sentence="<img src=x>"))
    text = page(browser)
    assert "<script>x" not in text
    assert "<img" not in text


def test_a_campaign_without_answers_says_what_to_do(browser: Client, researcher: User) -> None:
    make_campaign(researcher, "empty")
    text = page(browser, "empty")
    assert "No answers yet" in text
    assert 'href="/campaigns/empty/"' in text


def test_to_htmx_it_answers_with_its_age_and_with_the_parts_only_when_they_changed(
    browser: Client, campaign: Campaign
) -> None:
    store(campaign, "agreement", line())
    asked = {"query": f"?seen={COMPUTED.replace('+', '%2B')}", **HTMX}
    same = page(browser, **asked)
    assert same.startswith('<p id="report-age"')
    assert "quality-parts" not in same
    newer = page(browser, query="?seen=", **HTMX)
    assert 'id="quality" class="stack loose" hx-swap-oob="true"' in newer


def test_a_failed_report_says_so_where_it_is_shown(browser: Client, campaign: Campaign) -> None:
    failures = {"quality": "ValueError: odd"}
    Report.objects.create(
        campaign=campaign, name="labels", data={"failures": failures, "took": {}}, computed_at=timezone.now()
    )
    assert "it could not be computed (ValueError: odd); what is shown is older" in page(browser)


def test_the_tab_and_the_part_are_marked(browser: Client, campaign: Campaign) -> None:
    text = page(browser)
    assert f'<a href="/campaigns/{campaign.slug}/quality/" aria-current="page">Quality</a>' in text
    assert f'<a href="/campaigns/{campaign.slug}/quality/" aria-current="page">Summary</a>' in text


def test_compute_now_sends_the_work_to_a_worker_and_comes_back(
    browser: Client,
    campaign: Campaign,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
) -> None:
    sent: list[Any] = []
    monkeypatch.setattr(tasks.refresh_campaign, "apply_async", lambda args, **_: sent.append(args))
    back = f"/campaigns/{campaign.slug}/inconsistency/?a=b"
    with django_capture_on_commit_callbacks(execute=True):
        answer = browser.post(f"/campaigns/{campaign.slug}/quality/refresh/", {"next": back})
    assert (answer.status_code, answer["Location"]) == (302, back)
    (args,) = sent
    tasks.refresh_campaign(*args)
    assert "Not computed yet; it appears here" not in page(browser).split("part-agreement")[0]


def test_it_is_for_researchers_of_the_campaign_only(client: Client, campaign: Campaign, annotator: User) -> None:
    client.force_login(annotator)
    assert client.get(f"/campaigns/{campaign.slug}/quality/").status_code == 404
    assert client.post(f"/campaigns/{campaign.slug}/quality/refresh/").status_code == 404
