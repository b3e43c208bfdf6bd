import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client
from django.utils import timezone

from annotate import jobs
from annotate.importing.run import run_import
from annotate.models import Annotation, ImportJob, User
from tests.annotate.views.pages import HTMX, signed_in, text_of, upload
from tests.factories import PAIRWISE_PAIR, RATING_EACH, import_rows, make_campaign, make_user, pair_rows

pytestmark = pytest.mark.django_db
IMPORT = "/campaigns/pairs/import/"


def lines(*rows: Any) -> bytes:
    return "\n".join(json.dumps(row) for row in rows).encode()


def sent(client: Client, *files: Any, address: str = IMPORT) -> str:
    """Uploads and returns the address of the confirm page."""
    answer = client.post(address, {"file": list(files)})
    assert answer.status_code == 302, text_of(answer)
    return str(answer.headers["Location"])


def run(job: ImportJob) -> ImportJob:
    jobs.run(ImportJob, job.pk, run_import)
    job.refresh_from_db()
    return job


def test_a_file_is_looked_at_confirmed_and_imported(researcher: User) -> None:
    campaign = make_campaign(researcher)
    client = signed_in(researcher)
    confirm = sent(client, upload(lines(*pair_rows(3))))
    page = text_of(client.get(confirm))
    assert "Question 0?" in page
    assert "Answer b to 0" in page
    assert not campaign.items.exists()
    answer = client.post(confirm, {"start": "1"})
    job = run(ImportJob.objects.get())
    assert answer.headers["Location"] == f"/imports/{job.pk}/"
    assert (job.state, job.done, campaign.items.count()) == ("done", 3, 3)
    assert client.get(confirm).headers["Location"] == answer.headers["Location"]


def test_the_same_file_again_is_said_to_bring_nothing(researcher: User) -> None:
    make_campaign(researcher)
    client = signed_in(researcher)
    said = []
    for _ in range(2):
        client.post(sent(client, upload(lines(*pair_rows(3)))), {"start": "1"})
        said.append(text_of(client.get(f"/imports/{run(ImportJob.objects.latest('pk')).pk}/")))
    assert "3 rows imported" in said[0]
    assert "Nothing new" not in said[0]
    assert "Nothing new: all good rows were there already" in said[1]


def test_columns_are_guessed_and_can_be_chosen(researcher: User) -> None:
    campaign = make_campaign(researcher)
    client = signed_in(researcher)
    csv = b"ask,left,right,note\nWhy is that so?,Because of this.,Because of that.,extra text here\n"
    confirm = sent(client, upload(csv, "answers.csv"))
    choice = {
        "main": "0",
        "main_was": "0",
        "mapping": "columns",
        "mapping_was": "columns",
        "o-prompt": ["ask"],
        "o-completions": ["left", "right"],
        "o-context": "note",
    }
    fragment = text_of(client.post(confirm, choice, headers=HTMX))
    assert "<html" not in fragment
    assert "Because of that." in fragment
    assert 'value="left" checked' in fragment
    client.post(confirm, choice | {"start": "1"})
    run(ImportJob.objects.get())
    item = campaign.items.get()
    assert (item.prompt, item.context) == ("Why is that so?", "extra text here")


def test_another_mapping_starts_from_its_own_guess(researcher: User) -> None:
    make_campaign(researcher)
    client = signed_in(researcher)
    confirm = sent(client, upload(lines({"prompt": "p", "chosen": "yes, this", "rejected": "no, that"})))
    assert client.get(confirm).context["choice"].mapping.name == "trl_preference"
    answer = client.post(confirm, {"main": "0", "main_was": "0", "mapping": "columns", "mapping_was": "trl_preference"})
    assert answer.context["choice"].options["completions"] == ["chosen", "rejected"]


def test_rows_that_do_not_fit_the_campaign_are_said_before_anything_is_imported(researcher: User) -> None:
    make_campaign(researcher)
    client = signed_in(researcher)
    confirm = sent(client, upload(lines(*pair_rows(2, completions=3))))
    assert "needs exactly two completions, not 3" in text_of(client.get(confirm))
    answer = client.post(confirm, {"start": "1"})
    assert answer.status_code == 422
    assert not ImportJob.objects.exists()


