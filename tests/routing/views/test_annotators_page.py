"""The pages and the API of annotators, and what is decided there."""

import html

import pytest
from django.test import Client
from django.urls import reverse

from annotate.models import Annotator, Assignment, Campaign, Standing, User
from routing.reports import refresh
from tests.factories import make_campaign, make_user
from tests.routing.annotators.planted import planted

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign(researcher: User) -> Campaign:
    made = planted(researcher, items=40)
    refresh(made, ["annotators", "annotator_details"])
    return made


@pytest.fixture
def signed_in(client: Client, researcher: User) -> Client:
    client.force_login(researcher)
    return client


def text_of(answer: object, status: int = 200) -> str:
    assert answer.status_code == status  # type: ignore[attr-defined]
    return " ".join(html.unescape(answer.content.decode()).replace("\u00a0", " ").split())  # type: ignore[attr-defined]


def of(campaign: Campaign, name: str, part: str = "annotator") -> str:
    return reverse(part, args=[campaign.slug, Annotator.objects.get(name=name).pk])


def test_flags_come_first_and_a_signal_sorts(signed_in: Client, campaign: Campaign) -> None:
    address = reverse("annotators", args=[campaign.slug])
    text = text_of(signed_in.get(address))
    assert "prefers a side" in text
    assert "false discovery rate is controlled at 5 %" in text
    assert text.index(of(campaign, "left")) < text.index(of(campaign, "ada"))
    by = text_of(signed_in.get(address, {"by": "position", "who": "nobody", "start": "x"}))
    assert "Shown first by annotator" in by
    assert by.index(of(campaign, "left")) < by.index(of(campaign, "longer"))


def test_htmx_gets_the_rows_of_a_newer_report(signed_in: Client, campaign: Campaign) -> None:
    address = reverse("annotators", args=[campaign.slug])
    headers = {"HX-Request": "true"}
    assert 'hx-swap-oob="true"' in text_of(signed_in.get(address, {"seen": "2026-01-01"}, headers=headers))


def test_every_signal_of_an_annotator_has_a_sentence(signed_in: Client, campaign: Campaign) -> None:
    text = text_of(signed_in.get(of(campaign, "left")))
    assert "100.0 % (" in text
    assert "Unlike the others by more than the margin and chance (adjusted p < 0.001)" in text
    assert "median of the others" in text
    assert "Answers that the others contradict" in text
    assert "Confusions: better" in text


def test_deciding_from_the_page(signed_in: Client, campaign: Campaign, researcher: User) -> None:
    address = of(campaign, "left", "annotator_standing")
    answer = signed_in.post(address, {"action": "pause", "note": "left only"}, follow=True)
    text = text_of(answer)
    assert "left is paused" in text
    assert "left only" in text
    standing = Standing.objects.get()
    assert standing.paused_at is not None
    signed_in.post(address, {"action": "weigh", "weight": "0.5"})
    waiting = Assignment.objects.filter(state="open", slot__isnull=False)
    before = waiting.count()
    signed_in.post(address, {"action": "exclude", "ask_others": "on"})
    standing.refresh_from_db()
    assert (standing.weight, standing.excluded_at is not None) == (0.5, True)
    assert standing.changed_by == Annotator.objects.get(user=researcher)
    assert waiting.count() == before + 80
    assert "excluded</span>" in text_of(signed_in.get(reverse("annotators", args=[campaign.slug])))
    signed_in.post(address, {"action": "include"})
    signed_in.post(address, {"action": "resume"})
    assert Standing.objects.filter(excluded_at=None, paused_at=None).count() == 1


@pytest.mark.parametrize("sent", [{}, {"action": "fire"}, {"action": "weigh", "weight": "heavy"}])
def test_what_makes_no_sense_is_told_on_the_page(signed_in: Client, campaign: Campaign, sent: dict[str, str]) -> None:
    text = text_of(signed_in.post(of(campaign, "left", "annotator_standing"), sent), 422)
    assert 'role="alert"' in text
    assert not Standing.objects.exists()


def test_the_api_tells_figures_flags_and_sentences(signed_in: Client, campaign: Campaign) -> None:
    found = signed_in.get(f"/api/v1/campaigns/{campaign.slug}/annotators/").json()["results"]
    told = {each["name"]: each for each in found}
    assert "position" in told["left"]["flags"]
    position = told["left"]["signals"]["position"]
    assert (position["value"], position["n"], position["flagged"]) == (1.0, 40, True)
    assert position["sentence"].startswith("100.0")
    assert told["left"]["answered"] == 80


def test_an_empty_campaign_says_what_to_do(signed_in: Client, researcher: User) -> None:
    make_campaign(researcher, "empty")
    assert "Nobody has answered yet" in text_of(signed_in.get("/campaigns/empty/annotators/"))
    own = Annotator.objects.get(user=researcher)
    assert "No figures yet" in text_of(signed_in.get(f"/campaigns/empty/annotators/{own.pk}/"))


def test_only_researchers_see_it(client: Client, campaign: Campaign) -> None:
    other = make_user("other")
    client.force_login(other)
    for address in (reverse("annotators", args=[campaign.slug]), of(campaign, "left")):
        assert client.get(address).status_code in (403, 404)
    assert client.post(of(campaign, "left", "annotator_standing"), {"action": "pause"}).status_code in (403, 404)
    assert not Standing.objects.exists()
