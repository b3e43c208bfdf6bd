"""The report on agreement over HTTP."""

import pytest
from rest_framework.test import APIClient

from annotate.models import User
from routing.reports import refresh
from tests.factories import make_campaign, make_user
from tests.routing.agreement.held import annotated, item

pytestmark = pytest.mark.django_db
PAIR = {"name": "better", "kind": "pairwise", "shows": "all"}


def test_the_stored_report_with_its_age(api: APIClient, researcher: User) -> None:
    said = {who: {"better": {"preferred": "a"}} for who in ("ann", "bob")}
    campaign = annotated(researcher, [PAIR], [item(f"p{n}", said) for n in range(3)])
    refresh(campaign, ["agreement"])
    api.force_authenticate(researcher)
    found = api.get("/api/v1/campaigns/agreed/agreement/").json()
    assert found["computed_at"]
    (question,) = found["questions"]
    (people, _) = question["groups"]
    assert people["percent"]["value"] == 1
    assert people["alpha"]["value"] is None
    assert "same" in people["alpha"]["method"]


def test_before_the_first_report_there_is_nothing(api: APIClient, researcher: User) -> None:
    make_campaign(researcher, "fresh")
    api.force_authenticate(researcher)
    answer = api.get("/api/v1/campaigns/fresh/agreement/")
    assert answer.json() == {"computed_at": None, "questions": [], "texts": [], "headline": []}


def test_only_researchers_of_the_campaign_read_it(api: APIClient, researcher: User, annotator: User) -> None:
    make_campaign(researcher, "fresh")
    for user in (annotator, make_user("rob", role="researcher")):
        api.force_authenticate(user)
        assert api.get("/api/v1/campaigns/fresh/agreement/").status_code == 404
