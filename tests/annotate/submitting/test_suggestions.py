"""Judges' suggestions: when they may be seen, and what is noted of it."""

from typing import Any

import pytest

from annotate.assigning import claim
from annotate.campaigns import add_member
from annotate.errors import Invalid, LeaseLost, WrongState
from annotate.models import Annotation, Annotator, Assignment, Campaign, Draft, Label, Preference, User
from annotate.submitting import draft_of, save_draft, submit
from annotate.suggesting import judged, reveal
from tests.factories import PAIRWISE, make_user, person, running_campaign

pytestmark = pytest.mark.django_db

WHY: dict[str, Any] = {"name": "why", "kind": "text", "required": False}
A, B, TIE = ({"overall": {"preferred": preferred}} for preferred in ("a", "b", None))


@pytest.fixture
def me(annotator: User) -> Annotator:
    return person(annotator)


def campaign_with(researcher: User, annotator: User, mode: str, **spec: Any) -> Campaign:
    return running_campaign(researcher, 1, [annotator], questions=[PAIRWISE, WHY], suggestions=mode, overlap=2, **spec)


def judge(campaign: Campaign, answers: dict[str, Any], name: str = "judy") -> Annotation:
    """A judge's finished annotation of the only unit."""
    found = Annotator.objects.create(organisation=campaign.organisation, campaign=campaign, kind="judge", name=name)
    add_member(campaign, found)
    unit = campaign.units.get()
    row = Assignment.objects.create(
        campaign=campaign, version=campaign.current, unit=unit, shown=unit.keys, reserved_for=found
    )
    assert claim(campaign, found) == row
    return submit(row, found, answers).annotation


def got(campaign: Campaign, annotator: Annotator) -> Assignment:
    assignment = claim(campaign, annotator)
    assert assignment is not None
    return assignment


def test_off_is_off(researcher: User, annotator: User, me: Annotator) -> None:
    campaign = campaign_with(researcher, annotator, "off")
    judge(campaign, A)
    held = got(campaign, me)
    with pytest.raises(WrongState):
        reveal(held, me, A)
    assert not Draft.objects.exists()


def test_after_the_first_answer_and_not_before(researcher: User, annotator: User, me: Annotator) -> None:
    campaign = campaign_with(researcher, annotator, "after")
    judge(campaign, A)
    held = got(campaign, me)
    for incomplete in (None, {}, {"why": "because"}, {"overall": {"preferred": "z"}}):
        with pytest.raises(Invalid, match="Answer everything"):
            reveal(held, me, incomplete)
    assert not Draft.objects.exists()
    shown = reveal(held, me, B)
    assert {name: one["answer"] for name, one in shown.items()} == {"overall": {"preferred": "a"}}
    assert shown["overall"]["judge"] == "judy"
    assert draft_of(held, me) == B


def test_the_first_answer_is_what_was_there_when_the_suggestion_was_shown(
    researcher: User, annotator: User, me: Annotator
) -> None:
    campaign = campaign_with(researcher, annotator, "after")
    judge(campaign, A)
    held = got(campaign, me)
    reveal(held, me, B)
    save_draft(held, me, TIE)
    reveal(held, me, TIE)
    done = submit(held, me, A, aids={"suggestions": {"used": ["overall"]}}).annotation
    assert done.aids is not None
    noted = done.aids["suggestions"]
    assert (noted["when"], noted["first"], noted["used"]) == ("after", B, ["overall"])
    assert noted["result"] == {"overall": "adopted"}
    submit(held, me, TIE, revises=1)
    revised = Annotation.objects.get(pk=done.pk)
    assert revised.aids is not None
    assert revised.aids["suggestions"]["first"] == B
    assert revised.aids["suggestions"]["result"] == {"overall": "changed"}


def test_before_needs_no_answer_and_says_so(researcher: User, annotator: User, me: Annotator) -> None:
    campaign = campaign_with(researcher, annotator, "before")
    judge(campaign, A)
    held = got(campaign, me)
    save_draft(held, me, {"why": "hm"})
    assert list(reveal(held, me)) == ["overall"]
    assert draft_of(held, me) == {"why": "hm"}
    done = submit(held, me, A).annotation
    assert done.aids is not None
    noted = done.aids["suggestions"]
    assert (noted["when"], noted["first"], noted["result"]) == ("before", None, {"overall": "adopted"})


def test_an_answer_given_before_looking_counts_as_first_in_any_case(
    researcher: User, annotator: User, me: Annotator
) -> None:
    campaign = campaign_with(researcher, annotator, "before")
    judge(campaign, A)
    held = got(campaign, me)
    reveal(held, me, A)
    done = submit(held, me, A).annotation
    assert done.aids is not None
    assert (done.aids["suggestions"]["when"], done.aids["suggestions"]["result"]) == ("after", {"overall": "agreed"})


def test_who_looks_again_at_his_answer_sees_what_judges_said_meanwhile(
    researcher: User, annotator: User, me: Annotator
) -> None:
    campaign = campaign_with(researcher, annotator, "after")
    held = got(campaign, me)
    done = submit(held, me, B).annotation
    assert not judged(held)
    assert reveal(held, me) == {}
    judge(campaign, A)
    assert list(reveal(held, me)) == ["overall"]
    submit(held, me, A, revises=1)
    done.refresh_from_db()
    assert done.aids is not None
    assert (done.aids["suggestions"]["first"], done.aids["suggestions"]["result"]) == (B, {"overall": "adopted"})


def test_the_latest_answer_to_each_question_is_shown(researcher: User, annotator: User, me: Annotator) -> None:
    campaign = campaign_with(researcher, annotator, "before")
    judge(campaign, {**A, "why": "shorter"}, "old")
    judge(campaign, TIE, "new")
    shown = reveal(got(campaign, me), me)
    assert [(name, one["judge"], one["answer"]) for name, one in shown.items()] == [
        ("overall", "new", {"preferred": None}),
        ("why", "old", "shorter"),
    ]


def test_without_a_judge_nothing_is_noted(researcher: User, annotator: User, me: Annotator) -> None:
    campaign = campaign_with(researcher, annotator, "after")
    held = got(campaign, me)
    assert reveal(held, me, B) == {}
    assert submit(held, me, B).annotation.aids is None


def test_other_people_are_no_judges(researcher: User, annotator: User, me: Annotator) -> None:
    campaign, other = campaign_with(researcher, annotator, "before"), person(make_user("bob"))
    add_member(campaign, other)
    submit(got(campaign, other), other, A, claim_next=False)
    held = got(campaign, me)
    assert not judged(held)
    assert reveal(held, me) == {}


def test_an_adopted_answer_is_a_persons_in_the_records(researcher: User, annotator: User, me: Annotator) -> None:
    campaign = campaign_with(researcher, annotator, "before")
    judge(campaign, A)
    held = got(campaign, me)
    reveal(held, me)
    submit(held, me, A)
    assert list(Preference.objects.order_by("pk").values_list("annotator_kind", flat=True)) == ["judge", "human"]
    assert not Label.objects.exists()


def test_only_the_holder_is_shown_anything(researcher: User, annotator: User, me: Annotator) -> None:
    campaign, other = campaign_with(researcher, annotator, "before"), person(make_user("bob"))
    add_member(campaign, other)
    judge(campaign, A)
    held = got(campaign, me)
    with pytest.raises(LeaseLost):
        reveal(held, other, A)
