"""The report on consensus, and consensus over HTTP."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from annotate.frames import Frames
from annotate.models import Annotator, Campaign, Consensus, Standing, Unit, User
from routing.consensus import consensus
from routing.reports import refresh, report_of, stale_campaigns
from tests.annotate.consensus.voting import said, said_item
from tests.factories import PAIRWISE, import_rows, make_campaign, make_user

pytestmark = pytest.mark.django_db
A, B = {"preferred": "a"}, {"preferred": "b"}


@pytest.fixture
def campaign(researcher: User) -> Campaign:
    items = [said_item(f"clear{n}", ("ann", A), ("bob", A), ("cleo", A)) for n in range(6)]
    items += [said_item(f"split{n}", ("ann", A), ("bob", A), ("cleo", B)) for n in range(2)]
    items += [said_item(f"tied{n}", ("ann", A), ("bob", B)) for n in range(2)]
    return said(researcher, {"kind": "pairwise"}, items)


@pytest.fixture
def as_researcher(api: APIClient, researcher: User) -> APIClient:
    api.force_authenticate(researcher)
    return api


def test_the_report_sums_up_each_question(campaign: Campaign) -> None:
    report = consensus(Frames(campaign))
    (question,) = report["questions"]
    counts = ("units", "answered", "tied", "undecided", "single", "adjudicated", "annotations", "abstained", "left_out")
    assert [question[name] for name in counts] == [10, 10, 2, 0, 0, 0, 28, 0, 0]
    assert question["unclear"]["value"] == pytest.approx(0.2)
    assert question["unclear"]["n"] == question["unclear"]["clusters"] == 10
    assert question["share"]["value"] == pytest.approx((6 + 2 * 2 / 3 + 0) / 10, abs=1e-4)
    assert question["confidence"]["value"] == pytest.approx((6 * 4 / 6 + 2 * 3 / 6 + 2 * 1 / 5) / 10, abs=1e-4)
    assert {row["label"]: row["n"] for row in question["distribution"]} == {"first": 8, "tie": 2}
    assert [unit["why"] for unit in report["doubtful"]] == ["tied", "tied", "split", "split"]
    (headline,) = report["headline"]
    assert (headline["level"], headline["figure"]["value"]) == ("mind", pytest.approx(0.2))
    assert Consensus.objects.count() == 10


def test_a_campaign_without_answers_or_with_texts_alone_has_none(researcher: User) -> None:
    empty = consensus(Frames(said(researcher, {"kind": "pairwise"}, [said_item("r1")])))
    assert empty["questions"][0]["unclear"]["value"] is None
    assert (empty["doubtful"], empty["headline"][0]["level"]) == ([], "unknown")
    texts = said(researcher, {"kind": "text"}, [said_item("r1", ("ann", "x"))], slug="texts")
    assert consensus(Frames(texts)) == {"questions": [], "doubtful": [], "headline": []}


def test_who_leaves_a_question_out_abstains(researcher: User) -> None:
    item = said_item("r1", ("ann", A), ("cleo", A))
    item["annotations"].append({"annotator": "bob", "kind": "human", "shown": ["a", "b"], "answers": {"w": "x"}})
    choice = {"name": "w", "kind": "choice", "shows": "all", "config": {"options": ["x", "y"]}, "required": False}
    campaign = make_campaign(researcher, "two", [{**PAIRWISE, "name": "q", "required": False}, choice], overlap=3)
    assert import_rows(campaign, [item]).done == 1
    found = {each["name"]: each["abstained"] for each in consensus(Frames(campaign))["questions"]}
    assert found == {"q": 1, "w": 2}


def test_it_comes_a_page_at_a_time(as_researcher: APIClient, campaign: Campaign) -> None:
    refresh(campaign)
    first = as_researcher.get("/api/v1/campaigns/said/consensus/?question=q&limit=4").json()
    assert len(first["results"]) == 4
    row: dict[str, Any] = first["results"][0]
    assert (row["item"], row["question"], row["rule"], row["answer"], row["n"]) == ("clear0", "q", "majority", A, 3)
    assert row["adjudication"] is None
    assert "after=" in first["next"]
    assert as_researcher.get("/api/v1/campaigns/said/consensus/?question=other").json()["results"] == []


def test_a_decision_is_made_listed_and_taken_back(as_researcher: APIClient, campaign: Campaign) -> None:
    refresh(campaign)
    unit = Unit.objects.get(item__key="tied0").pk
    sent = {"unit": unit, "question": "q", "answer": B, "note": "clearer"}
    made = as_researcher.post("/api/v1/campaigns/said/adjudications/", sent, format="json")
    assert made.status_code == 201
    assert (made.json()["answer"], made.json()["author"], made.json()["note"]) == (B, "rita", "clearer")
    assert stale_campaigns().filter(pk=campaign.pk).exists(), "what the reports say has changed"
    again = as_researcher.post("/api/v1/campaigns/said/adjudications/", {**sent, "answer": A}, format="json").json()
    refused = as_researcher.delete(f"/api/v1/adjudications/{made.json()['id']}/")
    assert (refused.status_code, refused.json()["code"]) == (409, "wrong_state")
    taken = as_researcher.delete(f"/api/v1/adjudications/{again['id']}/")
    assert (taken.status_code, taken.json()["answer"]) == (200, None)
    listed = as_researcher.get("/api/v1/campaigns/said/adjudications/").json()["results"]
    assert [each["answer"] for each in listed] == [B, A, None]
    assert Consensus.objects.get(unit=unit).answer == {"preferred": None}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"unit": "7"}, "unit"),
        ({"unit": True}, "unit"),
        ({"unit": 2**70}, "unit"),
        ({"question": "other"}, "question"),
        ({"answer": {"preferred": "z"}}, "q"),
        ({"note": {"x": 1}}, "note"),
    ],
)
def test_what_is_wrong_is_named(
    as_researcher: APIClient, campaign: Campaign, changes: dict[str, Any], field: str
) -> None:
    unit = Unit.objects.get(item__key="tied0").pk
    sent = {"unit": unit, "question": "q", "answer": A, **changes}
    answer = as_researcher.post("/api/v1/campaigns/said/adjudications/", sent, format="json")
    assert answer.status_code == 422
    assert field in answer.json()["fields"]


def test_another_campaigns_unit_does_not_exist(as_researcher: APIClient, campaign: Campaign, researcher: User) -> None:
    said(researcher, {"kind": "pairwise"}, [said_item("r1")], slug="other")
    sent = {"unit": Unit.objects.get(item__key="r1").pk, "question": "q", "answer": A}
    assert as_researcher.post("/api/v1/campaigns/said/adjudications/", sent, format="json").status_code == 404
    as_researcher.force_authenticate(make_user("stranger", role="researcher"))
    assert as_researcher.get("/api/v1/campaigns/said/consensus/").status_code == 404


def test_the_report_is_stored_with_the_others(campaign: Campaign) -> None:
    Standing.objects.create(campaign=campaign, annotator=Annotator.objects.get(name="cleo"), weight=5)
    refresh(campaign)
    stored = report_of(campaign, "consensus")
    assert stored is not None
    assert {row["label"]: row["n"] for row in stored["questions"][0]["distribution"]} == {
        "first": 6,
        "second": 2,
        "tie": 2,
    }
