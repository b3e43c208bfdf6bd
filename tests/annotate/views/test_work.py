"""The annotation pages over HTTP: who sees what, what is kept, and what is said when something is wrong."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from annotate.assigning import claim, release
from annotate.models import Annotation, Assignment, Campaign, Draft, Skip, User
from annotate.submitting import save_draft, submit
from tests.factories import PAIRWISE, import_rows, make_campaign, make_user, person, running_campaign

pytestmark = pytest.mark.django_db

STRONG: dict[str, Any] = {**PAIRWISE, "config": {"strengths": ["slightly", "clearly"], "both_bad": True}}
SCORES: dict[str, Any] = {"name": "score", "kind": "rating", "config": {"min": 1, "max": 5}}
SCRIPT: Any = {"HTTP_ACCEPT": "application/json"}


@pytest.fixture
def campaign(researcher: User, annotator: User) -> Campaign:
    return running_campaign(researcher, 3, [annotator], questions=[STRONG, SCORES], guidelines="Be fair.")


@pytest.fixture
def anna(annotator: User, client: Client) -> Client:
    client.force_login(annotator)
    return client


def page(campaign: Campaign) -> str:
    return reverse("annotate", args=[campaign.slug])


def current(user: User, campaign: Campaign) -> Assignment:
    held = claim(campaign, person(user))
    assert held is not None
    return held


def answers(assignment: Assignment) -> dict[str, str]:
    left, right = assignment.shown
    return {"overall": f"{left}:2", f"score.{left}": "5", f"score.{right}": "2"}


def form_of(response: Any) -> str:
    """The item and its form, without the page around them."""
    html: str = response.content.decode()
    return html[html.index('<article class="work') :]


def post(client: Client, name: str, assignment: Assignment, data: Any = None, **headers: Any) -> Any:
    return client.post(reverse(name, args=[assignment.pk]), data or {}, **headers)


def test_the_page_shows_the_item_without_its_keys_models_and_names(anna: Client, campaign: Campaign) -> None:
    response = anna.get(page(campaign))
    html = response.content.decode()
    assert "Question 0?" in html
    assert "Response 1" in html
    assert "Be fair." in html
    assert " checked" not in form_of(response)
    assert "0</b> done" in html


def test_a_submitted_form_is_stored_and_leads_to_the_next_item(
    anna: Client, annotator: User, campaign: Campaign
) -> None:
    held = current(annotator, campaign)
    response = post(anna, "work_submit", held, answers(held))
    assert response.status_code == 302
    assert response["Location"] == page(campaign)
    left, right = held.shown
    done = Annotation.objects.get(assignment=held)
    assert done.answers == {"overall": {"preferred": left, "strength": 2}, "score": {left: 5, right: 2}}
    assert "1</b> done" in anna.get(page(campaign)).content.decode()


def test_an_invalid_form_comes_back_with_everything_that_was_given(
    anna: Client, annotator: User, campaign: Campaign
) -> None:
    held = current(annotator, campaign)
    response = post(anna, "work_submit", held, {"overall": "@tie", f"score.{held.shown[1]}": "3"})
    html = form_of(response)
    assert response.status_code == 422
    assert "Not answered yet: Response 1." in html
    assert html.count(" checked") == 2
    assert not Annotation.objects.exists()


def test_messages_name_responses_as_the_screen_does(anna: Client, annotator: User, campaign: Campaign) -> None:
    held = current(annotator, campaign)
    wrong = answers(held) | {f"score.{held.shown[1]}": "9"}
    fields = post(anna, "work_submit", held, wrong, **SCRIPT).json()["fields"]
    assert fields["score"].startswith("Response 2: 9 is not on the scale")


def test_the_script_gets_the_item_after_those_it_holds(anna: Client, annotator: User, campaign: Campaign) -> None:
    first = anna.get(page(campaign), **SCRIPT).json()
    second = anna.get(page(campaign), {"holding": str(first["id"])}, **SCRIPT).json()
    held = Assignment.objects.get(pk=first["id"])
    sent = answers(held) | {"_holding": str(second["id"]), "_active_seconds": "12.5"}
    answer = post(anna, "work_submit", held, sent, **SCRIPT).json()
    assert answer["outcome"] == "created"
    assert answer["next"]["id"] not in (first["id"], second["id"])
    assert 'class="work"' in answer["next"]["html"]
    assert Annotation.objects.get().active_seconds == 12.5


def test_sending_the_same_again_changes_nothing(anna: Client, annotator: User, campaign: Campaign) -> None:
    held = current(annotator, campaign)
    post(anna, "work_submit", held, answers(held), **SCRIPT)
    again = post(anna, "work_submit", held, answers(held), **SCRIPT)
    assert (again.status_code, again.json()["outcome"]) == (200, "repeated")
    assert Annotation.objects.count() == 1


def test_a_finished_item_can_be_opened_again_and_changed(anna: Client, annotator: User, campaign: Campaign) -> None:
    held = current(annotator, campaign)
    post(anna, "work_submit", held, answers(held))
    html = form_of(anna.get(page(campaign), {"again": "last"}))
    assert 'name="_revises" value="1"' in html
    assert html.count(" checked") == 3
    post(anna, "work_submit", held, answers(held) | {"overall": "@both_bad", "_revises": "1"})
    done = Annotation.objects.get()
    assert done.answers["overall"] == {"preferred": None, "both_bad": True}
    assert done.revision == 2


def test_different_answers_without_the_revision_come_back(anna: Client, annotator: User, campaign: Campaign) -> None:
    held = current(annotator, campaign)
    post(anna, "work_submit", held, answers(held))
    response = post(anna, "work_submit", held, answers(held) | {"overall": "@tie"})
    assert response.status_code == 409
    assert "You have submitted this item already" in response.content.decode()
    assert Annotation.objects.get().revision == 1


def test_somebody_elses_item_cannot_be_opened_again(anna: Client, researcher: User, campaign: Campaign) -> None:
    other = current(researcher, campaign)
    left, right = other.shown
    given = {"overall": {"preferred": None}, "score": {left: 1, right: 1}}
    submit(other, person(researcher), given, claim_next=False)
    assert anna.get(page(campaign), {"again": str(other.pk)}).status_code == 404


def test_a_lost_lease_is_said_and_the_answers_are_kept(anna: Client, annotator: User, campaign: Campaign) -> None:
    held = current(annotator, campaign)
    release(held, person(annotator))
    response = post(anna, "work_submit", held, answers(held))
    assert response.status_code == 409
    assert "passed to someone else" in response.content.decode()
    assert page(campaign) in response.content.decode()
    assert Draft.objects.get().answers["overall"]["strength"] == 2
    assert post(anna, "work_submit", held, answers(held), **SCRIPT).json()["code"] == "lease_lost"


def test_a_draft_is_kept_and_shown_again(anna: Client, annotator: User, campaign: Campaign) -> None:
    held = current(annotator, campaign)
    assert post(anna, "work_draft", held, {"overall": "@both_bad"}, **SCRIPT).status_code == 200
    assert form_of(anna.get(page(campaign))).count(" checked") == 1


@pytest.mark.parametrize(
    "draft",
    [
        {"overall": "a", "score": 3},
        {"overall": [], "score": ["a"], "other": {}},
        {"overall": {"preferred": {"x": 1}}, "score": {"a": {"b": 1}}},
        {"overall": {"preferred": None, "strength": "x"}, "score": {"a": None}},
    ],
)
def test_a_draft_of_any_shape_does_not_break_the_page(
    anna: Client, annotator: User, campaign: Campaign, draft: dict[str, Any]
) -> None:
    save_draft(current(annotator, campaign), person(annotator), draft)
    assert anna.get(page(campaign)).status_code == 200


def test_a_draft_that_cannot_be_stored_is_refused(anna: Client, annotator: User, campaign: Campaign) -> None:
    held = current(annotator, campaign)
    response = post(anna, "work_draft", held, {f"score.{held.shown[0]}": "nan"}, **SCRIPT)
    assert (response.status_code, response.json()["code"]) == (422, "invalid")


@pytest.mark.parametrize(
    "extra", [{"_revises": "one"}, {"_holding": "1,x"}, {"_active_seconds": "nan"}, {"_active_seconds": "-1"}]
)
def test_what_the_page_sends_along_is_checked(
    anna: Client, annotator: User, campaign: Campaign, extra: dict[str, str]
) -> None:
    held = current(annotator, campaign)
    assert post(anna, "work_submit", held, answers(held) | extra, **SCRIPT).status_code == 422
    assert not Annotation.objects.exists()


def test_a_skip_needs_a_reason_and_gives_the_item_to_somebody_else(
    anna: Client, annotator: User, campaign: Campaign
) -> None:
    held = current(annotator, campaign)
    assert post(anna, "work_skip", held, {"reason": "bored"}).status_code == 422
    assert post(anna, "work_skip", held, {"reason": "other"}).status_code == 422
    assert post(anna, "work_skip", held, {"reason": "other", "note": "no table"}).status_code == 302
    assert Skip.objects.get().reason == "other: no table"
    assert current(annotator, campaign).pk != held.pk


def test_an_item_is_given_back_only_with_the_lease_it_was_shown_with(
    anna: Client, annotator: User, campaign: Campaign
) -> None:
    first = current(annotator, campaign)
    again = current(annotator, campaign)
    assert first.leased_until is not None
    assert again.leased_until is not None
    post(anna, "work_release", first, {"_until": first.leased_until.isoformat()})
    assert Assignment.objects.get(pk=first.pk).state == Assignment.State.LEASED
    post(anna, "work_release", first, {"_until": again.leased_until.isoformat()})
    assert Assignment.objects.get(pk=first.pk).state == Assignment.State.OPEN


def test_holding_as_many_as_one_may_is_said(anna: Client, campaign: Campaign) -> None:
    ids: list[str] = []
    for _ in range(2):
        ids.append(str(anna.get(page(campaign), {"holding": ",".join(ids)}, **SCRIPT).json()["id"]))
    response = anna.get(page(campaign), {"holding": ",".join(ids)}, **SCRIPT)
    assert (response.status_code, response.json()["code"]) == (409, "too_many_held")


def test_the_end_is_said_with_the_count(anna: Client, annotator: User, campaign: Campaign) -> None:
    for _ in range(3):
        held = current(annotator, campaign)
        post(anna, "work_submit", held, answers(held))
    html = anna.get(page(campaign)).content.decode()
    assert "That was the last one" in html
    assert "You have annotated 3 items" in html
    assert anna.get(page(campaign), **SCRIPT).json()["id"] is None


@pytest.mark.parametrize(("state", "said"), [("draft", "launched"), ("paused", "paused"), ("closed", "closed")])
def test_a_campaign_that_does_not_run_says_so(anna: Client, campaign: Campaign, state: str, said: str) -> None:
    Campaign.objects.filter(pk=campaign.pk).update(state=state)
    response = anna.get(page(campaign))
    assert response.status_code == 200
    assert said in response.content.decode()


def test_progress_counts_units_and_not_their_slots(anna: Client, researcher: User, annotator: User) -> None:
    campaign = running_campaign(researcher, 4, [annotator], slug="overlap", overlap=3)
    html = anna.get(page(campaign)).content.decode()
    assert '<span id="left">3</span> more' in html


def test_those_who_are_not_members_see_nothing(client: Client, annotator: User, campaign: Campaign) -> None:
    held = current(annotator, campaign)
    client.force_login(make_user("otto"))
    assert client.get(page(campaign)).status_code in (403, 404)
    for name in ("work_submit", "work_draft", "work_skip", "work_release"):
        assert post(client, name, held, answers(held)).status_code in (403, 404)
    assert not Annotation.objects.exists()


def test_those_who_are_signed_out_are_asked_to_sign_in(client: Client, annotator: User, campaign: Campaign) -> None:
    held = current(annotator, campaign)
    assert client.get(page(campaign))["Location"].endswith(f"?next={page(campaign)}")
    response = post(client, "work_submit", held, answers(held), **SCRIPT)
    assert (response.status_code, response.json()["code"]) == (401, "signed_out")


def test_forms_need_the_csrf_token(annotator: User, campaign: Campaign) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(annotator)
    assert post(strict, "work_submit", current(annotator, campaign)).status_code == 403


def test_what_items_contain_is_text_and_never_markup(anna: Client, researcher: User, annotator: User) -> None:
    bad = "</pre><script>alert(1)</script>"
    row = {
        "prompt": [{"role": "user", "content": bad}],
        "context": bad,
        "completions": [{"key": '"><b>', "text": f"```{bad}\n{bad}\n```"}, {"key": "b", "text": bad}],
    }
    campaign = make_campaign(researcher, "markup")
    assert import_rows(campaign, [row]).done == 1
    Campaign.objects.filter(pk=campaign.pk).update(state="running")
    campaign.members.create(annotator=person(annotator))
    html = anna.get(page(campaign)).content.decode()
    assert "<script>alert" not in html
    assert '"><b>' not in html
