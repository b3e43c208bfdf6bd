import pytest
from rest_framework.test import APIClient

from annotate.errors import Invalid
from annotate.models import Campaign, User
from routing.models import WinRate
from routing.win_rates import read_win_rates, save_win_rates, win_rates
from tests.factories import make_campaign

pytestmark = pytest.mark.django_db
CSV = """trained_on,evaluated_by,wins,ties,losses
rating,rating,70,0,30
rating,ranking,40,0,60
ranking,rating,40,0,60
ranking,ranking,70,0,30
"""
ROW = {"trained_on": "rating", "evaluated_by": "ranking", "wins": 3, "ties": 1, "losses": 0}
URL = "/api/v1/campaigns/pairs/win-rates/"


@pytest.fixture
def campaign(researcher: User) -> Campaign:
    return make_campaign(researcher)


def test_csv_and_json_give_the_table_and_the_interaction(campaign: Campaign) -> None:
    save_win_rates(campaign, read_win_rates(CSV))
    found = win_rates(campaign)
    assert [cell["win_rate"]["value"] for cell in found["cells"]] == [0.7, 0.4, 0.4, 0.7]
    assert found["interaction"]["value"] == pytest.approx(0.6)
    save_win_rates(
        campaign, read_win_rates('[{"trained_on": "rating", "evaluated_by": "rating", "wins": 1, "losses": 3}]')
    )
    assert win_rates(campaign)["cells"][0]["win_rate"]["value"] == 0.25
    assert WinRate.objects.count() == 4


@pytest.mark.parametrize(
    ("row", "path", "said"),
    [
        ({**ROW, "wins": -1}, "[0].wins", "row 1, wins: must be a whole number from 0"),
        ({**ROW, "losses": 2.5}, "[0].losses", "whole number"),
        ({**ROW, "wins": True}, "[0].wins", "whole number"),
        ({**ROW, "wins": 10**12}, "[0].wins", "whole number"),
        ({**ROW, "trained_on": "spans"}, "[0].trained_on", "must be rating or ranking, not 'spans'"),
        ({**ROW, "won": 1}, "[0].won", "is not known"),
        ({**ROW, "wins": 0, "ties": 0}, "[0]", "has no comparison"),
        ("text", "[0]", "must be an object"),
    ],
)
def test_what_is_wrong_is_named_by_row_and_field(campaign: Campaign, row: object, path: str, said: str) -> None:
    with pytest.raises(Invalid) as error:
        save_win_rates(campaign, [row])
    assert path in error.value.fields
    assert said in error.value.message
    assert not WinRate.objects.exists()


def test_a_cell_given_twice_stores_nothing(campaign: Campaign) -> None:
    with pytest.raises(Invalid, match="row 2: rating evaluated by ranking stands in row 1 already"):
        save_win_rates(campaign, [ROW, ROW])
    with pytest.raises(Invalid, match="one to four rows"):
        save_win_rates(campaign, [])


@pytest.mark.parametrize("text", ["", "trained_on,wins", "[{", "x" * 30_000])
def test_what_is_neither_csv_nor_json_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        read_win_rates(text)


def test_the_api_imports_reads_and_forgets(campaign: Campaign, researcher: User, api: APIClient) -> None:
    api.force_authenticate(researcher)
    assert api.get(URL).json()["cells"][0]["win_rate"]["value"] is None
    stored = api.post(URL, {"rows": [ROW]}, format="json")
    assert stored.status_code == 200
    assert [c["win_rate"]["n"] for c in stored.json()["cells"]] == [0, 4, 0, 0]
    wrong = api.post(URL, {"rows": [{**ROW, "wins": "many"}]}, format="json")
    assert (wrong.status_code, list(wrong.json()["fields"])) == (422, ["[0].wins"])
    assert api.post(URL, {"rows": "all"}, format="json").status_code == 422
    assert api.delete(URL).status_code == 204
    assert not WinRate.objects.exists()


def test_only_researchers_of_the_campaign_see_them(campaign: Campaign, annotator: User, api: APIClient) -> None:
    api.force_authenticate(annotator)
    assert api.get(URL).status_code == 404
    assert api.post(URL, {"rows": [ROW]}, format="json").status_code == 404
