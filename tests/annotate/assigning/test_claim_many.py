"""A judge claims, gives back and submits many at a time, as it would one by one."""

import threading

import pytest
from django.db import connection

from annotate.assigning import claim, claim_many, release_many
from annotate.campaigns import change_state
from annotate.errors import Invalid, NotAllowed, NotRunning
from annotate.models import Annotation, Annotator, Assignment, Campaign, Preference, Skip, User
from annotate.parking import lock_item, withdraw
from annotate.submitting import Answered, submit, submit_many
from tests.factories import PAIRWISE_PAIR, make_user, person
from tests.routing.judged import judged_campaign, make_judge

pytestmark = pytest.mark.django_db
A = {"better": {"preferred": "a"}}


@pytest.fixture
def judge(researcher: User) -> Annotator:
    """With a reserved row in each of six units."""
    campaign = judged_campaign(researcher, 6, PAIRWISE_PAIR)
    annotator = make_judge(campaign).annotator
    for unit in campaign.units.all():
        Assignment.objects.create(
            campaign=campaign, version=campaign.current, unit=unit, shown=unit.keys, reserved_for=annotator
        )
    return annotator


def campaign_of(judge: Annotator) -> Campaign:
    assert judge.campaign is not None
    return judge.campaign


def test_as_many_are_leased_as_are_wanted_in_their_order(judge: Annotator) -> None:
    found = claim_many(campaign_of(judge), judge, 4)
    assert [row.unit.item.key for row in found] == ["r0", "r1", "r2", "r3"]
    assert {(row.state, row.annotator_id) for row in found} == {("leased", judge.pk)}
    rest = claim_many(campaign_of(judge), judge, 4, [row.pk for row in found])
    assert [row.unit.item.key for row in rest] == ["r4", "r5"]
    assert claim_many(campaign_of(judge), judge, 4, [row.pk for row in found + rest]) == []


def test_what_he_holds_already_comes_first(judge: Annotator) -> None:
    held = claim(campaign_of(judge), judge)
    assert held is not None
    assert claim_many(campaign_of(judge), judge, 2)[0] == held


def test_what_is_done_or_passed_over_is_not_given_again(judge: Annotator) -> None:
    first, second = claim_many(campaign_of(judge), judge, 2)
    submit(first, judge, A, claim_next=False)
    Skip.objects.create(campaign=campaign_of(judge), unit=second.unit, annotator=judge, reason="no")
    release_many(campaign_of(judge), judge, [second.pk])
    assert [row.unit.item.key for row in claim_many(campaign_of(judge), judge, 9)] == ["r2", "r3", "r4", "r5"]


def test_only_members_of_running_campaigns_claim(judge: Annotator) -> None:
    with pytest.raises(NotAllowed):
        claim_many(campaign_of(judge), person(make_user("stranger")), 1)
    change_state(campaign_of(judge), "pause")
    with pytest.raises(NotRunning):
        claim_many(campaign_of(judge), judge, 1)


def test_what_is_given_back_is_open_again_unless_its_item_was_taken_out(judge: Annotator) -> None:
    first, second, third = claim_many(campaign_of(judge), judge, 3)
    withdraw(lock_item(second.unit.item_id))
    submit(third, judge, A, claim_next=False)
    assert release_many(campaign_of(judge), judge, [first.pk, second.pk, third.pk]) == 2
    states = Assignment.objects.filter(pk__in=[first.pk, second.pk, third.pk]).order_by("pk")
    assert list(states.values_list("state", flat=True)) == ["open", "parked", "done"]


def test_many_answers_are_written_as_one_by_one(judge: Annotator) -> None:
    one, *rest = claim_many(campaign_of(judge), judge, 6)
    submit(one, judge, A, probabilities={"better": {"a": 0.7, "b": 0.3}}, claim_next=False)
    given = [Answered(row, A, {"better": {"a": 0.7, "b": 0.3}}) for row in rest]
    assert len(submit_many(judge, given)) == 5
    for model in (Annotation, Preference):
        ignored = {"id", "assignment_id", "unit_id", "item_id", "prompt_group_id", "annotation_id", "a_id", "b_id"}
        rows = [
            {name: value for name, value in row.items() if name not in ignored and not name.endswith("_at")}
            for row in model._default_manager.values()
        ]
        assert rows == [rows[0]] * 6
    assert not Assignment.objects.filter(reserved_for=judge).exclude(state="done").exists()


def test_what_is_held_no_longer_is_left_as_it_is(judge: Annotator) -> None:
    first, second = claim_many(campaign_of(judge), judge, 2)
    release_many(campaign_of(judge), judge, [first.pk])
    made = submit_many(judge, [Answered(first, A), Answered(second, A), Answered(second, A)])
    assert [annotation.assignment_id for annotation in made] == [second.pk]
    assert submit_many(judge, [Answered(second, A)]) == []


def test_one_wrong_answer_writes_nothing(judge: Annotator) -> None:
    first, second = claim_many(campaign_of(judge), judge, 2)
    with pytest.raises(Invalid):
        submit_many(judge, [Answered(first, A), Answered(second, {"better": {"preferred": "z"}})])
    assert not Annotation.objects.exists()


def test_what_runs_along_stands_or_falls_with_the_answers(judge: Annotator) -> None:
    def fail() -> None:
        assert Annotation.objects.count() == 1
        raise RuntimeError

    [first] = claim_many(campaign_of(judge), judge, 1)
    with pytest.raises(RuntimeError):
        submit_many(judge, [Answered(first, A)], fail)
    assert not Annotation.objects.exists()
    first.refresh_from_db()
    assert first.state == "leased"


@pytest.mark.django_db(transaction=True)
def test_of_two_processes_at_once_each_gets_its_own(judge: Annotator) -> None:
    """The second holds what the first was given, as after a crash; both submit, and nothing is doubled."""
    made: list[int] = []

    def work() -> None:
        for _ in range(3):
            rows = claim_many(campaign_of(judge), judge, 3)
            made.extend(annotation.pk for annotation in submit_many(judge, [Answered(row, A) for row in rows]))
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == len(set(made)) == 6 == Annotation.objects.count() == Preference.objects.count()
