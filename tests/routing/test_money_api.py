"""Estimates, capped runs, endpoints, prices and budgets over HTTP."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from annotate.models import Campaign, User
from routing.models import Endpoint, Judge, JudgeRun, Price
from tests.factories import PAIRWISE_PAIR
from tests.routing.judged import judged_campaign, make_judge, work_on
from tests.routing.servers.model_server import Answer, ModelServer

pytestmark = pytest.mark.django_db
KEY = "sk-very-secret-1234"


@pytest.fixture
def campaign(researcher: User, api: APIClient) -> Campaign:
    api.force_authenticate(researcher)
    return judged_campaign(researcher, 2, PAIRWISE_PAIR)


def test_from_an_address_to_a_label_with_its_cost(campaign: Campaign, api: APIClient) -> None:
    with ModelServer(Answer("A", {"A": 0.7, "B": 0.3}, usage=(100, 1)), key=KEY) as server:
        spec = {
            "name": "served",
            "provider": "openai",
            "config": {"model": "tiny", "reasoning": False},
            "endpoint": {"url": server.url, "name": "ours", "key": KEY, "concurrency": 2},
            "price": {"input": 2, "output": 8},
        }
        made = api.post("/api/v1/campaigns/pairs/judges/", spec, format="json").json()
        assert (made["endpoint"], made["price"]) == ("ours", {"input": 2.0, "output": 8.0})
        endpoint = Endpoint.objects.get()
        tested = api.post(f"/api/v1/endpoints/{endpoint.pk}/test/", {"model": "tiny"}, format="json").json()
        assert tested["ok"]
        expected = api.get(f"/api/v1/judges/{made['id']}/estimate/").json()
        assert (expected["units"], expected["calls"]) == (2, 4)
        assert 0 < expected["expected"] < expected["worst"]
        run = api.post(f"/api/v1/judges/{made['id']}/run/", {"cap": 1.5}, format="json").json()
        assert (run["cap"], run["spent"]) == (1.5, 0)
        work_on(JudgeRun.objects.get())
    done = api.get(f"/api/v1/judge-runs/{run['id']}/").json()
    assert (done["state"], done["spent"], done["reserved"]) == ("done", 4 * (100 * 2 + 8) / 1e6, 0)
    answers = [api.get(url).content.decode() for url in ("/api/v1/endpoints/", f"/api/v1/endpoints/{endpoint.pk}/")]
    assert [KEY in text for text in answers] == [False, False]
    assert api.get("/api/v1/endpoints/").json()["results"][0]["has_key"] is True


def test_a_run_is_paused_and_resumed_with_another_cap(campaign: Campaign, api: APIClient) -> None:
    judge = make_judge(campaign)
    pk = api.post(f"/api/v1/judges/{judge.pk}/run/", {"cap": 1, "repeats": 2}, format="json").json()["id"]
    assert api.post(f"/api/v1/judge-runs/{pk}/pause/").json()["state"] == "paused"
    assert api.post(f"/api/v1/judge-runs/{pk}/pause/").status_code == 409
    resumed = api.post(f"/api/v1/judge-runs/{pk}/resume/", {"cap": 2.25}, format="json").json()
    assert (resumed["state"], resumed["cap"], resumed["repeats"]) == ("queued", 2.25, 2)
    assert api.post(f"/api/v1/judge-runs/{pk}/resume/").status_code == 409


@pytest.mark.parametrize(
    ("body", "field"),
    [({"cap": -1}, "cap"), ({"cap": "1"}, "cap"), ({"cap": True}, "cap"), ({"repeats": 0}, "repeats")],
)
def test_odd_limits_are_refused_by_name(campaign: Campaign, api: APIClient, body: dict[str, Any], field: str) -> None:
    answer = api.post(f"/api/v1/judges/{make_judge(campaign).pk}/run/", body, format="json")
    assert answer.status_code == 422
    assert set(answer.json()["fields"]) == {field}
    assert not JudgeRun.objects.exists()


def test_prices_and_the_budget(campaign: Campaign, api: APIClient) -> None:
    made = api.post("/api/v1/prices/", {"model": "m", "input": 1, "output": 2.5}, format="json").json()
    assert api.get("/api/v1/prices/").json()["results"] == [made]
    url = f"/api/v1/prices/{made['id']}/"
    assert api.put(url, {"input": 0, "output": 3}, format="json").json() == made | {"input": 0.0, "output": 3.0}
    assert api.put(url, {"input": None, "output": 3}, format="json").json()["fields"].keys() == {"input"}
    assert api.delete(url).status_code == 204
    assert not Price.objects.exists()
    budget = "/api/v1/campaigns/pairs/judge-budget/"
    assert api.get(budget).json() == {"cap": None, "spent": 0, "reserved": 0}
    assert api.put(budget, {"cap": 12.5}, format="json").json()["cap"] == 12.5
    assert api.put(budget, {"cap": None}, format="json").json()["cap"] is None


def test_an_endpoint_is_changed_and_deleted(campaign: Campaign, api: APIClient) -> None:
    made = api.post("/api/v1/endpoints/", {"url": "http://127.0.0.1:9/v1"}, format="json").json()
    url = f"/api/v1/endpoints/{made['id']}/"
    assert api.patch(url, {"requests_per_minute": 60}, format="json").json()["requests_per_minute"] == 60
    assert api.patch(url, {"kye": "x"}, format="json").status_code == 422
    assert api.delete(url).status_code == 204


@pytest.mark.parametrize(
    ("spec", "field"),
    [
        ({"endpoint": "none"}, "endpoint"),
        ({"endpoint": {"url": "file:///etc/passwd"}}, "endpoint.url"),
        ({"endpoint": {"url": "http://127.0.0.1:9", "key": "no good"}}, "endpoint.key"),
        ({"provider": "scripted", "endpoint": "x"}, "endpoint"),
        ({"price": {"input": 1}}, "price.output"),
        ({"price": 3}, "price"),
        ({"too_long": "cut"}, "too_long"),
        ({"protocols": []}, "protocols"),
        ({"protocols": {"pairwse": {}}}, "protocols.pairwse"),
        ({"protocols": {"pairwise": {"name": "rating"}}}, "protocols.pairwise.name"),
        (
            {"protocols": {"question:better": {"name": "persona", "config": {"x": 1}}}},
            "protocols.question:better.config",
        ),
        ({"protocols": {"pairwise": {"name": "scalar_reward"}}}, "protocols.pairwise.name"),
    ],
)
def test_what_a_judge_cannot_be_is_refused_by_the_field(
    campaign: Campaign, api: APIClient, spec: dict[str, Any], field: str
) -> None:
    usual = {"name": "j", "provider": "openai", "config": {"model": "m"}, "endpoint": {"url": "http://127.0.0.1:9/v1"}}
    if spec.get("provider") == "scripted":
        usual["config"] = {}
    answer = api.post("/api/v1/campaigns/pairs/judges/", usual | spec, format="json")
    assert answer.status_code == 422, answer.content
    assert set(answer.json()["fields"]) == {field}
    assert not Judge.objects.exists()
    assert not Endpoint.objects.exists()
