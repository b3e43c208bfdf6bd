"""The page and the API of models."""

import pytest
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from annotate.campaigns import add_member, annotator_of, change_state
from annotate.models import Assignment, Campaign, User
from routing.models import Report
from routing.reports import refresh
from tests.factories import PAIRWISE_PAIR, make_campaign, make_user
from tests.routing.leaderboard.played import item, played

pytestmark = pytest.mark.django_db
THREE = {"a": "ada", "b": "bob", "c": "cyd"}
FOUR = {**THREE, "d": "dot"}
HTMX = {"HX-Request": "true"}


@pytest.fixture
def campaign(researcher: User) -> Campaign:
    """Ann goes round in a circle with ada, bob and cyd, and dot beats them all; ben judges two pairs as she does."""
    ring = [("ann", "human", pair) for pair in ("a>b", "b>c", "c>a", "d>a")]
    rows = [item(f"r{n}", FOUR, *ring, ("ben", "human", "a>b"), ("ben", "human", "b>c")) for n in range(12)]
    made = change_state(played(researcher, rows), "launch")
    refresh(made, ["leaderboard"])
    return made


@pytest.fixture
def signed_in(client: Client, researcher: User) -> Client:
    client.force_login(researcher)
    return client


def page(client: Client, campaign: Campaign, query: str = "", **headers: str) -> str:
    answer = client.get(reverse("leaderboard", args=[campaign.slug]) + query, headers=headers or None)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().replace("\u00a0", " ").split())


def test_it_says_who_leads_and_who_stands_apart(signed_in: Client, campaign: Campaign) -> None:
    text = page(signed_in, campaign)
    assert ", apart from dot, never beaten" in text
    assert "<b>dot</b>: never lost half a point: its strength has no upper limit." in text
    assert "Comparisons that could join them: <b>dot</b> with" in text
    assert "72 comparisons over 12 prompt groups" in text


def test_a_ring_of_models_is_said(signed_in: Client, campaign: Campaign) -> None:
    text = page(signed_in, campaign)
    assert "no ranking is right about these" in text
    assert "ada beats bob, that beats cyd, and that beats ada" in text


def test_lengths_that_cannot_be_held_equal_are_said(signed_in: Client, campaign: Campaign) -> None:
    text = page(signed_in, campaign)
    assert "Length cannot be held equal" in text


def test_what_would_settle_a_cycle_is_asked_again_once(signed_in: Client, campaign: Campaign) -> None:
    for name in ("eva", "fay"):
        add_member(campaign, annotator_of(make_user(name)))
    text = page(signed_in, campaign)
    assert text.count('name="unit"') == 12
    units = Report.objects.get(campaign=campaign, name="leaderboard").data["questions"][0]["cycles"]["settle"]["rows"]
    chosen = {"unit": [row["unit"] for row in units[:3]], "question": "better"}
    address = reverse("leaderboard_ask_again", args=[campaign.slug])
    answer = signed_in.post(address, chosen)
    assert answer["Location"].endswith("?question=better#cycles")
    made = Assignment.objects.filter(campaign=campaign, purpose=Assignment.Purpose.AGAIN)
    assert sorted(made.values_list("unit", flat=True)) == sorted(row["unit"] for row in units[:3])
    assert "3 of 3 will be asked once more" in page(signed_in, campaign)
    signed_in.post(address, chosen)
    assert made.count() == 3
    assert "asked again already" in page(signed_in, campaign)


@pytest.mark.parametrize("units", [[], ["x"], ["9" * 5000], ["0"], ["99999999"]])
def test_units_that_are_none_are_told(signed_in: Client, campaign: Campaign, units: list[str]) -> None:
    answer = signed_in.post(reverse("leaderboard_ask_again", args=[campaign.slug]), {"unit": units})
    assert answer.status_code == 302
    assert not Assignment.objects.filter(campaign=campaign, purpose=Assignment.Purpose.AGAIN).exists()
    text = page(signed_in, campaign)
    assert "units must be 1 to 1000 ids" in text or "there is no such unit" in text


def test_a_closed_campaign_asks_nobody(signed_in: Client, campaign: Campaign) -> None:
    change_state(campaign, "close")
    text = page(signed_in, campaign)
    assert "reopen it to ask again" in text
    assert "Ask again about the chosen pairs" not in text


def test_nonsense_in_the_address_falls_back(signed_in: Client, campaign: Campaign) -> None:
    assert "Strength of the models" in page(signed_in, campaign, "?question=x&annotators=%00&model=%3Cscript%3E")


def test_the_poll_brings_a_newer_report(signed_in: Client, campaign: Campaign) -> None:
    seen = Report.objects.get(campaign=campaign, name="leaderboard").data["computed_at"].replace("+", "%2B")
    assert 'id="leaderboard"' not in page(signed_in, campaign, f"?seen={seen}", **HTMX)
    refresh(campaign, ["leaderboard"])
    assert 'id="leaderboard"' in page(signed_in, campaign, f"?seen={seen}", **HTMX)


def test_each_empty_state_says_what_to_do(signed_in: Client, researcher: User) -> None:
    fresh = make_campaign(researcher, "fresh", [PAIRWISE_PAIR])
    assert "Not computed yet" in page(signed_in, fresh)
    refresh(fresh, ["leaderboard"])
    assert "The completions name no models" in page(signed_in, fresh)
    texts = make_campaign(researcher, "texts", [{"name": "t", "kind": "text"}])
    refresh(texts, ["leaderboard"])
    assert "No question compares completions" in page(signed_in, texts)
    quiet = played(researcher, [item("r0", THREE)], "quiet")
    refresh(quiet, ["leaderboard"])
    assert "No two models were compared yet" in page(signed_in, quiet)


def test_the_api_gives_the_stored_report(campaign: Campaign, researcher: User, annotator: User, api: APIClient) -> None:
    api.force_authenticate(researcher)
    found = api.get("/api/v1/campaigns/models/leaderboard/").json()
    assert set(found) == {"computed_at", "questions", "headline"}
    (board,) = found["questions"][0]["boards"]
    assert {row["model"]: row["rank"] is None for row in board["models"]}["dot"]
    assert all(row["win_rate"]["n"] == row["games"] for row in board["models"])
    assert {line["title"] for line in found["headline"]} >= {"Best model", "Not comparable", "Cycles"}
    add_member(campaign, annotator_of(annotator))
    api.force_authenticate(annotator)
    assert api.get("/api/v1/campaigns/models/leaderboard/").status_code == 403


def test_an_annotator_does_not_see_the_page(client: Client, campaign: Campaign, annotator: User) -> None:
    add_member(campaign, annotator_of(annotator))
    client.force_login(annotator)
    assert client.get(reverse("leaderboard", args=[campaign.slug])).status_code == 403
    assert client.post(reverse("leaderboard_ask_again", args=[campaign.slug])).status_code == 403
