"""The pages of proposed checklists, with and without a script."""

from typing import Any

import pytest
from django.test import Client

from annotate.models import Campaign, User
from routing.models import Judge, JudgeRun, Proposal
from routing.points.deciding import mark_of
from tests.annotate.views.pages import HTMX, signed_in, text_of
from tests.factories import make_campaign, make_user
from tests.routing.points.proposing import proposal_of, propose_now, slots, waiting_campaign, writer

pytestmark = pytest.mark.django_db
PAGE = "/campaigns/pairs/points/"


@pytest.fixture
def rita(researcher: User) -> Client:
    return signed_in(researcher)


@pytest.fixture
def proposal(judge: Judge) -> Proposal:
    propose_now(judge)
    return proposal_of(judge)


def form(proposal: Proposal, do: str = "", **changed: Any) -> dict[str, Any]:
    """The card's form as a browser sends it, with two points."""
    fields = {"key": ["p1", "p2"], "text.p1": "First?", "text.p2": "Second?", "weight.p1": "1", "weight.p2": "1"}
    return fields | {"seen": mark_of(proposal), "state": "proposed", **({"do": do} if do else {}), **changed}


def send(client: Client, proposal: Proposal, do: str = "", headers: Any = HTMX, **changed: Any) -> Any:
    return client.post(f"/proposals/{proposal.pk}/", form(proposal, do, **changed), headers=headers)


def test_the_page_says_what_waits_and_who_can_write(campaign: Campaign, judge: Judge, rita: Client) -> None:
    page = text_of(rita.get(PAGE))
    assert "<b>3 items</b> without points; people and judges wait for 3. 3 have no proposal yet." in page
    assert "Propose checklists" in page


def test_without_a_judge_that_can_write_the_page_leads_to_adding_one(campaign: Campaign, rita: Client) -> None:
    page = text_of(rita.get(PAGE))
    assert "No judge of this campaign can write points" in page
    assert "Propose checklists" not in page


def test_a_campaign_that_generates_none_says_how_to(researcher: User, rita: Client) -> None:
    make_campaign(researcher)
    assert "No checklist of this campaign is generated" in text_of(rita.get(PAGE))


def test_the_button_starts_a_run_and_the_page_follows_it(judge: Judge, rita: Client) -> None:
    assert rita.post(f"{PAGE}generate/", {"judge": judge.pk, "cap": ""})["Location"] == PAGE
    run = JudgeRun.objects.get()
    assert (run.purpose, run.state) == ("points", "queued")
    assert 'hx-trigger="every 2s"' in text_of(rita.get(PAGE, headers=HTMX))
    refused = rita.post(f"{PAGE}generate/", {"judge": judge.pk, "cap": "12"})
    assert refused.status_code == 409
    assert "going on already" in text_of(refused)
    rita.post(f"{PAGE}cancel/")
    run.refresh_from_db()
    assert run.state == "cancelled"


@pytest.mark.parametrize("sent", [{}, {"judge": "x"}, {"judge": "9" * 30}, {"cap": "much"}])
def test_a_run_that_makes_no_sense_is_refused_on_the_page(judge: Judge, rita: Client, sent: dict[str, str]) -> None:
    given = {"judge": judge.pk} | sent if "cap" in sent else sent
    response = rita.post(f"{PAGE}generate/", given)
    assert response.status_code == 422
    assert 'role="alert"' in response.content.decode()


def test_a_proposal_stands_with_its_prompt_and_its_points_to_edit(proposal: Proposal, rita: Client) -> None:
    page = rita.get(PAGE).content.decode()
    assert "Why is the sky blue?" in page
    assert "Does it answer the question?</textarea>" in page
    assert "SECRET" not in page


def test_what_is_accepted_is_what_was_typed(campaign: Campaign, proposal: Proposal, rita: Client) -> None:
    page = text_of(send(rita, proposal, "accept", **{"text.p2": " ", "weight.p1": "2.5", "fatal.p1": "on"}))
    assert campaign.items.get(key="r0").points == [{"key": "p1", "text": "First?", "weight": 2.5, "fatal": True}]
    assert "Accepted by rita" in page
    assert 'hx-swap-oob="true"' in page
    assert slots(campaign)["r0"] == "open"


def test_points_are_added_moved_and_removed_and_kept_as_they_are_typed(proposal: Proposal, rita: Client) -> None:
    send(rita, proposal, "add", key=["p2", "p1"])
    kept = proposal_of(proposal.judge).accepted or ()
    assert [(row["key"], row["text"]) for row in kept] == [("p2", "Second?"), ("p1", "First?"), ("p3", "")]
    page = text_of(send(rita, proposal_of(proposal.judge), "up:p2", **{"weight.p2": "heavy"}))
    assert page.index("Second?") < page.index("First?")
    assert 'value="heavy"' in page
    assert "Changed, not accepted yet." in text_of(rita.get(PAGE))
    send(rita, proposal_of(proposal.judge), "remove:p1")
    assert [row["key"] for row in proposal_of(proposal.judge).accepted or ()] == ["p2"]


def test_leaving_a_field_keeps_what_was_typed(proposal: Proposal, rita: Client) -> None:
    answer = text_of(send(rita, proposal, "keep", **{"text.p1": "Half a poi"}))
    assert "Half a poi</textarea>" in rita.get(PAGE).content.decode()
    seen = mark_of(proposal_of(proposal.judge))
    assert seen != mark_of(proposal)
    assert f'name="seen" value="{seen}"' in answer
    assert send(rita, proposal, "accept", seen=seen).status_code == 200


