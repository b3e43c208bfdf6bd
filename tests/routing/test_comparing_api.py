import pytest
from rest_framework.test import APIClient

from annotate.campaigns import change_state
from annotate.models import Assignment, Campaign, User
from routing.models import Link
from routing.reports import refresh
from tests.factories import PAIRWISE_PAIR, import_rows, make_campaign, make_user
from tests.routing.compared import compared, pair_item

pytestmark = pytest.mark.django_db
LINKS = "/api/v1/campaigns/both/links/"
SETTLE = "/api/v1/campaigns/both/inconsistency/ask-again/"


@pytest.fixture
def campaign(researcher: User, api: APIClient) -> Campaign:
    api.force_authenticate(researcher)
    items = [pair_item("r1", ("ann", "human", 5, 3, "b")), pair_item("r2", ("ann", "human", 5, 3, "a"))]
    return compared(researcher, items)


@pytest.fixture
def other(researcher: User) -> Campaign:
    found = make_campaign(researcher, "other", [PAIRWISE_PAIR], overlap=3)
    import_rows(found, [pair_item("r1", ("bob", "human", None, None, "a"))])
    return found


def test_campaigns_are_linked_listed_and_unlinked(campaign: Campaign, other: Campaign, api: APIClient) -> None:
    made = api.post(LINKS, {"campaign": "other"}, format="json")
    assert (made.status_code, made.json()["campaign"]) == (201, "other")
    assert api.get(LINKS).json()["results"] == [made.json()]
    assert api.get("/api/v1/campaigns/other/links/").json()["results"][0]["campaign"] == "both"
    assert api.post(LINKS, {"campaign": "other"}, format="json").status_code == 409
    assert api.delete(f"/api/v1/links/{made.json()['id']}/").status_code == 204
    assert not Link.objects.exists()


@pytest.mark.parametrize(("given", "status"), [({}, 422), ({"campaign": 3}, 422), ({"campaign": "none"}, 404)])
def test_a_wrong_link_says_what_would_be_right(
    campaign: Campaign, api: APIClient, given: dict[str, object], status: int
) -> None:
    assert api.post(LINKS, given, format="json").status_code == status


def test_one_must_run_both_campaigns_to_link_them(campaign: Campaign, api: APIClient) -> None:
    stranger = make_user("sten", role="researcher")
    make_campaign(stranger, "foreign", [PAIRWISE_PAIR])
    assert api.post(LINKS, {"campaign": "foreign"}, format="json").status_code == 404
    api.force_authenticate(stranger)
    assert api.get(LINKS).status_code == 404


def test_a_link_of_others_does_not_exist(campaign: Campaign, other: Campaign, api: APIClient) -> None:
    made = api.post(LINKS, {"campaign": "other"}, format="json").json()
    api.force_authenticate(make_user("sten", role="researcher"))
    assert api.delete(f"/api/v1/links/{made['id']}/").status_code == 404
    assert Link.objects.exists()


def test_the_most_inconsistent_pairs_are_asked_again(campaign: Campaign, api: APIClient) -> None:
    change_state(campaign, "launch")
    none_yet = api.post(SETTLE, {"pairs": 1}, format="json")
    assert (none_yet.status_code, none_yet.json()["fields"]) == (422, {"pairs": "none is inconsistent"})
    refresh(campaign)
    done = api.post(SETTLE, {"pairs": 5, "what": "ranking", "who": "others"}, format="json")
    assert (done.status_code, done.json()["made"], done.json()["pairs"]) == (201, 1, 1)
    again = Assignment.objects.get(purpose=Assignment.Purpose.AGAIN)
    assert again.unit.item.key == "r1"
    twice = api.post(SETTLE, {"pairs": 5, "what": "ranking"}, format="json").json()
    assert (twice["made"], [row["unit"] for row in twice["left_out"]]) == (0, [again.unit_id])


@pytest.mark.parametrize(
    "wrong",
    [{"pairs": "x"}, {"pairs": 0}, {"pairs": True}, {"what": "spans"}, {"what": []}, {"who": "all"}, {"who": {}}],
)
def test_a_wrong_wish_is_refused(campaign: Campaign, api: APIClient, wrong: dict[str, object]) -> None:
    refresh(campaign)
    assert api.post(SETTLE, wrong, format="json").status_code == 422
