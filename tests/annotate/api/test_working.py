"""Claiming and submitting over HTTP, as the contract has it."""

from typing import Any

import pytest

from annotate.campaigns import add_member, change_state
from annotate.models import Assignment, Campaign, User
from annotate.users import token_of
from tests.annotate.api.conftest import Caller
from tests.factories import import_rows, make_campaign, make_user, person

pytestmark = pytest.mark.django_db

A, B = ({"overall": {"preferred": key}} for key in "ab")


def claimed(who: Caller, **body: Any) -> dict[str, Any]:
    answer = who("post", "campaigns/pairs/claim/", body)
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


def test_a_claimed_assignment_has_what_the_contract_says(anna: Caller, campaign: Campaign) -> None:
    assignment = claimed(anna)
    assert {"id", "item", "view", "questions", "shown", "leased_until", "draft"} <= set(assignment)
    assert set(assignment["item"]) == {"key", "prompt", "context", "completions"}
    assert [c["key"] for c in assignment["item"]["completions"]] == assignment["shown"]
    assert sorted(assignment["shown"]) == ["a", "b"]
    assert (assignment["view"], assignment["questions"][0]["name"], assignment["draft"]) == ("all", "overall", None)


def test_a_claimed_item_gives_nothing_away(researcher: User, annotator: User, anna: Caller) -> None:
    campaign = make_campaign(researcher)
    secrets = {"model": "secret-model", "metadata": {"x": "secret-metadata"}}
    row = {
        "key": "k",
        "prompt": "p",
        "completions": [{"key": k, "text": f"text {k}", **secrets} for k in "ab"],
        "reference": "secret-reference",
        "metadata": {"x": "secret-item"},
        "gold": {"answers": B},
        "annotations": [{"annotator": "secret-judge", "kind": "judge", "answers": A}],
    }
    import_rows(campaign, [row])
    add_member(campaign, person(annotator))
    change_state(campaign, "launch")
    answer = anna("post", "campaigns/pairs/claim/")
    assert answer.status_code == 200
    assert b"secret" not in answer.content
    assert b"gold" not in answer.content
    assert b"preferred" not in answer.content


def test_a_submit_answers_201_then_200_then_409_then_200(anna: Caller, campaign: Campaign) -> None:
    url = f"assignments/{claimed(anna)['id']}/annotation/"
    first = anna("put", url, {"answers": A, "active_seconds": 1.5})
    assert first.status_code == 201
    annotation = first.json()["annotation"]
    expected = {"item": "r0", "view": "all", "round": 0, "annotator": "anna", "kind": "human", "answers": A}
    assert annotation | expected | {"revision": 1, "active_seconds": 1.5} == annotation
    assert first.json()["next"]["item"]["key"] == "r1"
    repeat = anna("put", url, {"answers": A})
    assert (repeat.status_code, repeat.json()) == (200, {"annotation": annotation, "next": None})
    conflict = anna("put", url, {"answers": B})
    assert (conflict.status_code, conflict.json()["code"]) == (409, "revision_conflict")
    revised = anna("put", url, {"answers": B, "revises": 1})
    assert (revised.status_code, revised.json()["annotation"]["revision"]) == (200, 2)
    assert anna("put", url, {"answers": {"overall": {"preferred": "z"}}}).status_code == 422


def test_two_tabs_get_two_items_and_no_more(anna: Caller, campaign: Campaign) -> None:
    first = claimed(anna)
    second = claimed(anna, holding=[first["id"]])
    assert second["id"] != first["id"]
    assert claimed(anna)["id"] == first["id"]
    third = anna("post", "campaigns/pairs/claim/", {"holding": [first["id"], second["id"]]})
    assert (third.status_code, third.json()["code"]) == (409, "too_many_held")


def test_nothing_left_is_no_content(anna: Caller, campaign: Campaign) -> None:
    for _ in range(3):
        assert anna("put", f"assignments/{claimed(anna)['id']}/annotation/", {"answers": A}).status_code == 201
    assert anna("post", "campaigns/pairs/claim/").status_code == 204


