"""The page about agreement: figures in words, the questions to choose from, and what is said of nothing."""

from typing import Any

import pytest
from django.test import Client

from annotate.models import Assignment, Campaign, User
from routing.models import Report
from routing.reports import refresh
from tests.factories import make_campaign
from tests.routing.agreement.held import annotated, item

pytestmark = pytest.mark.django_db
PAIR: dict[str, Any] = {"name": "better", "kind": "pairwise", "shows": "all", "title": "Which is better?"}
TOPIC: dict[str, Any] = {"name": "rare", "kind": "choice", "shows": "all", "config": {"options": ["yes", "no"]}}
SPANS: dict[str, Any] = {
    "name": "errors",
    "kind": "span",
    "shows": "all",
    "config": {"labels": ["<b>"], "snap": "none"},
}


@pytest.fixture
def campaign(researcher: User) -> Campaign:
    """Forty items by two people and a judge: all but alike on what is rare, often apart on what is better."""
    items = []
    for n in range(40):
        marks = [{"label": "<b>", "start": 0, "end": 5 + n % 3}]
        ann = {"better": {"preferred": "a"}, "rare": "no", "errors": {"a": marks, "b": []}}
        bob = {"better": {"preferred": "a" if n % 3 else "b"}, "rare": "yes" if n == 7 else "no"}
        gpt = {"better": {"preferred": "a" if n % 5 else None}, "rare": "no"}
        none = {"errors": {"a": [{"label": "<b>", "start": 0, "end": 5}], "b": []}}
        items.append(item(f"p{n}", {"ann": ann, "bob <i>": {**bob, **none}, "gpt": {**gpt, **none}}))
    campaign = annotated(researcher, [PAIR, TOPIC, SPANS], items)
    refresh(campaign)
    return campaign


def page(browser: Client, query: str = "", slug: str = "agreed", **headers: str) -> str:
    answer = browser.get(f"/campaigns/{slug}/agreement/{query}", headers=headers or None)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().replace("\u00a0", " ").split())


def test_the_page_shows_every_question_and_the_first_in_full(browser: Client, campaign: Campaign) -> None:
    text = page(browser)
    assert "Krippendorff’s alpha by question" in text
    assert "Which is better?, people and judges" in text
    assert "no better than answers drawn at random" in text
    assert "Cohen’s weighted kappa" in text
    assert "Gwet’s AC2" in text
    assert "40 of 40" in text
    assert "between people and judges" in text
    assert 'href="?question=rare"' in text


def test_where_nearly_all_is_alike_the_paradox_is_explained(browser: Client, campaign: Campaign) -> None:
    text = page(browser, "?question=rare")
    assert "prevalence paradox" in text
    assert "AC is 0.97" in text
    assert "Gwet’s AC1" in text


def test_spans_have_figures_of_their_own(browser: Client, campaign: Campaign) -> None:
    text = page(browser, "?question=errors")
    assert "F1 of whole spans" in text
    assert "Agreement label by label" in text
    assert "&lt;b&gt;, whole spans" in text
    assert "<b>, whole spans" not in text


def test_names_of_annotators_are_escaped(browser: Client, campaign: Campaign) -> None:
    text = page(browser)
    assert "bob &lt;i&gt;" in text
    assert "bob <i>" not in text


def test_what_people_disagree_on_leads_to_its_items(browser: Client, campaign: Campaign) -> None:
    text = page(browser)
    assert "What people disagree on most" in text
    assert ">p0</a>" in text
    assert ">p1</a>" not in text


def test_arms_show_the_difference(browser: Client, campaign: Campaign) -> None:
    assert "With and without the checklist" not in page(browser)
    rows = Assignment.objects.filter(campaign=campaign).order_by("pk")
    chosen = list(
        rows.filter(unit__item__pk__in=list(campaign.items.values_list("pk", flat=True)[:20])).values_list("pk")
    )
    rows.update(arm="without")
    rows.filter(pk__in=[pk for (pk,) in chosen]).update(arm="with")
    refresh(campaign, ["agreement"])
    text = page(browser)
    assert "With and without the checklist" in text
    assert "Alpha between people who answered the checklist" in text


def test_to_htmx_the_page_says_its_age_and_sends_what_is_new(browser: Client, campaign: Campaign) -> None:
    computed = Report.objects.get(campaign=campaign, name="agreement").data["computed_at"]
    same = page(browser, f"?seen={computed.replace('+', '%2B')}", **{"HX-Request": "true"})
    assert 'id="report-age"' in same
    assert "hx-swap-oob" not in same
    assert 'id="agreement" class="stack loose" hx-swap-oob="true"' in page(browser, "?seen=", **{"HX-Request": "true"})


def test_a_page_takes_few_queries(browser: Client, campaign: Campaign, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(20):
        page(browser)


def test_a_campaign_without_answers_says_what_to_do(browser: Client, researcher: User) -> None:
    campaign = make_campaign(researcher, "empty", [PAIR])
    assert "Not computed yet" in page(browser, slug="empty")
    refresh(campaign)
    text = page(browser, slug="empty")
    assert "No answers yet" in text
    assert "overlap of 2 or more" in text


def test_annotators_do_not_see_it(client: Client, campaign: Campaign, annotator: User) -> None:
    client.force_login(annotator)
    assert client.get("/campaigns/agreed/agreement/").status_code == 404
