"""The import job: files, errors, interruptions."""

import json
import threading
from pathlib import Path

import pytest
from django.db import connection
from pytest_django import Settings

from annotate import jobs
from annotate.errors import Invalid, WrongState
from annotate.importing import run as importing
from annotate.importing.mapping import mapping
from annotate.importing.run import keep_upload, run_import, start_import
from annotate.models import Assignment, Campaign, ImportJob, Item, Job, Unit, User
from tests.annotate.importing.mapping.test_spans import HALU
from tests.factories import import_file, import_rows, make_campaign, pair_rows

pytestmark = pytest.mark.django_db


def queued(campaign: Campaign, count: int, extra: bytes = b"") -> ImportJob:
    lines = "\n".join(json.dumps(row) for row in pair_rows(count)).encode()
    return start_import(campaign, None, keep_upload([lines, extra], "r.jsonl"), "r.jsonl", send=False)


def finish(job: ImportJob) -> ImportJob:
    jobs.run(ImportJob, job.pk, run_import)
    job.refresh_from_db()
    return job


def test_good_rows_go_in_and_each_bad_one_has_an_error(researcher: User) -> None:
    good = pair_rows(3)
    rows = [good[0], {"prompt": "none"}, 3, good[1], {**good[2], "prompt": 5}, {"prompt": "p", "completons": []}]
    job = import_rows(make_campaign(researcher), rows)
    assert (job.state, job.total, job.done, job.rejected) == ("done", 6, 2, 4)
    assert list(job.errors.values_list("row", "field")) == [
        (2, "completions"),
        (3, ""),
        (5, "prompt"),
        (6, "completons"),
    ]
    assert "did you mean `completions`" in job.errors.get(row=6).message


@pytest.mark.parametrize("span", ["a\\x00b", "\\ud800"], ids=["nul", "surrogate"])
def test_what_a_mapping_makes_and_the_database_cannot_keep_is_an_error_of_its_row(researcher: User, span: str) -> None:
    bad = HALU | {"source_file": "bad.txt", "factuality_span": f"['{span}']", "factuality_label": "['answer1']"}
    questions = mapping("haluquestqa").proposes({})
    campaign = make_campaign(researcher, questions=list(questions or ()))
    job = import_rows(campaign, [bad, HALU], mapping_name="haluquestqa")
    assert (job.state, job.done, job.rejected) == (Job.State.DONE, 1, 1), job.error
    error = job.errors.get(kept=False)
    assert error.field.startswith("annotations[0].answers.errors.a[0].quote")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_file_in_another_encoding_is_read(researcher: User, tmp_path: Path, encoding: str) -> None:
    said = "Schöne Grüße aus Köln und Münster, „überall“ schön"
    path = tmp_path / "rows.jsonl"
    path.write_bytes(json.dumps({**pair_rows(1)[0], "context": said}, ensure_ascii=False).encode(encoding))
    job = import_file(make_campaign(researcher), path)
    assert (job.state, job.done) == ("done", 1)
    assert Item.objects.get().context == said


@pytest.mark.parametrize(
    ("content", "name"), [(b"[]", "x.json"), (b"\n\n", "x.jsonl"), (b"prompt,completions\n", "x.csv")]
)
def test_a_file_without_rows_fails_saying_so(researcher: User, content: bytes, name: str) -> None:
    job = import_file(make_campaign(researcher), keep_upload([content], name))
    assert job.state == "failed"
    assert "row" in job.error or "empty" in job.error


def test_an_empty_upload_is_refused_and_leaves_no_file(settings: Settings) -> None:
    with pytest.raises(Invalid, match="the file is empty"):
        keep_upload([], "x.jsonl")
    settings.MAX_UPLOAD_BYTES = 3
    with pytest.raises(Invalid, match="larger than 0 MB"):
        keep_upload([b"12", b"34"], "x.jsonl")
    assert not list(settings.UPLOADS.iterdir())


def test_an_unknown_mapping_is_refused(researcher: User, tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="did you mean crosscheck"):
        start_import(make_campaign(researcher), None, tmp_path, "x", send=False, mapping_name="croscheck")


def test_a_job_killed_between_batches_goes_on_without_loss_or_doubling(
    researcher: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "FIRST_BATCH", 10)
    monkeypatch.setattr(importing, "BATCH", 25)
    job = queued(make_campaign(researcher, overlap=2), 100, b'\n{"prompt": 1}\n')
    commit, committed = importing._commit, list[int]()

    def dies_after_three(*args: object) -> None:
        if len(committed) == 3:
            raise KeyboardInterrupt  # as good as a kill: nothing tidies up after it
        commit(*args)  # type: ignore[arg-type]
        committed.append(1)

    with monkeypatch.context() as patched:
        patched.setattr(importing, "_commit", dies_after_three)
        with pytest.raises(KeyboardInterrupt):
            jobs.run(ImportJob, job.pk, run_import)
    job.refresh_from_db()
    assert (job.state, job.done, job.position) == ("running", 60, 60)
    assert Item.objects.count() == 60

    finish(job)
    assert job.state == "running", "a job whose process spoke a moment ago is not taken over"
    ImportJob.objects.update(heartbeat="2020-01-01T00:00:00Z")
    finish(job)
    assert (job.state, job.done, job.rejected, job.total, job.repeated) == ("done", 100, 1, 101, 0)
    assert (Item.objects.count(), Unit.objects.count(), Assignment.objects.count()) == (100, 100, 200)


def test_a_cancelled_import_stops_and_keeps_what_is_in(researcher: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "FIRST_BATCH", 10)
    job = queued(make_campaign(researcher), 30)
    commit = importing._commit

    def cancels_meanwhile(*args: object) -> None:
        commit(*args)  # type: ignore[arg-type]
        if not Job.ENDED.count(ImportJob.objects.get().state):
            jobs.cancel(ImportJob.objects.get())

    monkeypatch.setattr(importing, "_commit", cancels_meanwhile)
    finish(job)
    assert (job.state, job.done) == ("cancelled", 10)
    assert Item.objects.count() == 10
    with pytest.raises(WrongState, match="ended already"):
        jobs.cancel(job)


@pytest.mark.django_db(transaction=True)
def test_two_imports_at_the_same_time_meet_in_equal_rows(researcher: User) -> None:
    campaign = make_campaign(researcher)
    both = [queued(campaign, 300), queued(campaign, 300)]

    def work(job: ImportJob) -> None:
        jobs.run(ImportJob, job.pk, run_import)
        connection.close()

    threads = [threading.Thread(target=work, args=(job,)) for job in both]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for job in both:
        job.refresh_from_db()
    assert [(job.state, job.done, job.rejected) for job in both] == [("done", 300, 0)] * 2
    assert sum(job.repeated for job in both) == 300
    assert (Item.objects.count(), Assignment.objects.count()) == (300, 300)


def test_a_name_that_cannot_be_stored_is_made_storable(researcher: User, tmp_path: Path) -> None:
    job = start_import(make_campaign(researcher), None, tmp_path, "a\0b\udce9.jsonl" + "x" * 300, send=False)
    job.refresh_from_db()
    assert job.name.startswith("ab?.jsonl")
    assert len(job.name) == 255
