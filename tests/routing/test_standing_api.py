"""Deciding about annotators over HTTP."""

import pytest
from django.test import Client
from django.utils import timezone

from annotate.models import Campaign, User
from routing.models import Report
from routing.reports import MARK
from tests.factories import make_user, person, running_campaign

pytestmark = pytest.mark.django_db
URL = "/api/v1/campaigns/pairs/annotators/"


@pytest.fixture
def ann() -> User:
    return make_user("ann")


@pytest.fixture
def campaign(ann: User, client: Client) -> Campaign:
    boss = make_user("boss", "researcher")
    client.force_login(boss)
    return running_campaign(boss, 1, [ann])


def decide(client: Client, ann: User, **sent: object) -> tuple[int, dict[str, object]]:
    answer = client.post(f"{URL}{person(ann).pk}/standing/", sent, content_type="application/json")
    return answer.status_code, answer.json()


@pytest.mark.usefixtures("campaign")
def test_a_decision_is_told_with_its_author_and_note(client: Client, ann: User) -> None:
    status, told = decide(client, ann, action="pause", note="too fast")
    assert status == 200
    assert told["paused_at"] is not None
    assert (told["changed_by"], told["note"]) == ("boss", "too fast")
    listed = {each["name"]: each for each in client.get(URL).json()["results"]}
    assert listed["ann"]["paused_at"] == told["paused_at"]
    assert listed["boss"]["paused_at"] is None


@pytest.mark.usefixtures("campaign")
@pytest.mark.parametrize(
    ("sent", "field"),
    [({"action": "fire"}, "action"), ({}, "action"), ({"action": "weigh"}, "weight"), ({"action": ["x"]}, "action")],
)
def test_what_makes_no_sense_is_refused_by_field(
    client: Client, ann: User, sent: dict[str, object], field: str
) -> None:
    status, told = decide(client, ann, **sent)
    assert (status, list(told["fields"])) == (422, [field])  # type: ignore[call-overload]


@pytest.mark.usefixtures("campaign")
def test_an_annotator_may_not_decide(client: Client, ann: User) -> None:
    client.force_login(ann)
    assert decide(client, ann, action="resume")[0] == 403
    assert client.get(URL).status_code == 403


@pytest.mark.usefixtures("campaign")
def test_somebody_who_takes_no_part_is_not_found(client: Client) -> None:
    assert decide(client, make_user("stranger"), action="pause")[0] == 404


@pytest.mark.usefixtures("campaign")
def test_a_paused_annotator_is_told_why_he_gets_nothing(client: Client, ann: User) -> None:
    decide(client, ann, action="pause")
    client.force_login(ann)
    answer = client.post("/api/v1/campaigns/pairs/claim/", {}, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (403, "paused")


def test_a_decision_makes_the_reports_stale(client: Client, campaign: Campaign, ann: User) -> None:
    Report.objects.create(campaign=campaign, name=MARK, data={}, seen_until=timezone.now(), computed_at=timezone.now())
    before = Report.objects.get(name=MARK).seen_until
    decide(client, ann, action="exclude", ask_others=True)
    assert Report.objects.get(name=MARK).seen_until != before


def test_staff_decide_too_though_they_are_no_members(campaign: Campaign, client: Client, ann: User) -> None:
    staff = make_user("sue", organisation=campaign.organisation)
    User.objects.filter(pk=staff.pk).update(is_staff=True)
    client.force_login(staff)
    status, told = decide(client, ann, action="pause")
    assert (status, told["changed_by"]) == (200, "sue")
