"""Kinds are found by discovery: a new one is one new file and one template, and works at every door."""

from typing import Any

import pytest
from django.test import Client
from rest_framework.test import APIClient

from annotate.definition import parse_definition
from annotate.errors import Invalid
from annotate.kinds import kind
from annotate.models import Annotation, Score, User
from annotate.records import rebuild_records
from tests.factories import import_rows, make_campaign, pair_rows, running_campaign

LIKELY: dict[str, Any] = {"name": "likely", "kind": "likelihood", "shows": "all", "config": {"step": 10}}


def scores() -> list[tuple[str, float]]:
    return [(score.completion.key, score.value) for score in Score.objects.order_by("pk")]


def test_a_new_kind_defines_questions() -> None:
    definition = parse_definition({"questions": [{**LIKELY, "config": {}}]})
    assert definition.questions[0].config == {"step": 5}
    with pytest.raises(Invalid) as refused:
        parse_definition({"questions": [{**LIKELY, "config": {"step": 3}}]})
    assert refused.value.fields == {"questions[0].config.step": "step must be 1, 5, 10 or 25"}


@pytest.mark.django_db
def test_its_answers_come_along_with_a_file(researcher: User) -> None:
    campaign = make_campaign(researcher, questions=[LIKELY])
    good, bad = pair_rows(2)
    good["annotations"] = [{"annotator": "x", "kind": "human", "answers": {"likely": {"a": 20, "b": 70}}}]
    bad["annotations"] = [{"annotator": "x", "kind": "human", "answers": {"likely": {"a": 20, "b": 75}}}]
    job = import_rows(campaign, [good, bad])
    assert (job.done, job.rejected) == (1, 1)
    assert "likely: completion b: 75 is no likelihood; give 0 to 100 in steps of 10" in job.errors.get().message
    assert scores() == [("a", 0.2), ("b", 0.7)]
    assert rebuild_records(campaign) == 1
    assert scores() == [("a", 0.2), ("b", 0.7)]


@pytest.mark.django_db
def test_it_is_asked_on_the_page_and_through_the_api(
    researcher: User, annotator: User, client: Client, api: APIClient
) -> None:
    running_campaign(researcher, 2, [annotator], questions=[LIKELY])
    client.force_login(annotator)
    page = client.get("/campaigns/pairs/annotate/").content.decode()
    assert 'name="likely.a"' in page
    first = page.partition("/submit/")[0].rpartition("/")[2]
    client.post(f"/assignments/{first}/submit/", {"likely.a": "30", "likely.b": "100"})
    assert Annotation.objects.get().answers == {"likely": {"a": 30, "b": 100}}

    api.force_authenticate(annotator)
    claimed = api.post("/api/v1/campaigns/pairs/claim/", {}, format="json").json()
    assert claimed["questions"][0]["kind"] == "likelihood"
    url = f"/api/v1/assignments/{claimed['id']}/annotation/"
    refused = api.put(url, {"answers": {"likely": {"a": 1}}}, format="json")
    assert (refused.status_code, list(refused.json()["fields"])) == (422, ["likely"])
    assert api.put(url, {"answers": {"likely": {"a": 0, "b": 10}}}, format="json").status_code == 201
    assert scores() == [("a", 0.3), ("b", 1.0), ("a", 0.0), ("b", 0.1)]


def test_an_unknown_kind_names_the_nearest_or_all() -> None:
    with pytest.raises(Invalid, match="did you mean pairwise"):
        kind("pairwize")
    with pytest.raises(Invalid, match="there are checklist, choice, "):
        kind("")
