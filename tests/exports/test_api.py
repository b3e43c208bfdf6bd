import json
from pathlib import Path

import pytest
from rest_framework.test import APIClient

from annotate.campaigns import add_member, annotator_of
from annotate.models import Campaign, Organisation, User
from exports.models import Export
from tests.exports.voted import make_export, voted, voted_item, work_on
from tests.factories import make_user

pytestmark = pytest.mark.django_db(transaction=True)
URL = "/api/v1/campaigns/voted/exports/"
ASK = {"format": "preference", "file_type": "jsonl", "options": {}}


@pytest.fixture
def campaign(researcher: User, api: APIClient) -> Campaign:
    api.force_authenticate(researcher)
    return voted(researcher, [voted_item("r1", "a"), voted_item("r2", "=")])


def test_an_export_is_asked_for_watched_and_downloaded(campaign: Campaign, api: APIClient) -> None:
    asked = api.post(URL, ASK, format="json")
    assert (asked.status_code, asked.json()["state"]) == (202, "queued")
    url = f"/api/v1/exports/{asked.json()['id']}/"
    early = api.get(url + "download/")
    assert (early.status_code, early.json()["code"]) == (409, "wrong_state")
    work_on(Export.objects.get())
    done = api.get(url).json()
    assert (done["state"], done["manifest"]["rows"], done["manifest"]["dropped"]) == ("done", 1, {"tie": 1})
    file = api.get(url + "download/")
    assert "voted-preference.jsonl" in file["Content-Disposition"]
    [line] = b"".join(file.streaming_content).splitlines()  # type: ignore[attr-defined]
    assert json.loads(line)["chosen"] == "r1 says a"
    assert [each["id"] for each in api.get(URL).json()["results"]] == [done["id"]]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "format"),
        ({"format": "dpo"}, "format"),
        ({**ASK, "file_type": "xlsx"}, "file_type"),
        ({**ASK, "options": {"minimum": -1}}, "options.minimum"),
        ({**ASK, "options": "all"}, "options"),
    ],
)
def test_a_wrong_request_names_the_field(
    campaign: Campaign, api: APIClient, body: dict[str, object], field: str
) -> None:
    answer = api.post(URL, body, format="json")
    assert answer.status_code == 422
    assert field in answer.json()["fields"]
    assert not Export.objects.exists()


def test_a_file_that_is_gone_is_not_found(campaign: Campaign, api: APIClient) -> None:
    export = make_export(campaign)
    Path(export.path).unlink()
    answer = api.get(f"/api/v1/exports/{export.pk}/download/")
    assert (answer.status_code, "make the export again" in answer.json()["message"]) == (404, True)


def test_an_export_is_cancelled_once(campaign: Campaign, api: APIClient) -> None:
    pk = api.post(URL, ASK, format="json").json()["id"]
    assert api.post(f"/api/v1/exports/{pk}/cancel/").json()["state"] == "cancelled"
    assert api.post(f"/api/v1/exports/{pk}/cancel/").status_code == 409


def test_other_people_see_none_of_it(campaign: Campaign, annotator: User) -> None:
    export = make_export(campaign)
    add_member(campaign, annotator_of(annotator))
    stranger = make_user("sam", "researcher", Organisation.objects.create(name="Elsewhere"))
    for user, refused in ((annotator, 403), (stranger, 404)):
        client = APIClient()
        client.force_authenticate(user)
        assert client.get(URL).status_code == refused
        assert client.post(URL, ASK, format="json").status_code == refused
        for part in ("", "download/"):
            assert client.get(f"/api/v1/exports/{export.pk}/{part}").status_code == 404
        assert client.post(f"/api/v1/exports/{export.pk}/cancel/").status_code == 404
