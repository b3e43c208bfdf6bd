import re

import pytest
from django.test import Client

from annotate.models import Member, User
from tests.annotate.views.pages import signed_in, text_of
from tests.factories import make_campaign, make_user

pytestmark = pytest.mark.django_db
PAGE = "/campaigns/pairs/members/"


def test_a_user_is_added_by_name(researcher: User, annotator: User) -> None:
    campaign = make_campaign(researcher)
    client = signed_in(researcher)
    assert client.post(PAGE, {"user": " anna ", "role": "annotator"}).headers["Location"] == PAGE
    assert campaign.members.filter(annotator__user=annotator, role="annotator").exists()
    assert "anna" in text_of(client.get(PAGE))


def test_an_unknown_name_is_said_beside_the_field(researcher: User) -> None:
    make_campaign(researcher)
    answer = signed_in(researcher).post(PAGE, {"user": "nobody", "role": "annotator"})
    assert answer.status_code == 404
    assert 'value="nobody"' in text_of(answer)
    assert "there is no user" in text_of(answer)


def test_an_annotator_cannot_be_made_researcher_of_a_campaign(researcher: User, annotator: User) -> None:
    make_campaign(researcher)
    assert signed_in(researcher).post(PAGE, {"user": "anna", "role": "researcher"}).status_code == 422


def test_a_new_annotator_gets_a_password_that_works_and_is_shown_once(researcher: User) -> None:
    make_campaign(researcher)
    client = signed_in(researcher)
    answer = client.post(PAGE + "new/", {"name": "newbie"})
    found = re.search(r'class="secret">([^<]+)<', answer.content.decode())
    assert found is not None
    assert "no-store" in answer.headers["Cache-Control"]
    assert found[1] not in text_of(client.get(PAGE))
    assert Client().login(username="newbie", password=found[1])
    assert Member.objects.get(annotator__user__username="newbie").role == "annotator"


def test_a_taken_name_makes_no_account(researcher: User, annotator: User) -> None:
    make_campaign(researcher)
    answer = signed_in(researcher).post(PAGE + "new/", {"name": "anna"})
    assert answer.status_code == 409
    assert "exists already" in text_of(answer)
    assert not Member.objects.filter(annotator__user=annotator).exists()


def test_a_member_is_removed(researcher: User, annotator: User) -> None:
    campaign = make_campaign(researcher)
    client = signed_in(researcher)
    client.post(PAGE, {"user": "anna", "role": "annotator"})
    member = campaign.members.get(annotator__user=annotator)
    assert client.post(f"{PAGE}{member.pk}/remove/").headers["Location"] == PAGE
    assert not campaign.members.filter(pk=member.pk).exists()


def test_the_last_researcher_stays(researcher: User) -> None:
    campaign = make_campaign(researcher)
    answer = signed_in(researcher).post(f"{PAGE}{campaign.members.get().pk}/remove/")
    assert answer.status_code == 409
    assert "at least one researcher" in text_of(answer)


def test_who_removes_himself_comes_home(researcher: User) -> None:
    campaign = make_campaign(researcher)
    make_user("otto", role="researcher")
    client = signed_in(researcher)
    client.post(PAGE, {"user": "otto", "role": "researcher"})
    own = campaign.members.get(annotator__user=researcher)
    assert client.post(f"{PAGE}{own.pk}/remove/").headers["Location"] == "/"
