"""A researcher's answer: it counts at once, is kept with its author, can be taken back, and changes no annotation."""

import threading
from typing import Any

import pytest
from django.db import connection

from annotate.adjudicating import FROM_FLAG, adjudicate, adopt_decisions, withdraw_adjudication
from annotate.assigning import claim, take
from annotate.consensus.storing import store
from annotate.errors import Invalid, WrongState
from annotate.flagging import flag
from annotate.models import Adjudication, Annotation, Campaign, Consensus, Flag, Preference, Unit, User
from annotate.resolving import resolve
from annotate.signals import consensus_overridden
from annotate.submitting import submit
from tests.annotate.consensus.voting import outcome_of, said, said_item
from tests.factories import PAIRWISE, make_user, person, running_campaign

pytestmark = pytest.mark.django_db
A, B = {"preferred": "a"}, {"preferred": "b"}


@pytest.fixture
def campaign(researcher: User) -> Campaign:
    campaign = said(researcher, {"kind": "pairwise"}, [said_item("r1", ("ann", A), ("bob", A))])
    store(campaign, outcome_of(campaign))
    return campaign


@pytest.fixture
def unit(campaign: Campaign) -> Unit:
    return Unit.objects.get()


def test_it_counts_at_once_and_changes_no_annotation(unit: Unit, researcher: User) -> None:
    before = list(Annotation.objects.values_list("answers", "revision"))
    made = adjudicate(unit, "q", B, person(researcher), " b cites its sources ")
    row = Consensus.objects.get()
    assert (row.answer, row.adjudication, row.n) == (B, made, 2)
    assert (made.author, made.note) == (person(researcher), "b cites its sources")
    assert list(Annotation.objects.values_list("answers", "revision")) == before
    assert Preference.objects.count() == 2


def test_taken_back_the_votes_count_again_and_history_stays(unit: Unit, researcher: User) -> None:
    adjudicate(unit, "q", B, person(researcher))
    withdraw_adjudication(unit, "q", person(researcher), "no, the guidelines say a")
    row = Consensus.objects.get()
    assert (row.answer, row.adjudication) == (A, None)
    assert list(Adjudication.objects.order_by("pk").values_list("answer", "note")) == [
        (B, ""),
        (None, "no, the guidelines say a"),
    ]
    store(unit.campaign, outcome_of(unit.campaign))
    assert Consensus.objects.get().answer == A
    with pytest.raises(WrongState, match="no decision to take back"):
        withdraw_adjudication(unit, "q", person(researcher))


@pytest.mark.django_db(transaction=True)
def test_of_two_decisions_at_once_the_newest_is_the_one_that_is_stored(unit: Unit, researcher: User) -> None:
    author = person(researcher)

    def decide() -> None:
        try:
            adjudicate(unit, "q", B, author)
        finally:
            connection.close()

    second = threading.Thread(target=decide)

    def meanwhile(**_: Any) -> None:
        consensus_overridden.disconnect(meanwhile)
        second.start()
        second.join(0.3)

    consensus_overridden.connect(meanwhile)
    adjudicate(unit, "q", A, author)
    second.join()
    row = Consensus.objects.get()
    assert (row.adjudication, row.answer) == (Adjudication.objects.latest("pk"), B)


def test_a_unit_without_votes_has_no_row_once_the_decision_is_taken_back(researcher: User) -> None:
    campaign = said(researcher, {"kind": "pairwise"}, [said_item("r1")])
    unit = Unit.objects.get(campaign=campaign)
    adjudicate(unit, "q", A, person(researcher))
    assert Consensus.objects.get().answer == A
    withdraw_adjudication(unit, "q", person(researcher))
    assert not Consensus.objects.exists()


@pytest.mark.parametrize(
    ("question", "answer", "note", "field", "message"),
    [
        ("q", {"preferred": "c"}, "", "q", "preferred must be a or b"),
        ("q", None, "", "answer", "not answered"),
        ("other", A, "", "question", "q"),
        (7, A, "", "question", "q"),
        ("q", A, "x" * 501, "note", "500 characters at most"),
        ("q", A, 3, "note", "500 characters at most"),
    ],
)
def test_what_is_wrong_is_said(
    unit: Unit, researcher: User, question: Any, answer: Any, note: Any, field: str, message: str
) -> None:
    with pytest.raises(Invalid) as refused:
        adjudicate(unit, question, answer, person(researcher), note)
    assert message in refused.value.fields[field]
    assert not Adjudication.objects.exists()


def test_texts_are_not_adjudicated(researcher: User) -> None:
    said(researcher, {"kind": "text"}, [said_item("r1", ("ann", "why not"))])
    with pytest.raises(Invalid, match="texts have no consensus"):
        adjudicate(Unit.objects.get(), "q", "because", person(researcher))


def test_a_decision_settles_the_flags_that_asked_for_one(researcher: User) -> None:
    annotator = make_user("ann")
    campaign = running_campaign(researcher, 1, [annotator])
    held = claim(campaign, person(annotator))
    assert held is not None
    flag(held, person(annotator), "unsure")
    flag(held, person(annotator), "look at this")
    adjudicate(held.unit, "overall", A, person(researcher))
    settled = dict(Flag.objects.values_list("reason", "resolution"))
    assert settled == {"unsure": "answer", "look at this": ""}
    assert Flag.objects.get(reason="unsure").resolved_by == person(researcher)


def test_what_a_researcher_answers_from_a_flag_counts_once_as_a_decision(researcher: User) -> None:
    annotator = make_user("ann")
    campaign = running_campaign(researcher, 1, [annotator], questions=[PAIRWISE])
    held = claim(campaign, person(annotator))
    assert held is not None
    found = flag(held, person(annotator), "unsure")
    submit(held, person(annotator), {"overall": A})
    row = resolve(found, person(researcher), "answer")
    assert row is not None
    submit(take(row, person(researcher)), person(researcher), {"overall": B})
    assert adopt_decisions(campaign) == 1
    assert adopt_decisions(campaign) == 0
    made = Adjudication.objects.get()
    assert (made.answer, made.author, made.note) == (B, person(researcher), FROM_FLAG)
    store(campaign, outcome_of(campaign, "overall"))
    kept = Consensus.objects.get()
    assert (kept.answer, kept.n, kept.things[0]["said"]) == (B, 1, {"first": 1})
    withdraw_adjudication(held.unit, "overall", person(researcher))
    assert adopt_decisions(campaign) == 0, "what was taken back is not taken over again"
