"""What an import says of rows that went in; and what a file of a known kind makes of a new campaign."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from rest_framework.test import APIClient

from annotate.importing.run import keep_upload
from annotate.models import Campaign, ImportJob, Mark, User
from tests.annotate.importing.mapping.test_spans import FINE, HALU
from tests.annotate.views.pages import signed_in, text_of, upload
from tests.annotate.views.test_imports import lines, run, sent
from tests.factories import import_file

pytestmark = pytest.mark.django_db

BAD = {**HALU, "source_file": "bad.txt", "ans_preference": "Neither"}


def dropped(user: User, *rows: dict[str, Any], name: str = "rows.jsonl") -> ImportJob:
    """The job of a campaign that was made by dropping the rows and accepting what is proposed."""
    client = signed_in(user)
    confirm = sent(client, upload(lines(*rows), name), address="/start/")
    point = client.get(confirm).context["point"].name
    client.post(confirm, {"name": "Mine", "point": point, "start": "1"})
    return run(ImportJob.objects.latest("pk"))


def test_a_file_of_a_known_kind_proposes_questions_for_all_it_holds(researcher: User) -> None:
    client = signed_in(researcher)
    context = client.get(sent(client, upload(lines(FINE)), address="/start/")).context
    assert (context["choice"].mapping.name, context["point"].name) == ("fine_grained", "file")
    assert context["choice"].options == {"spans": "errors", "correction": "correction", "preference": "preference"}
    job = dropped(researcher, FINE)
    assert (job.done, job.rejected) == (1, 0), list(job.errors.values())
    assert list(job.campaign.current.questions.values_list("name", "kind")) == [
        ("errors", "span"),
        ("correction", "text"),
        ("preference", "pairwise"),
    ]
    assert Mark.objects.count() == 3
    assert job.campaign.annotations.count() == 7


def test_another_start_can_be_chosen_instead(researcher: User) -> None:
    client = signed_in(researcher)
    confirm = sent(client, upload(lines(FINE)), address="/start/")
    assert client.post(confirm, {"name": "Mine", "point": "compare"}).context["point"].name == "compare"
    page = text_of(client.get(confirm))
    assert "The questions of Fine-Grained RLHF, so that every label goes in." in page


def test_warnings_are_listed_beside_errors(researcher: User, api: APIClient) -> None:
    job = dropped(researcher, HALU, BAD)
    assert (job.state, job.done, job.rejected) == ("done", 1, 1)
    api.force_authenticate(researcher)
    said = api.get(f"/api/v1/imports/{job.pk}/").json()
    assert [(one["row"], one["field"]) for one in said["errors"]] == [(2, "ans_preference")]
    assert [(one["row"], one["field"]) for one in said["warnings"]] == [
        (1, "factuality_span"),
        (1, "incomplete_ans_span"),
    ]
    client = signed_in(researcher)
    page = text_of(client.get(f"/imports/{job.pk}/"))
    assert "1 row imported, 1 rejected" in page
    assert "Went in, with a remark" in page
    assert "found by likeness (100 of 100)" in page
    errors, warnings = (
        b"".join(client.get(f"/imports/{job.pk}/errors.csv{query}").streaming_content).decode().splitlines()  # type: ignore[attr-defined]
        for query in ("", "?warnings=1")
    )
    assert (len(errors), len(warnings)) == (1 + 1, 1 + 2)
    assert "is not in the text and is kept without a place" in warnings[2]


def test_rows_refused_on_writing_have_no_warnings(researcher: User) -> None:
    campaign = dropped(researcher, HALU).campaign
    changed = {**HALU, "ans1_text": "Because it is. Like a cat!"}
    path = keep_upload([json.dumps(changed).encode()], "r.jsonl")
    job = import_file(campaign, path, mapping_name="haluquestqa")
    assert (job.rejected, job.remarks.count()) == (1, 0)
    assert job.rejections.get().field == "key"


def test_the_command_counts_warnings(researcher: User, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    campaign: Campaign = dropped(researcher, FINE).campaign
    assert campaign.slug == "mine"
    dropped(researcher, HALU)
    (tmp_path / "more.jsonl").write_bytes(lines({**HALU, "source_file": "z.txt"}))
    call_command("import_items", "mine-2", str(tmp_path / "more.jsonl"))
    assert "warnings: 2" in capsys.readouterr().out


def test_columns_that_look_like_labels_are_said_to_become_metadata(researcher: User) -> None:
    client = signed_in(researcher)
    row = {"prompt": "p", "response_1": "x", "response_2": "y", "topic": "t"}
    for row_given, said in (({**row, "winner_label": 1}, True), (row, False)):
        page = text_of(client.get(sent(client, upload(lines(row_given)), address="/start/")))
        assert ("winner_label looks like labels" in page) is said
        assert ("kept as metadata of each item and do not become answers" in page) is said