def test_the_two_files_of_a_mapping_go_in_together(researcher: User, shared_data: Path) -> None:
    campaign = make_campaign(researcher, questions=[{**RATING_EACH, "name": "quality"}, PAIRWISE_PAIR])
    client = signed_in(researcher)
    folder = shared_data / "sparse_feedback"
    files = [upload((folder / name).read_bytes(), name) for name in ("ratings.csv", "rankings.csv")]
    confirm = sent(client, *files)
    choice = client.get(confirm).context["choice"]
    assert (choice.file.name, choice.mapping.name) == ("rankings.csv", "sparse_feedback")
    assert choice.companions == {"ratings": 0}
    assert (choice.options["rating"], choice.options["preference"]) == ("quality", "better")
    assert len(choice.tried.item.annotations) == 3
    client.post(confirm, {"start": "1"})
    job = run(ImportJob.objects.get())
    assert (job.state, job.error) == ("done", "")
    assert Annotation.objects.filter(campaign=campaign).count() > job.done > 100


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"", "a.jsonl", "empty"),
        (b"\x1f\x8b\x08\x00 etc", "a.gz", "compressed with gzip"),
        (b"\xff\xfe\x00\x00\x01\x02" * 40, "a.csv", ""),
        (b"just words", "a.txt", "Nothing tells what type"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_and_not_kept(
    researcher: User, content: bytes, name: str, said: str
) -> None:
    make_campaign(researcher)
    answer = signed_in(researcher).post(IMPORT, {"file": upload(content, name)})
    assert answer.status_code == 422
    assert said in text_of(answer)
    assert not [*django_settings.UPLOADS.glob("*")]


def test_no_file_is_said(researcher: User) -> None:
    make_campaign(researcher)
    answer = signed_in(researcher).post(IMPORT)
    assert answer.status_code == 422
    assert "choose a file" in text_of(answer)


def test_somebody_elses_upload_is_not_reachable(researcher: User) -> None:
    campaign = make_campaign(researcher)
    other = make_user("otto", role="researcher")
    confirm = sent(signed_in(researcher), upload(lines(*pair_rows(1))))
    assert signed_in(other).get(confirm).status_code == 404
    signed_in(researcher).post("/campaigns/pairs/members/", {"user": "otto", "role": "researcher"})
    assert campaign.members.count() == 2
    assert signed_in(other).get(confirm).status_code == 404


def test_an_upload_belongs_to_the_campaign_it_was_made_for(researcher: User) -> None:
    make_campaign(researcher)
    make_campaign(researcher, "others")
    client = signed_in(researcher)
    confirm = sent(client, upload(lines(*pair_rows(1))))
    assert client.get(confirm.replace("pairs", "others")).status_code == 404


def test_a_discarded_upload_is_gone(researcher: User) -> None:
    make_campaign(researcher)
    client = signed_in(researcher)
    confirm = sent(client, upload(lines(*pair_rows(1))))
    assert client.post(confirm, {"discard": "1"}).headers["Location"] == IMPORT
    assert not [*django_settings.UPLOADS.glob("*")]
    assert client.get(confirm).status_code == 404


def test_an_import_is_followed_until_it_ends(researcher: User) -> None:
    make_campaign(researcher)
    client = signed_in(researcher)
    client.post(sent(client, upload(lines(*pair_rows(2)))), {"start": "1"})
    job = ImportJob.objects.get()
    assert 'hx-trigger="every 1s"' in text_of(client.get(f"/imports/{job.pk}/"))
    assert client.get(f"/imports/{job.pk}/", headers=HTMX).status_code == 200
    run(job)
    answer = client.get(f"/imports/{job.pk}/", headers=HTMX)
    assert answer.status_code == 286
    assert "Launch and annotate" in text_of(answer)


def test_a_job_that_nobody_takes_says_that_it_waits_for_a_worker(researcher: User) -> None:
    campaign = make_campaign(researcher)
    job = ImportJob.objects.create(campaign=campaign, name="a", file="a")
    client = signed_in(researcher)
    assert "Starts in a moment" in text_of(client.get(f"/imports/{job.pk}/"))
    ImportJob.objects.update(created_at=timezone.now() - timedelta(seconds=11))
    assert "Waiting for a worker" in text_of(client.get(f"/imports/{job.pk}/"))


def test_rejected_rows_are_listed_and_downloaded(researcher: User) -> None:
    bad = {"prompt": "p", "completions": [{"text": "x"}, {"text": "y"}], "=SUM(A1)": 1}
    job = import_rows(make_campaign(researcher), [*pair_rows(2), bad, {"prompt": "q"}])
    client = signed_in(researcher)
    page = text_of(client.get(f"/imports/{job.pk}/"))
    assert "2 rejected" in page
    assert "completions" in page
    answer = client.get(f"/imports/{job.pk}/errors.csv")
    rows = b"".join(answer.streaming_content).decode().splitlines()  # type: ignore[attr-defined]
    assert rows[0] == "row,field,message"
    assert [row.split(",")[0] for row in rows[1:]] == ["3", "4"]
    assert rows[1].startswith("3,'=SUM(A1),")


def test_an_import_is_cancelled(researcher: User) -> None:
    job = ImportJob.objects.create(campaign=make_campaign(researcher), name="a", file="a")
    client = signed_in(researcher)
    assert client.post(f"/imports/{job.pk}/cancel/").status_code == 302
    job.refresh_from_db()
    assert job.state == "cancelled"
    assert client.post(f"/imports/{job.pk}/cancel/").status_code == 409
