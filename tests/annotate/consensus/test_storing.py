"""The table of consensus follows the votes: what changed is written, what vanished removed, decisions stay above."""

import pytest
from django.utils import timezone

from annotate.adjudicating import adjudicate
from annotate.consensus.storing import forget_others, store
from annotate.models import Annotation, Annotator, Campaign, Consensus, Standing, Unit, User
from annotate.records import delete_records
from tests.annotate.consensus.voting import outcome_of, said, said_item
from tests.factories import person

pytestmark = pytest.mark.django_db
A, B = {"preferred": "a"}, {"preferred": "b"}


@pytest.fixture
def campaign(researcher: User) -> Campaign:
    items = [said_item("r1", ("ann", A), ("bob", A), ("cleo", B)), said_item("r2", ("ann", B)), said_item("r3")]
    return said(researcher, {"kind": "pairwise"}, items)


def stored(campaign: Campaign) -> int:
    return store(campaign, outcome_of(campaign))


def row_of(key: str) -> Consensus:
    return Consensus.objects.get(unit__item__key=key)


def test_every_answered_unit_has_its_row(campaign: Campaign) -> None:
    assert stored(campaign) == 2
    row = row_of("r1")
    assert (row.campaign, row.question, row.rule, row.answer, row.n) == (campaign, "q", "majority", A, 3)
    assert (row.share, row.confidence, row.adjudication) == (0.6667, 0.5, None)
    assert row.things[0]["said"] == {"first": 2, "second": 1}
    assert row_of("r2").answer == B


def test_only_what_changed_is_written(campaign: Campaign) -> None:
    stored(campaign)
    before = row_of("r2").computed_at
    assert stored(campaign) == 0
    cleo = Annotator.objects.get(name="cleo")
    Standing.objects.create(campaign=campaign, annotator=cleo, excluded_at=timezone.now())
    assert stored(campaign) == 1
    assert (row_of("r1").n, row_of("r1").share) == (2, 1)
    assert row_of("r2").computed_at == before


def test_a_row_goes_with_its_annotations(campaign: Campaign) -> None:
    stored(campaign)
    annotation = Annotation.objects.get(unit__item__key="r2")
    delete_records(annotation)
    annotation.delete()
    stored(campaign)
    assert [row.unit.item.key for row in Consensus.objects.all()] == ["r1"]


def test_an_adjudication_stays_above_the_votes(campaign: Campaign, researcher: User) -> None:
    stored(campaign)
    made = adjudicate(Unit.objects.get(item__key="r1"), "q", B, person(researcher))
    assert stored(campaign) == 0, "the decision was stored at once"
    row = row_of("r1")
    assert (row.answer, row.adjudication, row.n, row.share) == (B, made, 3, 0.6667)
    assert row.things[0]["answer"] == "first"


def test_a_unit_without_votes_may_be_decided(campaign: Campaign, researcher: User) -> None:
    adjudicate(Unit.objects.get(item__key="r3"), "q", A, person(researcher))
    Consensus.objects.all().delete()
    assert stored(campaign) == 3
    assert (row_of("r3").answer, row_of("r3").n, row_of("r3").things) == (A, 0, [])


def test_another_rule_writes_its_name(campaign: Campaign) -> None:
    stored(campaign)
    assert store(campaign, outcome_of(campaign, by="dawid_skene")) == 2
    assert set(Consensus.objects.values_list("rule", flat=True)) == {"dawid_skene"}


def test_what_is_not_asked_any_more_is_forgotten(campaign: Campaign) -> None:
    stored(campaign)
    forget_others(campaign, ["q"])
    assert Consensus.objects.count() == 2
    forget_others(campaign, [])
    assert not Consensus.objects.exists()