def test_two_who_type_at_once_do_not_overwrite_one_another(proposal: Proposal, rita: Client) -> None:
    send(rita, proposal, "keep", **{"text.p1": "Of rolf?"})
    late = send(rita, proposal, "keep", **{"text.p1": "Of rita?"})
    assert late.status_code == 409
    assert 'role="alert">These points were changed or decided meanwhile' in text_of(late)
    both = send(rita, proposal, "accept", **{"text.p1": "Of rita?"})
    page = text_of(both)
    assert both.status_code == 409
    assert "Nothing of yours is lost" in page
    assert "<li>Of rolf?</li>" in page
    assert "Of rita?</textarea>" in page
    held = proposal_of(proposal.judge)
    assert (held.state, (held.accepted or [])[0]["text"]) == ("proposed", "Of rolf?")
    wrong = text_of(send(rita, proposal, "accept", **{"weight.p2": "heavy"}))
    assert "<li>Of rolf?</li>" in wrong


def test_what_cannot_be_kept_is_said_and_a_lost_button_shows_the_card(proposal: Proposal, rita: Client) -> None:
    refused = send(rita, proposal, "keep", **{"text.p1": "a\0b"})
    assert refused.status_code == 422
    assert "<article" not in refused.content.decode()
    assert "<article" in send(rita, proposal).content.decode()


def test_the_page_of_a_proposal_has_its_headings_in_order(proposal: Proposal, rita: Client) -> None:
    page = rita.get(f"/proposals/{proposal.pk}/").content.decode()
    assert page.index("<h1") < page.index("<h2") < page.index("<h3")


def test_a_point_that_is_wrong_is_named_beside_it_and_nothing_is_decided(proposal: Proposal, rita: Client) -> None:
    response = send(rita, proposal, "accept", **{"weight.p2": "heavy"})
    assert response.status_code == 422
    page = text_of(response)
    assert "Weight must be a number above 0" in page
    assert 'value="heavy"' in page
    assert proposal_of(proposal.judge).state == "proposed"


def test_who_comes_second_sees_what_was_decided_and_his_own_points(
    campaign: Campaign, proposal: Proposal, rita: Client
) -> None:
    other = make_user("rolf", "researcher")
    other.is_staff = True
    other.save()
    send(signed_in(other), proposal, "accept", **{"text.p1": "Of rolf?"})
    response = send(rita, proposal, "accept", **{"text.p1": "Of rita?"})
    page = text_of(response)
    assert response.status_code == 409
    assert "rolf has accepted these points meanwhile" in page
    assert "Of rolf?" in page
    assert "Of rita?</textarea>" in page
    seen = page.split('name="seen" value="')[1].split('"')[0]
    assert send(rita, proposal, "accept", seen=seen, **{"text.p1": "Of rita?"}).status_code == 200
    assert [point["text"] for point in campaign.items.get(key="r0").points or ()] == ["Of rita?", "Second?"]


def test_turning_down_keeps_what_was_typed_for_later(proposal: Proposal, rita: Client) -> None:
    assert "Turned down by rita" in text_of(send(rita, proposal, "reject"))
    page = rita.get(f"{PAGE}?state=rejected").content.decode()
    assert "First?</textarea>" in page
    assert "Turned down by rita" in page


def test_it_works_without_a_script(campaign: Campaign, proposal: Proposal, rita: Client) -> None:
    shown = send(rita, proposal, "add", headers={})
    assert shown.status_code == 200
    assert "<title>Checklist of r0" in shown.content.decode()
    accepted = send(rita, proposal_of(proposal.judge), "accept", headers={})
    assert accepted["Location"] == f"{PAGE}#proposal-{proposal.pk}"
    assert rita.get(f"/proposals/{proposal.pk}/").status_code == 200
    assert rita.post(f"{PAGE}accept/")["Location"] == PAGE
    assert set(slots(campaign).values()) == {"open"}


def test_failures_are_listed_with_their_reason_and_can_be_written_by_hand(researcher: User, rita: Client) -> None:
    judge = writer(waiting_campaign(researcher, "FEW"))
    propose_now(judge)
    page = text_of(rita.get(f"{PAGE}?state=failed"))
    assert "No checklist came: 1 points; a checklist has 2 to 8." in page
    proposal = proposal_of(judge)
    assert send(rita, proposal, "accept", seen="failed").status_code == 200
    assert slots(judge.campaign) == {"r0": "open"}


def test_pages_follow_one_another_and_odd_queries_do_no_harm(researcher: User, rita: Client) -> None:
    judge = writer(waiting_campaign(researcher, *(f"Question {n}?" for n in range(12))))
    propose_now(judge)
    first = rita.get(PAGE).content.decode()
    assert first.count("<article") == 10
    after = first.split("after=")[1].split('"')[0]
    assert rita.get(f"{PAGE}?state=proposed&after={after}").content.decode().count("<article") == 2
    assert rita.get(f"{PAGE}?state=%00&after={'9' * 400}").status_code == 200


def test_points_with_keys_of_any_kind_can_be_edited(researcher: User, rita: Client) -> None:
    judge = writer(waiting_campaign(researcher, "One?"))
    propose_now(judge)
    proposal = proposal_of(judge)
    points = [{"key": "names & <b>“sources”", "text": "Names?", "weight": 1, "fatal": False}]
    Proposal.objects.filter(pk=proposal.pk).update(points=points)
    page = rita.get(PAGE).content.decode()
    assert 'name="text.names &amp; &lt;b&gt;“sources”"' in page
    sent = {"key": [points[0]["key"]], f"text.{points[0]['key']}": "Named?"}
    assert send(rita, proposal, "accept", **sent).status_code == 200
    assert judge.campaign.items.get().points == [{**points[0], "text": "Named?"}]
