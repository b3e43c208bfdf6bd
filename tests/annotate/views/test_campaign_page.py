from datetime import timedelta

import pytest
from django.utils import timezone

from annotate.assigning import claim
from annotate.campaigns import change_state
from annotate.models import Annotation, Assignment, Campaign, User
from annotate.overview import overview
from annotate.submitting import submit
from tests.annotate.views.pages import HTMX, signed_in, text_of
from tests.factories import make_campaign, person, running_campaign

pytestmark = pytest.mark.django_db


def answer_one(campaign: Campaign, user: User) -> None:
    assignment = claim(campaign, person(user))
    assert assignment is not None
    submit(assignment, person(user), {"overall": {"preferred": "a"}})


def test_an_empty_campaign_says_to_import(researcher: User) -> None:
    make_campaign(researcher)
    page = text_of(signed_in(researcher).get("/campaigns/pairs/"))
    assert "Import items first" in page
    assert 'value="launch"' not in page


def test_the_numbers_refresh_by_themselves_while_it_runs(researcher: User, annotator: User) -> None:
    campaign = running_campaign(researcher, 4, [annotator])
    client = signed_in(researcher)
    assert 'hx-trigger="every 3s"' in text_of(client.get("/campaigns/pairs/"))
    answer_one(campaign, annotator)
    fragment = text_of(client.get("/campaigns/pairs/", headers=HTMX))
    assert "<html" not in fragment
    assert "1 of 4" in fragment
    assert "anna" in fragment
    assert "left, at" in fragment
    change_state(campaign, "pause")
    page = text_of(client.get("/campaigns/pairs/"))
    assert "every 3s" not in page
    assert "left, at" not in page
    assert "3 to do once it runs" in page


def test_the_forecast_follows_the_pace_of_the_last_hour(researcher: User, annotator: User) -> None:
    campaign = running_campaign(researcher, 4, [annotator])
    answer_one(campaign, annotator)
    now = timezone.now()
    Assignment.objects.filter(state="done").update(leased_at=now - timedelta(minutes=30), done_at=now)
    pace = overview(campaign)["pace"]
    assert pace.per_hour == 2  # type: ignore[attr-defined]
    assert timedelta(minutes=89) < pace.left < timedelta(minutes=91)  # type: ignore[attr-defined]
    Assignment.objects.filter(state="done").update(leased_at=now - timedelta(hours=3), done_at=now - timedelta(hours=2))
    assert overview(campaign)["pace"] is None


def test_launch_pause_close_and_reopen(researcher: User) -> None:
    campaign = running_campaign(researcher, 1)
    client = signed_in(researcher)
    for change, state in [("pause", "paused"), ("launch", "running"), ("close", "closed"), ("reopen", "running")]:
        answer = client.post("/campaigns/pairs/state/", {"change": change})
        assert answer.headers["Location"] == "/campaigns/pairs/"
        campaign.refresh_from_db()
        assert campaign.state == state
    assert client.get("/campaigns/pairs/state/").status_code == 405


def test_a_change_that_does_not_follow_is_an_error_page(researcher: User) -> None:
    make_campaign(researcher)
    answer = signed_in(researcher).post("/campaigns/pairs/state/", {"change": "launch"})
    assert answer.status_code == 409
    assert "Import items before you launch." in text_of(answer)
    assert 'href="/campaigns/pairs/"' in answer.content.decode()
    assert signed_in(researcher).post("/campaigns/pairs/state/", {"change": "explode"}).status_code == 404


def test_launching_can_lead_straight_to_annotating(researcher: User) -> None:
    change_state(running_campaign(researcher, 1), "pause")
    answer = signed_in(researcher).post("/campaigns/pairs/state/", {"change": "launch", "then": "annotate"})
    assert answer.headers["Location"] == "/campaigns/pairs/annotate/"


def test_a_finished_campaign_points_to_its_results(researcher: User, annotator: User) -> None:
    campaign = running_campaign(researcher, 1, [annotator])
    answer_one(campaign, annotator)
    assert Annotation.objects.count() == 1
    assert "All wanted answers are in" in text_of(signed_in(researcher).get("/campaigns/pairs/"))


def test_guidelines_are_text_and_not_html(researcher: User) -> None:
    make_campaign(researcher, guidelines="<script>alert(1)</script>")
    page = text_of(signed_in(researcher).get("/campaigns/pairs/"))
    assert "&lt;script&gt;alert(1)" in page


def test_an_annotator_is_sent_to_his_work(researcher: User, annotator: User) -> None:
    running_campaign(researcher, 1, [annotator])
    answer = signed_in(annotator).get("/campaigns/pairs/")
    assert answer.headers["Location"] == "/campaigns/pairs/annotate/"
