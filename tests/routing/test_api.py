import pytest
from rest_framework.test import APIClient

from annotate.campaigns import add_member, annotator_of
from annotate.models import Campaign, Organisation, User
from routing.models import JudgeRun
from tests.factories import make_campaign, make_user
from tests.routing.judged import judged_campaign, make_judge, run_now, work_on

pytestmark = pytest.mark.django_db
JUDGE = {"name": "judy", "provider": "scripted", "config": {"rule": "hash"}}


@pytest.fixture
def campaign(researcher: User, api: APIClient) -> Campaign:
    api.force_authenticate(researcher)
    return judged_campaign(researcher, 2)


def test_a_judge_is_added_run_and_reported_on(campaign: Campaign, api: APIClient) -> None:
    made = api.post("/api/v1/campaigns/pairs/judges/", JUDGE, format="json")
    assert made.status_code == 201
    judge = made.json()
    assert (judge["name"], judge["config"]) == ("judy", {"rule": "hash"})
    assert api.get("/api/v1/campaigns/pairs/judges/").json() == {"results": [judge], "next": None}

    started = api.post(f"/api/v1/judges/{judge['id']}/run/")
    assert (started.status_code, started.json()["state"]) == (202, "queued")
    work_on(JudgeRun.objects.get(pk=started.json()["id"]))
    run = api.get(f"/api/v1/judge-runs/{started.json()['id']}/").json()
    assert (run["state"], run["done"], run["total"], run["failed"]) == ("done", 6, 6, 0)

    report = api.get(f"/api/v1/judges/{judge['id']}/report/").json()
    assert {q["question"]: q["n"] for q in report["questions"]} == {"better": 2, "score": 4}


def test_what_a_judge_said_is_an_annotation_like_any_other(campaign: Campaign, api: APIClient) -> None:
    run_now(make_judge(campaign))
    rows = api.get("/api/v1/campaigns/pairs/annotations/").json()["results"]
    assert {(row["annotator"], row["kind"]) for row in rows} == {("judy", "judge")}
    assert len(rows) == 6


def test_a_second_run_at_once_is_a_conflict(campaign: Campaign, api: APIClient) -> None:
    judge = make_judge(campaign)
    assert api.post(f"/api/v1/judges/{judge.pk}/run/").status_code == 202
    again = api.post(f"/api/v1/judges/{judge.pk}/run/")
    assert (again.status_code, again.json()["code"]) == (409, "wrong_state")


def test_a_run_is_cancelled_once(campaign: Campaign, api: APIClient) -> None:
    judge = make_judge(campaign)
    pk = api.post(f"/api/v1/judges/{judge.pk}/run/").json()["id"]
    assert api.post(f"/api/v1/judge-runs/{pk}/cancel/").json()["state"] == "cancelled"
    assert api.post(f"/api/v1/judge-runs/{pk}/cancel/").status_code == 409


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"name": "j", "provider": "gpt"}, 422),
        ({"name": "j", "provider": "scripted", "config": {"rule": "\0"}}, 422),
        ({"name": "judy", "provider": "scripted"}, 409),
        ([], 422),
    ],
)
def test_a_judge_that_cannot_be_is_refused(campaign: Campaign, api: APIClient, body: object, status: int) -> None:
    make_judge(campaign)
    answer = api.post("/api/v1/campaigns/pairs/judges/", body, format="json")
    assert answer.status_code == status
    assert set(answer.json()) == {"code", "message", "fields"}


def test_other_people_see_none_of_it(campaign: Campaign, annotator: User) -> None:
    judge = make_judge(campaign)
    run = run_now(judge)
    add_member(campaign, annotator_of(annotator))
    stranger = make_user("sam", "researcher", Organisation.objects.create(name="Elsewhere"))
    make_campaign(stranger, "theirs")
    for user, refused in ((annotator, 403), (stranger, 404)):
        client = APIClient()
        client.force_authenticate(user)
        assert client.get("/api/v1/campaigns/pairs/judges/").status_code == refused
        assert client.post("/api/v1/campaigns/pairs/judges/", JUDGE, format="json").status_code == refused
        assert client.get("/api/v1/campaigns/pairs/inconsistency/").status_code == refused
        assert client.post(f"/api/v1/judges/{judge.pk}/run/").status_code == 404
        assert client.get(f"/api/v1/judges/{judge.pk}/report/").status_code == 404
        assert client.get(f"/api/v1/judge-runs/{run.pk}/").status_code == 404
        assert client.post(f"/api/v1/judge-runs/{run.pk}/cancel/").status_code == 404
