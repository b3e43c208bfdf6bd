"""Everything out, and in again."""

import json
from datetime import datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from rest_framework.test import APIClient

from annotate.frames import Frames
from annotate.models import Annotation, Annotator, Assignment, Item, User
from annotate.parking import withdraw
from exports.models import Export
from tests.exports.voted import make_export, rows_of, voted, voted_item, work_on
from tests.exports.whole import contents, copied
from tests.factories import PAIRWISE_PAIR, RATING_EACH, import_rows, make_campaign, person

pytestmark = pytest.mark.django_db(transaction=True)

ROW: dict[str, Any] = {
    "key": "r1",
    "prompt": [{"role": "user", "content": "Zoë 👩🏽‍🚀\r\nsays שלום"}],
    "completions": [
        {"key": "x", "text": "One", "model": "m1", "metadata": {"step": 3}},
        {"key": "y", "messages": [{"role": "assistant", "content": "Two"}], "prompt": "Its own"},
        {"text": ""},
    ],
    "context": [{"title": "T", "sentences": ["First.", "Second."]}, {"sentences": ["Third."]}],
    "reference": "R",
    "tools": [{"name": "t"}],
    "points": [{"key": "p", "text": "Is it so?"}],
    "metadata": {"topic": ["a", 1.5, None]},
    "gold": {"answers": {"score": {"x": 5}}},
    "annotations": [
        {
            "annotator": "anna",
            "kind": "human",
            "answers": {"better": {"preferred": None}},
            "shown": ["y", "x"],
            "created_at": "2026-01-02T03:04:05.678901+00:00",
            "active_seconds": 12.5,
            "revision": 3,
            "aids": {"differences": 2},
        },
        {"annotator": "anna", "kind": "human", "answers": {"score": {"c": 7}}, "round": 2},
        {
            "annotator": "gpt",
            "kind": "judge",
            "answers": {"better": {"preferred": "x"}},
            "shown": ["x", "y"],
            "probabilities": {"better": {"x": 0.75}},
        },
    ],
}
QUESTIONS = [RATING_EACH, PAIRWISE_PAIR]


def test_an_export_imported_again_gives_an_equal_campaign(researcher: User) -> None:
    campaign = make_campaign(researcher, "first", QUESTIONS, overlap=2, spacing=3, guidelines="Be fair.")
    job = import_rows(campaign, [ROW, {**ROW, "key": "r2", "annotations": [], "gold": None}])
    assert job.done == 2, list(job.errors.values())
    withdraw(Item.objects.get(key="r2"))
    export = make_export(campaign, "canonical")
    again = copied(export, researcher)
    assert contents(again) == contents(campaign)
    second = make_export(again, "canonical")
    assert second.manifest["content_sha256"] == export.manifest["content_sha256"]


def test_what_was_asked_again_stays_beside_the_base_design(researcher: User) -> None:
    again = {"annotator": "bob", "kind": "human", "answers": {"score": {"x": 3}}, "purpose": "again"}
    repeat = {"annotator": "anna", "kind": "human", "answers": {"score": {"x": 2}}, "round": 1, "purpose": "repeat"}
    base = {"annotator": "anna", "kind": "human", "answers": {"score": {"x": 1}}}
    campaign = make_campaign(researcher, "first", QUESTIONS, overlap=2)
    job = import_rows(campaign, [{**ROW, "annotations": [again, repeat, base]}])
    assert job.done == 1, list(job.errors.values())
    rows = Assignment.objects.filter(campaign=campaign, unit__keys=["x"]).order_by("slot")
    assert list(rows.values_list("slot", "purpose", "state")) == [
        (0, "", "done"),
        (1, "", "open"),
        (2, "again", "done"),
        (None, "repeat", "done"),
    ]
    later = {**again, "annotator": "cleo"}
    assert import_rows(campaign, [{**ROW, "annotations": [later]}]).rejected == 0
    assert set(rows.filter(purpose="again").values_list("slot", flat=True)) == {2, 3}
    assert Frames(campaign).scores("score").base.tolist().count(True) == 1
    assert contents(copied(make_export(campaign, "canonical"), researcher)) == contents(campaign)


def test_an_item_without_a_key_of_its_own_keeps_the_one_it_was_given(researcher: User) -> None:
    row = {name: value for name, value in ROW.items() if name not in ("key", "gold", "annotations")}
    campaign = make_campaign(researcher, "first", QUESTIONS)
    import_rows(campaign, [row])
    again = copied(make_export(campaign, "canonical"), researcher)
    assert contents(again) == contents(campaign)
    assert import_rows(again, [row]).repeated == 1


def test_the_manifest_says_what_was_asked_and_how_much_there_is(researcher: User) -> None:
    campaign = make_campaign(researcher, "first", QUESTIONS, overlap=2)
    import_rows(campaign, [ROW])
    manifest = make_export(campaign, "canonical").manifest
    assert (manifest["items"], manifest["rows"], manifest["annotations"], manifest["dropped"]) == (1, 1, 3, {})
    assert [question["name"] for question in manifest["definition"]["questions"]] == ["score", "better"]
    assert "pairs" not in manifest


def test_two_people_of_one_name_stay_two(researcher: User, annotator: User) -> None:
    campaign = voted(researcher, [voted_item("r1", "a"), voted_item("r2", "a")])
    Annotator.objects.filter(campaign=campaign, name="human0").update(name=annotator.username)
    Annotation.objects.filter(unit__item__key="r2").update(annotator=person(annotator))
    names = [row["annotations"][0]["annotator"] for row in rows_of(make_export(campaign, "canonical"))]
    assert sorted(names) == ["anna", f"anna #{max(Annotator.objects.filter(name='anna').values_list('pk', flat=True))}"]


def test_a_name_made_unique_is_nobody_elses(researcher: User, annotator: User) -> None:
    campaign = voted(researcher, [voted_item("r1", "a"), voted_item("r2", "a"), voted_item("r3", "a b")])
    first, second = Annotator.objects.filter(campaign=campaign, kind="human").order_by("pk")
    here = person(annotator)
    first.name, second.name = "anna", f"anna #{max(first.pk, here.pk)}"
    first.save()
    second.save()
    Annotation.objects.filter(unit__item__key="r2").update(annotator=here)
    rows = rows_of(make_export(campaign, "canonical"))
    names = {one["annotator"] for row in rows for one in row["annotations"]}
    assert len(names) == 3, names


def test_the_api_and_the_command_write_it_too(researcher: User, api: APIClient, tmp_path: Path) -> None:
    campaign = voted(researcher, [voted_item("r1", "a b")])
    api.force_authenticate(researcher)
    asked = api.post("/api/v1/campaigns/voted/exports/", {"format": "canonical"}, format="json")
    assert asked.status_code == 202
    work_on(Export.objects.get())
    out = tmp_path / "all.jsonl"
    call_command("export", "voted", "--format", "canonical", "--out", str(out), stdout=StringIO())
    [row] = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert row == rows_of(Export.objects.order_by("pk")[0])[0]
    assert [one["answers"] for one in row["annotations"]] == [
        {"overall": {"preferred": "a"}},
        {"overall": {"preferred": "b"}},
    ]
    assert datetime.fromisoformat(row["annotations"][0]["created_at"]).tzinfo
    refused = api.post(
        "/api/v1/campaigns/voted/exports/", {"format": "canonical", "options": {"minimum": 2}}, format="json"
    )
    assert (refused.status_code, list(refused.json()["fields"])) == (422, ["options.minimum"])
    assert campaign.exports.count() == 2
