"""Flags on the annotator's page, on the researchers' page, and by the API."""

from typing import Any

import pytest
from django.test import Client

from annotate.assigning import claim
from annotate.flagging import flag
from annotate.models import Assignment, Campaign, Flag, Item, User
from annotate.users import token_of
from tests.annotate.api.conftest import Caller
from tests.annotate.views.pages import signed_in, text_of
from tests.factories import person, running_campaign

pytestmark = pytest.mark.django_db

SCRIPT: Any = {"HTTP_ACCEPT": "application/json"}
FLAGS = "/campaigns/pairs/flags/"


@pytest.fixture
def campaign(researcher: User, annotator: User) -> Campaign:
    return running_campaign(researcher, 40, [annotator])


@pytest.fixture
def held(campaign: Campaign, annotator: User) -> Assignment:
    found = claim(campaign, person(annotator))
    assert found is not None
    return found


@pytest.fixture
def anna(annotator: User) -> Client:
    return signed_in(annotator)


@pytest.fixture
def rita(researcher: User) -> Client:
    return signed_in(researcher)


def test_the_page_says_beside_each_reason_what_it_does(anna: Client, held: Assignment) -> None:
    page = text_of(anna.get("/campaigns/pairs/annotate/"))
    for said in (
        "Goes to somebody else",
        "Leaves the campaign until a researcher has looked",
        "A researcher decides",
        "A researcher sees it",
    ):
        assert said in page


def test_a_flag_from_the_page_leaves_the_item_there(anna: Client, held: Assignment) -> None:
    url = f"/assignments/{held.pk}/flag/"
    sent = anna.post(url, {"reason": "unsure", "note": "both err"}, **SCRIPT)
    assert (sent.status_code, sent.json()["message"]) == (
        200,
        "Flagged. A researcher decides; you may still finish it.",
    )
    assert Flag.objects.get().note == "both err"
    assert anna.get("/campaigns/pairs/annotate/", **SCRIPT).json()["id"] == held.pk
    assert anna.post(url, {"reason": "unsure"})["Location"] == "/campaigns/pairs/annotate/"
    refused = anna.post(url, {"reason": "bored"}, **SCRIPT)
    assert (refused.status_code, list(refused.json()["fields"])) == (422, ["reason"])


def test_researchers_see_who_flagged_what_and_why(
    rita: Client, annotator: User, campaign: Campaign, held: Assignment
) -> None:
    assert "No open flags" in text_of(rita.get(FLAGS))
    flag(held, person(annotator), "unclear guidelines", "what of <b>tables</b>?")
    page = text_of(rita.get(FLAGS))
    for said in ("The guidelines do not cover this", "what of &lt;b&gt;tables", "anna", "r0", "Question 0?"):
        assert said in page
    assert '<span class="count">1<span class="sr-only"> open</span></span>' in text_of(rita.get("/campaigns/pairs/"))


def test_annotators_do_not_see_the_list(anna: Client, annotator: User, held: Assignment) -> None:
    made = flag(held, person(annotator), "unsure")
    assert anna.get(FLAGS).status_code == 403
    assert anna.post(f"/flags/{made.pk}/resolve/", {"resolution": "return"}).status_code == 404
    assert Flag.objects.get().resolved_at is None


def test_answering_it_oneself_opens_the_item(rita: Client, annotator: User, held: Assignment) -> None:
    made = flag(held, person(annotator), "unsure")
    opened = rita.post(f"/flags/{made.pk}/resolve/", {"resolution": "answer"}, follow=True)
    row = Assignment.objects.get(slot=None)
    assert opened.redirect_chain == [(f"/campaigns/pairs/annotate/?take={row.pk}", 302)]
    assert f'data-id="{row.pk}"' in text_of(opened)
    assert "No open flags" in text_of(rita.get(FLAGS))
    everything = text_of(rita.get(FLAGS, {"all": 1}))
    assert "Answered by a researcher" in everything
    assert "Give it back to the annotators" in everything


def test_what_is_offered_fits_the_state(rita: Client, annotator: User, held: Assignment) -> None:
    made = flag(held, person(annotator), "personal data")
    page = text_of(rita.get(FLAGS))
    assert "Put it back" in page
    assert "Leave it out" in page
    assert "Give it back" not in page
    rita.post(f"/flags/{made.pk}/resolve/", {"resolution": "restore"})
    assert Item.objects.filter(withdrawn_at=None).count() == 40
    assert rita.post(f"/flags/{made.pk}/resolve/", {"resolution": "x"}).status_code == 422


def test_the_list_is_paged_with_the_newest_first(rita: Client, annotator: User, campaign: Campaign) -> None:
    held = claim(campaign, person(annotator))
    assert held is not None
    rows = [
        Flag(
            campaign=campaign,
            item=held.unit.item,
            unit=held.unit,
            annotator=person(annotator),
            reason=f"x{i}",
            then="tell",
        )
        for i in range(33)
    ]
    made = Flag.objects.bulk_create(rows)
    first = text_of(rita.get(FLAGS))
    assert ">x32<" in first
    assert ">x2<" not in first
    assert f"?before={made[3].pk}" in first
    assert ">x2<" in text_of(rita.get(FLAGS, {"before": made[3].pk}))


def test_the_api_flags_lists_and_resolves(researcher: User, annotator: User, held: Assignment) -> None:
    anna, boss = Caller(token_of(annotator.username)), Caller(token_of(researcher.username))
    url = f"assignments/{held.pk}/flag/"
    assert anna("post", url, {"reason": "no"}).json()["fields"].keys() == {"reason"}
    assert anna("post", url, {"reason": "unsure", "note": "?"}).json() == {
        "flagged": held.pk,
        "reason": "unsure",
        "then": "adjudicate",
    }
    (listed,) = boss("get", "campaigns/pairs/flags/?open=1").json()["results"]
    expected = {"item": "r0", "reason": "unsure", "note": "?", "then": "adjudicate", "annotator": "anna"}
    assert listed | expected | {"resolution": None, "withdrawn": False} == listed
    assert anna("get", "campaigns/pairs/flags/").status_code == 403
    resolve = f"flags/{listed['id']}/resolve/"
    assert anna("post", resolve, {"resolution": "return"}).status_code == 404
    assert boss("post", resolve, {"resolution": "x"}).status_code == 422
    answered = boss("post", resolve, {"resolution": "answer"}).json()
    assert answered["flag"]["resolution"] == "answer"
    assert Assignment.objects.get(pk=answered["assignment"]).reserved_for == person(researcher)
    assert boss("get", "campaigns/pairs/flags/?open=1").json()["results"] == []


def test_a_skip_by_the_api_says_what_its_reason_did(annotator: User, held: Assignment) -> None:
    anna = Caller(token_of(annotator.username))
    skipped = anna("post", f"assignments/{held.pk}/skip/", {"reason": "broken item: no text"})
    assert skipped.json() == {"skipped": held.pk, "then": "remove"}
    assert Flag.objects.get().note == "no text"