def test_a_lost_lease_is_a_conflict_and_keeps_a_draft(anna: Caller, campaign: Campaign) -> None:
    pk = claimed(anna)["id"]
    make_user("bob")
    bob = Caller(token_of("bob"))
    add_member(campaign, person(User.objects.get(username="bob")))
    Assignment.objects.filter(pk=pk).update(leased_until="2020-01-01T00:00:00Z")
    Assignment.objects.exclude(pk=pk).update(state="parked")
    assert claimed(bob)["id"] == pk
    for path in ("annotation", "draft"):
        lost = anna("put", f"assignments/{pk}/{path}/", {"answers": A})
        assert (lost.status_code, lost.json()["code"]) == (409, "lease_lost")
    assert anna("post", f"assignments/{pk}/skip/", {"reason": "x"}).status_code == 409
    assert anna("post", f"assignments/{pk}/release/").status_code == 409
    assert bob("post", f"assignments/{pk}/release/").json() == {"released": pk}
    assert claimed(anna)["draft"] == A


def test_a_draft_comes_back_with_the_claim(anna: Caller, campaign: Campaign) -> None:
    pk = claimed(anna)["id"]
    assert anna("put", f"assignments/{pk}/draft/", {"answers": {"overall": 1}}).json()["answers"] == {"overall": 1}
    assert claimed(anna)["draft"] == {"overall": 1}


def test_a_skip_needs_a_reason_and_passes_the_item_on(anna: Caller, campaign: Campaign) -> None:
    pk = claimed(anna)["id"]
    assert anna("post", f"assignments/{pk}/skip/", {}).status_code == 422
    assert anna("post", f"assignments/{pk}/skip/", {"reason": "unclear"}).status_code == 200
    assert claimed(anna)["id"] != pk


def test_a_paused_campaign_gives_nothing(anna: Caller, campaign: Campaign) -> None:
    change_state(campaign, "pause")
    refused = anna("post", "campaigns/pairs/claim/")
    assert (refused.status_code, refused.json()["code"]) == (409, "not_running")


def test_annotations_are_listed_for_the_researcher_and_ones_own_for_oneself(
    anna: Caller, boss: Caller, researcher: User, campaign: Campaign
) -> None:
    for who in (anna, boss, anna):
        assert who("put", f"assignments/{claimed(who)['id']}/annotation/", {"answers": A}).status_code == 201
    everything = boss("get", "campaigns/pairs/annotations/").json()
    assert [row["annotator"] for row in everything["results"]] == ["anna", "rita", "anna"]
    assert [row["annotator"] for row in anna("get", "campaigns/pairs/annotations/").json()["results"]] == [
        "anna",
        "anna",
    ]
    keys = {
        "id",
        "item",
        "view",
        "shown",
        "round",
        "annotator",
        "kind",
        "answers",
        "revision",
        "created_at",
        "active_seconds",
        "aids",
    }
    assert all(set(row) == keys for row in everything["results"])


def test_pages_follow_each_other_by_id(anna: Caller, boss: Caller, campaign: Campaign) -> None:
    for _ in range(3):
        anna("put", f"assignments/{claimed(anna)['id']}/annotation/", {"answers": A})
    seen: list[str] = []
    url = "campaigns/pairs/annotations/?limit=2"
    while url:
        page = boss("get", url).json()
        seen += [row["item"] for row in page["results"]]
        url = page["next"]
    assert seen == ["r0", "r1", "r2"]
    assert boss("get", f"campaigns/pairs/annotations/?after={10**17}").json() == {"results": [], "next": None}


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=1001", "limit=x", "after=-1", "after=1.5", f"after={10**18}", "limit="]
)
def test_a_wrong_page_is_refused(boss: Caller, campaign: Campaign, query: str) -> None:
    assert boss("get", f"campaigns/pairs/annotations/?{query}").status_code == 422
