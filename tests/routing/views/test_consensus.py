"""The pages of consensus: how sure it is, who said what, deciding, taking back, asking again."""

import pytest
from django.test import Client

from annotate.adjudicating import adjudicate
from annotate.campaigns import add_member, change_state
from annotate.models import Adjudication, Annotation, Assignment, Campaign, Consensus, Unit, User
from routing.reports import refresh
from tests.annotate.consensus.voting import said, said_item
from tests.factories import make_campaign, make_user, person

pytestmark = pytest.mark.django_db
A, B = {"preferred": "a"}, {"preferred": "b"}
HTMX = {"HX-Request": "true"}


@pytest.fixture
def campaign(researcher: User) -> Campaign:
    items = [
        said_item("clear", ("ann", A), ("bob", A), ("cleo", A)),
        said_item("split", ("ann", A), ("bob", A), ("cleo", B)),
        said_item("tied", ("ann", A), ("bob", B), ("judge1", B)),
        said_item("lone", ("ann", B)),
    ]
    return said(researcher, {"kind": "pairwise", "title": "Which?"}, items)


def page(browser: Client, path: str = "/campaigns/said/consensus/", **headers: str) -> str:
    answer = browser.get(path, headers=headers or None)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().replace("\u00a0", " ").split())


def unit(key: str) -> Unit:
    return Unit.objects.get(item__key=key)


def at(key: str) -> str:
    return f"/campaigns/said/consensus/{unit(key).pk}/"


def test_the_page_lists_the_least_sure_units_first(browser: Client, campaign: Campaign) -> None:
    refresh(campaign)
    text = page(browser)
    places = [text.index(f"/consensus/{unit(key).pk}/") for key in ("tied", "split", "lone")]
    assert places == sorted(places)
    assert f"/consensus/{unit('clear').pk}/" not in text
    assert "first × 2, second × 1" in text
    assert "fewer than 10 units" in text


def test_the_list_is_narrowed_by_reason(browser: Client, campaign: Campaign) -> None:
    refresh(campaign)
    text = page(browser, "/campaigns/said/consensus/?question=q&why=single")
    assert f"/consensus/{unit('lone').pk}/" in text
    assert f"/consensus/{unit('tied').pk}/" not in text
    assert "1 unit<" in text


def test_before_there_is_anything_it_says_what_to_do(browser: Client, researcher: User) -> None:
    make_campaign(researcher, "said")
    assert "Nobody has answered yet" in page(browser)


def test_a_newer_report_comes_with_the_age(browser: Client, campaign: Campaign) -> None:
    refresh(campaign)
    assert 'hx-swap-oob="true"' in page(browser, "/campaigns/said/consensus/?seen=before", **HTMX)


def test_a_unit_shows_who_said_what(browser: Client, campaign: Campaign) -> None:
    refresh(campaign)
    text = page(browser, at("tied"))
    assert "tied says a." in text
    assert "<b>Tie</b>, by majority of 2 annotators" in text
    assert "a judge; people count here" in text
    assert text.count("Response 2 is better") == 2


def test_deciding_counts_at_once_and_can_be_taken_back(browser: Client, campaign: Campaign, researcher: User) -> None:
    refresh(campaign)
    sent = {"_question": "q", "q": "b", "_note": "cites its source"}
    answer = browser.post(at("split"), sent, follow=True)
    text = " ".join(answer.content.decode().split())
    assert "<b>Response 2 is better</b>, decided by rita" in text
    assert "cites its source" in text
    row = Consensus.objects.get(unit=unit("split"))
    assert (row.answer, row.n) == (B, 3)
    assert "Decided by rita" in page(browser)
    browser.post(at("split"), {"_question": "q", "_do": "withdraw"})
    row.refresh_from_db()
    assert (row.answer, row.adjudication) == (A, None)
    assert "Taken back" in page(browser, at("split"))
    assert Annotation.objects.count() == 10


def test_an_answer_that_is_missing_is_asked_for(browser: Client, campaign: Campaign) -> None:
    answer = browser.post(at("split"), {"_question": "q", "_note": "why not"})
    assert answer.status_code == 422
    assert "Not answered." in answer.content.decode()
    assert 'value="why not"' in answer.content.decode()
    assert not Adjudication.objects.exists()


def test_a_question_that_the_unit_does_not_ask_is_refused(browser: Client, campaign: Campaign) -> None:
    assert browser.get(at("split") + "?question=other").status_code == 422


def test_chosen_units_are_asked_about_again(browser: Client, campaign: Campaign) -> None:
    add_member(campaign, person(make_user("dora")))
    change_state(campaign, "launch")
    refresh(campaign)
    browser.post("/campaigns/said/consensus/", {"unit": [unit("tied").pk, unit("lone").pk]})
    again = Assignment.objects.filter(purpose=Assignment.Purpose.AGAIN)
    assert set(again.values_list("unit__item__key", flat=True)) == {"tied", "lone"}
    answer = browser.post("/campaigns/said/consensus/", {}, follow=True)
    assert "Choose the units" in answer.content.decode()


def test_annotators_see_nothing_of_it(client: Client, campaign: Campaign, annotator: User) -> None:
    add_member(campaign, person(annotator))
    client.force_login(annotator)
    for path in ("/campaigns/said/consensus/", at("tied")):
        assert client.get(path).status_code == 403
        assert client.post(path, {"_question": "q", "q": "a"}).status_code == 403
    client.force_login(make_user("stranger", role="researcher"))
    assert client.get(at("tied")).status_code == 404


def test_a_decided_unit_leaves_the_list_when_the_report_is_made_again(
    browser: Client, campaign: Campaign, researcher: User
) -> None:
    refresh(campaign)
    adjudicate(unit("tied"), "q", A, person(researcher))
    refresh(campaign)
    assert f"/consensus/{unit('tied').pk}/" not in page(browser)
