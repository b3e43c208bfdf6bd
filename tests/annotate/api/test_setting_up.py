"""Campaigns, items and members over HTTP, as the contract has it."""

import json
from typing import Any

import pytest
from rest_framework.test import APIClient

from annotate import jobs
from annotate.importing.run import run_import
from annotate.models import Campaign, ImportJob, User
from tests.annotate.api.conftest import Caller
from tests.factories import PAIRWISE, make_user, pair_rows

pytestmark = pytest.mark.django_db

SPEC: dict[str, Any] = {"slug": "fresh", "name": "Fresh", "guidelines": "Pick.", "questions": [PAIRWISE], "overlap": 2}


def finished(boss: Caller, url: str) -> dict[str, Any]:
    """The import behind `url`, run in this process."""
    pk = int(url.rstrip("/").rsplit("/", 1)[1])
    jobs.run(ImportJob, pk, run_import)
    state: dict[str, Any] = boss("get", url).json()
    return state


def test_a_campaign_is_created_and_shown_with_its_progress(boss: Caller) -> None:
    created = boss("post", "campaigns/", SPEC)
    assert created.status_code == 201
    shown = boss("get", "campaigns/fresh/").json()
    assert shown == created.json()
    assert (shown["state"], shown["version"], shown["overlap"], shown["lease_minutes"]) == ("draft", 1, 2, 30)
    assert shown["views"] == [{"name": "all", "shows": "all", "pairs": None}]
    assert shown["questions"][0]["config"] == {"strengths": [], "allow_tie": True, "both_bad": False}
    assert shown["progress"] == dict.fromkeys(shown["progress"], 0)


def test_a_wrong_definition_is_unprocessable_and_a_taken_slug_a_conflict(boss: Caller, anna: Caller) -> None:
    refused = boss("post", "campaigns/", {**SPEC, "overlap": "two", "questions": [{"name": "q", "kind": "pairwize"}]})
    assert refused.status_code == 422
    assert set(refused.json()["fields"]) == {"overlap", "questions[0].kind"}
    assert boss("post", "campaigns/", SPEC).status_code == 201
    assert boss("post", "campaigns/", SPEC).status_code == 409
    assert anna("post", "campaigns/", {**SPEC, "slug": "annas"}).status_code == 403


def test_a_campaign_gets_a_new_version(boss: Caller, campaign: Campaign) -> None:
    changed = boss("put", "campaigns/pairs/", {"questions": [{**PAIRWISE, "title": "Which?"}], "overlap": 2})
    assert (changed.status_code, changed.json()["version"], changed.json()["questions"][0]["title"]) == (
        200,
        2,
        "Which?",
    )
    assert boss("put", "campaigns/pairs/", {"questions": [PAIRWISE], "overlap": 3}).status_code == 409


@pytest.mark.parametrize("lines", [True, False])
def test_items_come_as_an_array_or_as_lines(boss: Caller, lines: bool) -> None:
    boss("post", "campaigns/", SPEC)
    rows = [*pair_rows(3), {"prompt": "no completions"}, {"prompt": 3, "completions": []}]
    body = "\n".join(map(json.dumps, rows)) if lines else json.dumps(rows)
    content_type = "application/x-ndjson" if lines else "application/json"
    accepted = boss("post", "campaigns/fresh/items/", body, format=None, content_type=content_type)
    assert accepted.status_code == 202
    assert set(accepted.json()) == {"id", "url"}
    state = finished(boss, accepted.json()["url"])
    assert (state["state"], state["total"], state["done"], state["rejected"]) == ("done", 5, 3, 2)
    assert [(e["row"], e["field"]) for e in state["errors"]] == [(4, "completions"), (5, "prompt")]
    assert boss("get", "campaigns/fresh/").json()["progress"]["wanted"] == 6


def test_an_empty_body_and_an_unknown_mapping_are_refused(boss: Caller, campaign: Campaign) -> None:
    assert boss("post", "campaigns/pairs/items/").status_code == 422
    refused = boss("post", "campaigns/pairs/items/?mapping=columms", pair_rows(1))
    assert (refused.status_code, list(refused.json()["fields"])) == (422, ["mapping"])
    odd = boss("post", "campaigns/pairs/items/?name=a%00b%FF", pair_rows(1))
    assert (odd.status_code, ImportJob.objects.get(pk=odd.json()["id"]).name) == (202, "ab\ufffd")


def test_an_import_can_be_cancelled_once(boss: Caller, campaign: Campaign) -> None:
    pk = boss("post", "campaigns/pairs/items/", pair_rows(1)).json()["id"]
    assert boss("post", f"imports/{pk}/cancel/").json()["state"] == "cancelled"
    assert boss("post", f"imports/{pk}/cancel/").status_code == 409


def test_members_are_added_and_listed(boss: Caller, campaign: Campaign) -> None:
    make_user("bob")
    added = boss("post", "campaigns/pairs/members/", {"user": "bob", "role": "annotator"})
    assert (added.status_code, added.json()["user"]) == (201, "bob")
    assert [m["user"] for m in boss("get", "campaigns/pairs/members/").json()["results"]] == ["rita", "anna", "bob"]
    for wrong, status in [({"user": "none"}, 404), ({"user": "bob", "role": "x"}, 422), ({}, 404), ({"user": 3}, 404)]:
        assert boss("post", "campaigns/pairs/members/", wrong).status_code == status


def test_a_campaign_is_launched_paused_closed_and_reopened(boss: Caller, campaign: Campaign) -> None:
    for change, state in [
        ("launch", "running"),
        ("pause", "paused"),
        ("launch", "running"),
        ("close", "closed"),
        ("reopen", "running"),
    ]:
        assert boss("post", f"campaigns/pairs/{change}/").json()["state"] == state
    assert boss("post", "campaigns/", SPEC).status_code == 201
    assert boss("post", "campaigns/fresh/launch/").status_code == 409


def test_an_annotator_sees_the_campaign_without_its_progress(anna: Caller, campaign: Campaign) -> None:
    shown = anna("get", "campaigns/pairs/").json()
    assert shown["guidelines"] == "Pick."
    assert "progress" not in shown
    assert [c["slug"] for c in anna("get", "campaigns/").json()["results"]] == ["pairs"]


def test_a_session_works_like_a_token_and_needs_its_csrf_token(researcher: User, campaign: Campaign) -> None:
    client = APIClient(enforce_csrf_checks=True)
    client.force_login(researcher)
    assert client.get("/api/v1/campaigns/pairs/").status_code == 200
    refused = client.post("/api/v1/campaigns/pairs/pause/")
    assert (refused.status_code, set(refused.json())) == (403, {"code", "message", "fields"})
