"""Suggestions over HTTP: never in the page, and never before they may be seen."""

from typing import Any

import pytest
from django.test import Client

from annotate.assigning import claim
from annotate.models import Annotation, Assignment, Campaign, User
from annotate.users import token_of
from tests.annotate.api.conftest import Caller
from tests.annotate.submitting.test_suggestions import A, B, campaign_with, judge
from tests.annotate.views.pages import signed_in
from tests.factories import person

pytestmark = pytest.mark.django_db

SCRIPT: Any = {"HTTP_ACCEPT": "application/json"}
PAGE = "/campaigns/pairs/annotate/"


@pytest.fixture
def anna(annotator: User) -> Client:
    return signed_in(annotator)


def opened(campaign: Campaign, annotator: User) -> tuple[Assignment, str]:
    held = claim(campaign, person(annotator))
    assert held is not None
    return held, f"/assignments/{held.pk}/suggestions/"


@pytest.mark.parametrize(("mode", "there"), [("off", False), ("after", True), ("before", True)])
def test_the_page_offers_and_does_not_hold_them(
    anna: Client, researcher: User, annotator: User, mode: str, there: bool
) -> None:
    campaign = campaign_with(researcher, annotator, mode)
    assert 'class="suggestions' not in anna.get(PAGE).content.decode()
    judge(campaign, {**A, "why": "Answer a is much kinder"})
    html = anna.get(PAGE).content.decode()
    assert ('class="suggestions' in html) == there
    assert "kinder" not in html
    assert "judy" not in html


def test_after_the_first_answer(anna: Client, researcher: User, annotator: User) -> None:
    campaign = campaign_with(researcher, annotator, "after")
    judge(campaign, A)
    held, url = opened(campaign, annotator)
    for refused in (anna.get(url, **SCRIPT), anna.post(url, {"why": "x"}, **SCRIPT)):
        assert (refused.status_code, refused.json()["code"]) == (422, "invalid")
        assert b"judy" not in refused.content
    (shown,) = anna.post(url, {"overall": "b"}, **SCRIPT).json()["suggestions"]
    place = held.shown.index("a") + 1
    assert shown == {
        "question": "overall",
        "title": "Overall",
        "judge": "judy",
        "words": f"Response {place} is better",
        "fields": {"overall": ["a"]},
    }
    used = '{"differences": 1, "suggestions": {"used": ["overall"]}}'
    anna.post(f"/assignments/{held.pk}/submit/", {"overall": "a", "_aids": used}, **SCRIPT)
    done = Annotation.objects.get(assignment=held)
    assert done.aids is not None
    assert done.aids["differences"] == 1
    assert (done.aids["suggestions"]["first"], done.aids["suggestions"]["result"]) == (B, {"overall": "adopted"})


def test_before(anna: Client, researcher: User, annotator: User) -> None:
    campaign = campaign_with(researcher, annotator, "before")
    judge(campaign, A)
    _, url = opened(campaign, annotator)
    assert [one["judge"] for one in anna.get(url, **SCRIPT).json()["suggestions"]] == ["judy"]


def test_by_the_api(researcher: User, annotator: User) -> None:
    campaign, anna = campaign_with(researcher, annotator, "after"), Caller(token_of(annotator.username))
    judge(campaign, A)
    held, _ = opened(campaign, annotator)
    url = f"assignments/{held.pk}/suggestions/"
    assert anna("get", url).status_code == 422
    assert anna("post", url, {"answers": B}).json()["suggestions"]["overall"]["answer"] == {"preferred": "a"}
    sent = {"answers": B, "aids": {"sync": True}}
    made = anna("put", f"assignments/{held.pk}/annotation/", sent).json()["annotation"]
    assert made["aids"]["sync"] is True
    assert made["aids"]["suggestions"]["result"] == {"overall": "kept"}
    (row,) = anna("get", "campaigns/pairs/annotations/").json()["results"]
    assert row["aids"] == made["aids"]


@pytest.mark.parametrize("aids", ["{", "[]", '{"x": 1}', '{"sync": [1]}', "[" * 100_000, '{"differences": NaN}'])
def test_junk_from_the_page_is_refused(anna: Client, researcher: User, annotator: User, aids: str) -> None:
    held, _ = opened(campaign_with(researcher, annotator, "off"), annotator)
    sent = anna.post(f"/assignments/{held.pk}/submit/", {"overall": "a", "_aids": aids}, **SCRIPT)
    assert sent.status_code == 422
    assert not Annotation.objects.exists()
