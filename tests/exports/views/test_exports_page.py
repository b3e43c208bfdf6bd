import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from annotate.models import Campaign, User
from exports.build import start_export
from exports.models import Export
from tests.exports.voted import make_export, voted, voted_item, work_on
from tests.factories import RATING_EACH, import_rows, make_campaign, pair_rows

pytestmark = pytest.mark.django_db(transaction=True)
HTMX = {"HX-Request": "true"}
URL = "/campaigns/voted/exports/"
FORM = {"format": "reward", "file_type": "parquet", "annotators": "all", "minimum": "1", "shape": "auto"}


@pytest.fixture
def campaign(researcher: User) -> Campaign:
    return voted(researcher, [voted_item("r1", "a"), voted_item("r2", "a b"), voted_item("r3", "", "b")])


def page(browser: Client, url: str = URL, **headers: str) -> str:
    answer = browser.get(url, headers=headers or None)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().replace("\u00a0", " ").split())


def test_the_page_offers_the_formats_with_a_sentence_each(browser: Client, campaign: Campaign) -> None:
    text = page(browser)
    assert "No export yet" in text
    for sentence in ("for DPO, IPO, ORPO, CPO and SimPO in TRL", "Judges count only for pairs that no person"):
        assert sentence in text
    assert 'name="questions" value="overall" checked' in text


def test_an_export_is_made_from_the_form_and_downloaded(browser: Client, campaign: Campaign) -> None:
    assert browser.post(URL, FORM)["Location"] == URL
    export = Export.objects.get()
    assert (export.format, export.file_type, export.options["annotators"]) == ("reward", "parquet", "all")
    assert f'hx-get="/exports/{export.pk}/" hx-trigger="every 2s"' in page(browser)
    work_on(export)
    card = page(browser, f"/exports/{export.pk}/", **HTMX)
    assert "hx-trigger" not in card
    assert "<b>2</b> of 3 compared pairs" in card
    assert "1 tied: no side has more votes" in card
    assert export.manifest["content_sha256"] in card
    file = browser.get(f"/exports/{export.pk}/download/")
    assert b"".join(file.streaming_content)[:4] == b"PAR1"  # type: ignore[attr-defined]
    manifest = browser.get(f"/exports/{export.pk}/manifest/")
    assert json.loads(b"".join(manifest.streaming_content)) == export.manifest  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"format": ""}, "Format: there are canonical, preference, reward"),
        ({"minimum": "many"}, "Annotations a pair needs: must be a whole number from 1 to 1000"),
        ({"questions": ["style"]}, "Questions: must be a list of pairwise questions: overall"),
        ({"shape": "xml"}, "Shape: must be auto, text or messages"),
    ],
)
def test_a_form_that_fails_says_why_and_keeps_what_was_chosen(
    browser: Client, campaign: Campaign, change: dict[str, object], message: str
) -> None:
    answer = browser.post(URL, FORM | change)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert message in text
    assert 'name="file_type" value="parquet" checked' in text
    assert not Export.objects.exists()


def test_an_export_is_cancelled_by_its_button(browser: Client, campaign: Campaign) -> None:
    export = start_export(campaign, None, "preference", "jsonl", {}, send=False)
    assert browser.post(f"/exports/{export.pk}/cancel/")["Location"] == URL
    assert Export.objects.get().state == "cancelled"
    browser.post(f"/exports/{export.pk}/cancel/")
    assert "this job has ended already" in page(browser)


def test_an_export_that_no_worker_takes_says_so(browser: Client, campaign: Campaign) -> None:
    export = start_export(campaign, None, "preference", "jsonl", {}, send=False)
    assert "Waiting for a worker" not in page(browser)
    Export.objects.update(created_at=timezone.now() - timedelta(seconds=11))
    assert "Waiting for a worker" in page(browser, f"/exports/{export.pk}/", **HTMX)


def test_an_export_without_rows_says_why(browser: Client, researcher: User) -> None:
    make_export(voted(researcher, [voted_item("r1")]))
    assert "nothing has been compared yet" in page(browser)
    make_export(voted(researcher, [voted_item("r1", "=")], "ties"))
    assert "every pair was dropped" in page(browser, "/campaigns/ties/exports/")


def test_a_campaign_that_compares_nothing_exports_everything_and_says_what_is_missing(
    browser: Client, researcher: User
) -> None:
    campaign = make_campaign(researcher, "voted", [RATING_EACH])
    import_rows(campaign, pair_rows(2))
    text = page(browser)
    assert "For preference datasets a pairwise question is missing" in text
    assert 'name="format" value="canonical" checked' in text
    assert "Whose answers" not in text
    assert browser.post(URL, {"format": "canonical", "file_type": "jsonl"})["Location"] == URL
    work_on(Export.objects.get())
    assert "<b>2</b> items with 0 annotations" in page(browser)


def test_the_options_of_pairs_do_not_stand_in_the_way_of_everything(browser: Client, campaign: Campaign) -> None:
    browser.post(URL, FORM | {"format": "canonical", "file_type": "jsonl"})
    export = Export.objects.get()
    work_on(export)
    assert export.options == {}
    card = page(browser, f"/exports/{export.pk}/", **HTMX)
    assert "<b>3</b> items with 4 annotations" in card
    assert "all answers, of people and judges" in card
    refused = browser.post(URL, FORM | {"format": "canonical"})
    assert refused.status_code == 422
    assert "File type: must be jsonl for the format canonical" in refused.content.decode()


def test_before_it_is_done_there_is_nothing_to_download(browser: Client, campaign: Campaign) -> None:
    export = start_export(campaign, None, "preference", "jsonl", {}, send=False)
    for part in ("download", "manifest"):
        answer = browser.get(f"/exports/{export.pk}/{part}/")
        assert answer.status_code == 409
        assert "it can be downloaded when it is done" in answer.content.decode()


def test_somebody_elses_export_is_not_there(client: Client, campaign: Campaign, annotator: User) -> None:
    export = make_export(campaign)
    client.force_login(annotator)
    for part in ("", "download/", "manifest/"):
        assert client.get(f"/exports/{export.pk}/{part}").status_code == 404
    assert client.post(f"/exports/{export.pk}/cancel/").status_code == 404
    assert client.get(URL).status_code == 404
    assert client.post(URL, FORM).status_code == 404
