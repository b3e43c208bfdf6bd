"""Generated checklists over HTTP."""

from typing import Any

import pytest

from annotate.models import Campaign, User
from annotate.users import token_of
from routing.models import Judge, JudgeRun
from tests.annotate.api.conftest import Caller
from tests.routing.points.proposing import TYPED, proposal_of, propose_now

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss(researcher: User) -> Caller:
    return Caller(token_of(researcher.username))


def test_a_run_is_started_by_the_name_of_a_judge(judge: Judge, boss: Caller) -> None:
    started = boss("POST", "campaigns/pairs/points/", {"judge": "wanda", "cap": 0.5})
    assert started.status_code == 202
    assert started.json()["state"] == "queued"
    assert JudgeRun.objects.values_list("purpose", "cap").get() == ("points", 500_000)


@pytest.mark.parametrize("judge_given", [None, 3, "nobody", {}])
def test_an_unknown_judge_is_refused_by_name(judge: Judge, boss: Caller, judge_given: Any) -> None:
    refused = boss("POST", "campaigns/pairs/points/", {"judge": judge_given})
    assert refused.status_code == 422
    assert refused.json()["fields"] == {"judge": "one of wanda"}


def test_proposals_are_listed_decided_and_listed_by_state(campaign: Campaign, judge: Judge, boss: Caller) -> None:
    propose_now(judge)
    first, second, _ = boss("GET", "campaigns/pairs/points/").json()["results"]
    assert (first["item"], first["state"], len(first["points"]), first["accepted"]) == ("r0", "proposed", 2, None)
    path = f"proposals/{first['id']}/"
    accepted = boss("POST", f"{path}accept/", {"points": TYPED, "seen": first["seen"]}).json()
    assert (accepted["state"], accepted["accepted"], accepted["decided_by"]) == ("accepted", TYPED, "rita")
    again = boss("POST", f"{path}reject/", {"seen": first["seen"]})
    assert (again.status_code, again.json()["code"]) == (409, "decided_meanwhile")
    rejected = boss("POST", f"proposals/{second['id']}/reject/", {"reason": "vague"}).json()
    assert (rejected["state"], rejected["reason"]) == ("rejected", "vague")
    assert [row["item"] for row in boss("GET", "campaigns/pairs/points/?state=rejected").json()["results"]] == ["r1"]
    assert boss("POST", "campaigns/pairs/points/accept/").json() == {"accepted": 1}
    assert boss("GET", path).json()["accepted"] == TYPED


@pytest.mark.parametrize(
    ("points", "field"),
    [([], "points"), ([{"key": "a", "weight": 0}], "points[0].weight"), ("x", "points"), (None, "points")],
)
def test_points_that_make_no_sense_are_refused_by_name(judge: Judge, boss: Caller, points: Any, field: str) -> None:
    propose_now(judge)
    refused = boss("POST", f"proposals/{proposal_of(judge).pk}/accept/", {"points": points})
    assert refused.status_code == 422
    assert list(refused.json()["fields"]) == [field]


def test_a_state_that_there_is_not_is_refused(judge: Judge, boss: Caller) -> None:
    assert boss("GET", "campaigns/pairs/points/?state=maybe").status_code == 422
