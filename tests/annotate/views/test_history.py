"""One's own answers: listed, changed, and nobody else's."""

from typing import Any

import pytest
from django.test import Client

from annotate.assigning import claim
from annotate.campaigns import change_state
from annotate.models import Annotation, Assignment, Campaign, User
from annotate.submitting import submit
from tests.annotate.views.pages import signed_in, text_of
from tests.factories import PAIRWISE, person, running_campaign

pytestmark = pytest.mark.django_db

STRONG: dict[str, Any] = {**PAIRWISE, "title": "Which is better?", "config": {"strengths": ["slightly", "clearly"]}}
SCRIPT: Any = {"HTTP_ACCEPT": "application/json"}
MINE = "/campaigns/pairs/mine/"
PAGE = "/campaigns/pairs/annotate/"


@pytest.fixture
def campaign(researcher: User, annotator: User) -> Campaign:
    return running_campaign(researcher, 30, [annotator], questions=[STRONG], overlap=2)


@pytest.fixture
def anna(annotator: User) -> Client:
    return signed_in(annotator)


def answer(user: User, campaign: Campaign, preferred: str = "a") -> Assignment:
    held = claim(campaign, person(user))
    assert held is not None
    submit(held, person(user), {"overall": {"preferred": preferred, "strength": 2}}, claim_next=False)
    return held


def test_the_newest_come_first_in_the_names_of_the_screen(anna: Client, annotator: User, campaign: Campaign) -> None:
    done = [answer(annotator, campaign) for _ in range(2)]
    page = text_of(anna.get(MINE))
    assert page.index("Question 1?") < page.index("Question 0?")
    for one in done:
        place = one.shown.index("a") + 1
        assert f"Response {place} is better (clearly)" in page
    assert page.count("Which is better?") == 2


def test_it_shows_nobody_elses(anna: Client, researcher: User, annotator: User, campaign: Campaign) -> None:
    answer(researcher, campaign)
    assert "Nothing submitted yet" in text_of(anna.get(MINE))
    answer(annotator, campaign)
    assert "1 item" in text_of(anna.get(MINE))


def test_pages_follow_each_other(anna: Client, annotator: User, campaign: Campaign) -> None:
    done = [answer(annotator, campaign) for _ in range(27)]
    first = text_of(anna.get(MINE))
    assert f'id="a{done[26].pk}"' in first
    assert f'id="a{done[1].pk}"' not in first
    oldest = Annotation.objects.order_by("pk")[2].pk
    assert f"?before={oldest}" in first
    second = text_of(anna.get(MINE, {"before": oldest}))
    assert f'id="a{done[1].pk}"' in second
    assert f"again={done[1].pk}&amp;back={oldest}" in second
    assert "No more" in text_of(anna.get(MINE, {"before": 1}))


@pytest.mark.parametrize("before", ["x", "-1", "9" * 400, "\0"])
def test_a_wrong_page_is_the_first(anna: Client, annotator: User, campaign: Campaign, before: str) -> None:
    answer(annotator, campaign)
    assert "Question 0?" in text_of(anna.get(MINE, {"before": before}))


def test_earlier_revisions_are_there(anna: Client, annotator: User, campaign: Campaign) -> None:
    held = answer(annotator, campaign)
    submit(held, person(annotator), {"overall": {"preferred": None}}, revises=1)
    page = text_of(anna.get(MINE))
    assert "Tie" in page
    assert "revision 2" in page
    assert "1 earlier" in page
    assert "(clearly)" in page


def test_a_change_leads_back_to_where_one_was(anna: Client, annotator: User, campaign: Campaign) -> None:
    held = answer(annotator, campaign)
    opened = anna.get(PAGE, {"again": held.pk, "back": 7}).content.decode()
    assert f'data-back="{MINE}?before=7#a{held.pk}"' in opened
    assert 'name="_back" value="7"' in opened
    sent = {"overall": "@tie", "_revises": "1", "_back": "7"}
    assert anna.post(f"/assignments/{held.pk}/submit/", sent)["Location"] == f"{MINE}?before=7#a{held.pk}"
    sent = {"overall": "a:1", "_revises": "2", "_back": "//evil.example"}
    assert anna.post(f"/assignments/{held.pk}/submit/", sent)["Location"] == PAGE


def test_undo_goes_further_back_in_the_order_of_submission(anna: Client, annotator: User, campaign: Campaign) -> None:
    first, second, third = (answer(annotator, campaign) for _ in range(3))
    submit(first, person(annotator), {"overall": {"preferred": None}}, revises=1)
    steps = [("last", third), (f"before:{third.pk}", second), (f"before:{second.pk}", first)]
    for which, wanted in steps:
        assert anna.get(PAGE, {"again": which}, **SCRIPT).json()["id"] == wanted.pk
    end = anna.get(PAGE, {"again": f"before:{first.pk}"}, **SCRIPT)
    assert (end.status_code, end.json()["message"]) == (409, "That was the first that you submitted here.")


@pytest.mark.parametrize("which", ["before:", "before:x", "after:1", "0", "-1", "before:99999999", "9" * 40])
def test_what_was_not_submitted_cannot_be_opened(anna: Client, annotator: User, campaign: Campaign, which: str) -> None:
    answer(annotator, campaign)
    assert anna.get(PAGE, {"again": which}, **SCRIPT).status_code == 404


def test_a_campaign_may_forbid_changes(anna: Client, annotator: User, researcher: User) -> None:
    campaign = running_campaign(researcher, 2, [annotator], questions=[STRONG], revisions=False)
    held = answer(annotator, campaign)
    assert "Change" not in text_of(anna.get(MINE))
    assert "cannot be changed" in text_of(anna.get(MINE))
    work = anna.get(PAGE).content.decode()
    assert 'data-action="undo"' not in work
    assert "data-revisable" not in work
    refused = anna.get(PAGE, {"again": "last"}, **SCRIPT)
    assert (refused.status_code, refused.json()["code"]) == (409, "revisions_off")
    sent = {"overall": "@tie", "_revises": "1"}
    refused = anna.post(f"/assignments/{held.pk}/submit/", sent, **SCRIPT)
    assert (refused.status_code, refused.json()["code"]) == (409, "revisions_off")
    assert anna.post(f"/assignments/{held.pk}/submit/", sent).status_code == 409
    assert Annotation.objects.get().revision == 1


def test_nothing_is_changed_while_the_campaign_is_paused(anna: Client, annotator: User, campaign: Campaign) -> None:
    answer(annotator, campaign)
    change_state(campaign, "pause")
    assert "nothing can be changed now" in text_of(anna.get(MINE))
