"""The page and the API of slices."""

import pytest
from django.test import Client
from django.urls import reverse

from annotate.models import Campaign, User
from routing.reports import refresh
from tests.factories import PAIRWISE_PAIR, make_campaign
from tests.routing.slices.sliced import sliced

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign(researcher: User) -> Campaign:
    campaign = sliced(researcher)
    refresh(campaign)
    return campaign


@pytest.fixture
def signed_in(client: Client, researcher: User) -> Client:
    client.force_login(researcher)
    return client


def page(client: Client, campaign: Campaign, query: str = "", **headers: str) -> str:
    response = client.get(reverse("slices", args=[campaign.slug]) + query, headers=headers)
    assert response.status_code == 200
    return response.content.decode()


def test_it_names_the_slices_that_differ_first(signed_in: Client, campaign: Campaign) -> None:
    html = page(signed_in, campaign)
    assert "differ: agreement" in html.replace("differs", "differ")
    assert html.index("topic: law") < html.index("topic: math")
    assert "at most one in twenty" in html
    assert "−" in html
    assert "points" in html


def test_question_and_measure_are_chosen_by_links(signed_in: Client, campaign: Campaign) -> None:
    html = page(signed_in, campaign, "?question=score&measure=rating")
    assert "Mean rating by slice" in html
    assert '<a href="?question=score&amp;measure=rating" aria-current="true">' in html


def test_what_is_not_there_falls_back_to_the_first(signed_in: Client, campaign: Campaign) -> None:
    assert "Agreement by slice" in page(signed_in, campaign, "?question=nonsense&measure=%3Cscript%3E")


def test_what_was_left_out_is_said(signed_in: Client, campaign: Campaign) -> None:
    html = page(signed_in, campaign)
    assert "<code>row</code> (it has 45 different values, more than 20)" in html
    assert "135 of 45 units" in html


def test_before_the_first_report_it_says_what_to_do(signed_in: Client, researcher: User) -> None:
    html = page(signed_in, make_campaign(researcher, "fresh", [PAIRWISE_PAIR]))
    assert "Not computed yet" in html
    assert "metadata" in html


def test_a_poll_brings_the_report_only_when_it_is_newer(signed_in: Client, campaign: Campaign) -> None:
    html = page(signed_in, campaign)
    seen = html.split("seen=")[1].split('"')[0]
    assert 'id="slices"' not in page(signed_in, campaign, f"?seen={seen}", **{"HX-Request": "true"})
    refresh(campaign)
    assert 'id="slices"' in page(signed_in, campaign, f"?seen={seen}", **{"HX-Request": "true"})


def test_others_do_not_see_it(client: Client, campaign: Campaign, annotator: User) -> None:
    client.force_login(annotator)
    assert client.get(reverse("slices", args=[campaign.slug])).status_code == 404
    assert client.get(f"/api/v1/campaigns/{campaign.slug}/slices/").status_code in (403, 404)


def test_the_api_gives_the_stored_report(signed_in: Client, campaign: Campaign, researcher: User) -> None:
    body = signed_in.get(f"/api/v1/campaigns/{campaign.slug}/slices/").json()
    assert body["rate"] == 0.05
    assert [question["name"] for question in body["questions"]] == ["better", "score"]
    new = make_campaign(researcher, "fresh", [PAIRWISE_PAIR])
    assert signed_in.get(f"/api/v1/campaigns/{new.slug}/slices/").json()["computed_at"] is None
