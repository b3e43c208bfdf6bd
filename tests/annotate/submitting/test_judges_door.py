"""A judge answers every kind through the same claim, validator and submit as a person."""

import json
from typing import Any

import pytest

from annotate.answers import clean_answers
from annotate.assigning import claim
from annotate.campaigns import add_member
from annotate.errors import Invalid
from annotate.kinds import kind
from annotate.models import Annotation, Annotator, Assignment, Campaign, Record, User
from annotate.records import MODELS
from annotate.submitting import submit
from tests.annotate.kinds.examples import EXAMPLES, Example
from tests.test_round_trip import campaign_of, row_of

pytestmark = pytest.mark.django_db


def reserved(campaign: Campaign) -> tuple[Annotator, Assignment]:
    """A judge of the campaign, holding a row of its own beside the overlap."""
    judge = Annotator.objects.create(organisation=campaign.organisation, kind="judge", name="a judge")
    add_member(campaign, judge)
    unit = campaign.units.get()
    Assignment.objects.create(
        campaign=campaign, version=campaign.current, unit=unit, shown=unit.keys, reserved_for=judge
    )
    held = claim(campaign, judge)
    assert held is not None
    return judge, held


def records_of(annotation: Annotation) -> list[Record]:
    return [record for model in MODELS for record in model._default_manager.filter(annotation=annotation)]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda e: f"{e.kind} {json.dumps(e.config)[:80]}")
def test_a_judge_answers_it_like_a_person(researcher: User, example: Example) -> None:
    campaign = campaign_of(researcher, example, [row_of(example, "i")])
    judge, held = reserved(campaign)
    answer: Any = example.good[0]
    done = submit(held, judge, {"q": answer}).annotation
    assert done.answers == clean_answers([example.asked()], {"q": answer})
    found = records_of(done)
    assert len(found) == len(list(kind(example.kind).records(example.asked(), done.answers["q"]))) > 0
    assert {record.annotator_kind for record in found} == {"judge"}
    assert campaign.assignments.filter(state="open").count() == 1  # The overlap still wants its person.


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda e: f"{e.kind} {json.dumps(e.config)[:80]}")
def test_what_a_person_may_not_answer_a_judge_may_not_either(researcher: User, example: Example) -> None:
    campaign = campaign_of(researcher, example, [row_of(example, "i")])
    judge, held = reserved(campaign)
    with pytest.raises(Invalid) as caught:
        submit(held, judge, {"q": {"zzz": 1}})
    assert set(caught.value.fields) == {"q"}
    assert not Annotation.objects.exists()
