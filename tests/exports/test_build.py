import hashlib
import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from annotate import jobs
from annotate.models import Campaign, User
from exports.build import run_export, start_export
from exports.models import Export
from tests.exports.voted import make_export, rows_of, voted, voted_item, work_on
from tests.factories import import_rows

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def campaign(researcher: User) -> Campaign:
    items = [voted_item("r1", "a"), voted_item("r2", "a b"), voted_item("r3", "!", "b"), voted_item("r4", "", "b")]
    return voted(researcher, items)


def test_the_manifest_accounts_for_every_pair(campaign: Campaign) -> None:
    export = make_export(campaign)
    manifest = export.manifest
    assert (manifest["pairs"], manifest["rows"]) == (4, 2)
    assert manifest["dropped"] == {"both_bad": 1, "tie": 1}
    assert (manifest["annotations"], manifest["judge_share"]) == (2, 0.5)
    assert manifest["options"]["shape"] == "text"
    assert manifest["campaign"] == {"slug": "voted", "name": "voted", "version": 1}
    assert (export.done, export.total) == (2, 2)
    assert json.loads(Path(export.path).with_name("manifest.json").read_text()) == manifest


def test_the_hashes_are_those_of_the_file(campaign: Campaign) -> None:
    export = make_export(campaign)
    [file] = export.manifest["files"]
    content = Path(export.path).read_bytes()
    assert file == {
        "name": "voted-preference.jsonl",
        "sha256": hashlib.sha256(content).hexdigest(),
        "bytes": len(content),
    }
    assert export.manifest["content_sha256"] == file["sha256"]


@pytest.mark.parametrize("format", ["preference", "reward"])
def test_both_file_types_hold_the_same_content(campaign: Campaign, format: str) -> None:
    lines, table = make_export(campaign, format), make_export(campaign, format, "parquet")
    assert rows_of(lines) == rows_of(table)
    assert lines.manifest["content_sha256"] == table.manifest["content_sha256"]
    assert lines.manifest["files"][0]["sha256"] != table.manifest["files"][0]["sha256"]


def test_the_same_state_gives_the_same_content_and_another_state_another(campaign: Campaign) -> None:
    first, again = make_export(campaign), make_export(campaign)
    assert first.manifest["content_sha256"] == again.manifest["content_sha256"]
    assert first.path != again.path
    import_rows(campaign, [voted_item("r5", "a")])
    assert make_export(campaign).manifest["content_sha256"] != first.manifest["content_sha256"]


@pytest.mark.parametrize("file_type", ["jsonl", "parquet"])
def test_a_campaign_without_answers_gives_an_empty_file(researcher: User, file_type: str) -> None:
    export = make_export(voted(researcher, [voted_item("r1")]), file_type=file_type)
    assert rows_of(export) == []
    assert (export.manifest["pairs"], export.manifest["judge_share"]) == (0, None)


def test_many_pairs_go_through_in_batches(researcher: User) -> None:
    """More pairs than are read at once, and every one is decided by its own votes."""
    items = [voted_item(f"r{i}", "a" if i % 2 else "b") for i in range(1201)]
    export = make_export(voted(researcher, items))
    rows = rows_of(export)
    assert len(rows) == 1201
    assert all(row["chosen"] == f"{row['item']} says {'a' if int(row['item'][1:]) % 2 else 'b'}" for row in rows)


def test_a_job_that_is_delivered_twice_is_done_once(campaign: Campaign) -> None:
    export = make_export(campaign)
    before, path = export.manifest, export.path
    import_rows(campaign, [voted_item("r5", "a")])
    work_on(export)
    assert (export.manifest, export.path) == (before, path)
    assert len(rows_of(export)) == 2


def test_a_cancelled_export_is_not_made(campaign: Campaign) -> None:
    export = start_export(campaign, None, "preference", "jsonl", {}, send=False)
    jobs.cancel(export)
    work_on(export)
    assert (export.state, export.path, export.manifest) == ("cancelled", "", {})


def test_an_export_cancelled_on_its_way_leaves_no_file(campaign: Campaign) -> None:
    export = start_export(campaign, None, "preference", "jsonl", {}, send=False)

    def cancel_and_work(job: Export, handle: jobs.Handle) -> None:
        jobs.cancel(Export.objects.get(pk=job.pk))
        run_export(job, handle)

    jobs.run(Export, export.pk, cancel_and_work)
    export.refresh_from_db()
    assert (export.state, export.path, export.manifest) == ("cancelled", "", {})
    assert not list(Path(settings.EXPORTS).rglob("*.jsonl"))


def test_an_export_whose_process_died_is_made_anew(campaign: Campaign) -> None:
    export = start_export(campaign, None, "preference", "jsonl", {}, send=False)
    silent = timezone.now() - timedelta(minutes=1)
    Export.objects.filter(pk=export.pk).update(state="running", token="dead", heartbeat=silent)
    work_on(export)
    assert len(rows_of(export)) == 2


def test_a_process_thought_dead_cannot_disturb_its_successor(campaign: Campaign) -> None:
    export = start_export(campaign, None, "preference", "jsonl", {}, send=False)
    Export.objects.filter(pk=export.pk).update(state="running", token="dead", heartbeat=timezone.now())
    stale = jobs.Handle(export, "dead")
    Export.objects.filter(pk=export.pk).update(heartbeat=timezone.now() - timedelta(minutes=1))
    work_on(export)
    content, manifest = Path(export.path).read_bytes(), Path(export.path).with_name("manifest.json").read_bytes()
    import_rows(campaign, [voted_item("r5", "a")])
    with pytest.raises(jobs.Stopped):
        run_export(export, stale)
    folder = Path(export.path).parent
    assert (Path(export.path).read_bytes(), (folder / "manifest.json").read_bytes()) == (content, manifest)
    assert [path.name for path in folder.parent.iterdir()] == [folder.name]


def test_what_a_dead_process_left_is_cleared_away(campaign: Campaign) -> None:
    export = start_export(campaign, None, "preference", "jsonl", {}, send=False)
    left = Path(settings.EXPORTS) / str(export.pk) / "dead"
    left.mkdir(parents=True)
    (left / "half.jsonl").write_text("{")
    work_on(export)
    assert not left.exists()
