"""Silent repeats: who gets what once more, when, and that nothing tells him."""

import random
import threading
from collections import Counter
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from annotate.api.payloads import assignment_payload
from annotate.assigning import REPEATS, RESERVED, claim, release, take
from annotate.campaigns import change_state
from annotate.errors import LeaseLost, NotRunning
from annotate.flagging import flag, skip
from annotate.models import Annotation, Annotator, Assignment, Campaign, Member, User
from annotate.overview import own_campaigns, pace, progress
from annotate.parking import lock_item, put_back, withdraw
from annotate.repeating import is_repeated
from annotate.resolving import resolve
from annotate.submitting import submit
from annotate.views.work_progress import progress_of
from tests.factories import PAIRWISE_PAIR, RATING_EACH, make_user, person, running_campaign

pytestmark = pytest.mark.django_db

A, B = ({"overall": {"preferred": key}} for key in "ab")
ALWAYS = {"share": 1, "delay_minutes": 60}


@pytest.fixture
def me(annotator: User) -> Annotator:
    return person(annotator)


@pytest.fixture
def campaign(researcher: User, annotator: User) -> Campaign:
    return running_campaign(researcher, 3, [annotator], repeats=ALWAYS)


def got(campaign: Campaign, annotator: Annotator) -> Assignment:
    assignment = claim(campaign, annotator)
    assert assignment is not None
    return assignment


def answer(campaign: Campaign, annotator: Annotator, answers: Any = A) -> Assignment:
    assignment = got(campaign, annotator)
    submit(assignment, annotator, answers, claim_next=False)
    return assignment


def repeats() -> Any:
    return Assignment.objects.filter(purpose="repeat")


def come_due() -> None:
    repeats().update(open_from=timezone.now() - timedelta(seconds=1))


def test_a_finished_item_is_reserved_for_its_annotator_once_more(campaign: Campaign, me: Annotator) -> None:
    first = answer(campaign, me)
    again = repeats().get()
    assert (again.unit, again.round, again.slot, again.reserved_for) == (first.unit, 1, None, me)
    assert again.shown == first.shown[::-1]
    assert abs(again.open_from - timezone.now() - timedelta(minutes=60)) < timedelta(minutes=1)


@pytest.mark.parametrize("questions", [[RATING_EACH], [PAIRWISE_PAIR]])
def test_the_sides_change_places_whatever_is_shown(
    researcher: User, annotator: User, questions: list[dict[str, Any]]
) -> None:
    campaign = running_campaign(researcher, 1, [annotator], questions=questions, repeats=ALWAYS)
    held = got(campaign, person(annotator))
    answers = {"score": {held.shown[0]: 3}} if len(held.shown) == 1 else {"better": {"preferred": "a"}}
    submit(held, person(annotator), answers)
    assert repeats().get().shown == held.shown[::-1]


def test_it_comes_once_its_time_has_come_and_writes_records_of_its_own(campaign: Campaign, me: Annotator) -> None:
    for _ in range(3):
        answer(campaign, me)
    assert claim(campaign, me) is None
    come_due()
    answered = answer(campaign, me, B)
    assert (answered.round, answered.purpose) == (1, "repeat")
    assert list(Annotation.objects.filter(unit=answered.unit).order_by("round").values_list("round", "answers")) == [
        (0, A),
        (1, B),
    ]
    assert repeats().count() == 3  # A repeat is not repeated.


def test_a_campaign_without_the_option_repeats_nothing(researcher: User, annotator: User, me: Annotator) -> None:
    answer(running_campaign(researcher, 1, [annotator]), me)
    assert not repeats().exists()


def test_the_share_is_drawn_by_item_view_and_annotator(researcher: User, annotator: User, me: Annotator) -> None:
    campaign = running_campaign(researcher, 40, [annotator], repeats={"share": 0.3})
    for _ in range(40):
        answer(campaign, me)
    done = Annotation.objects.values_list("unit", "unit__item", "unit__view")
    drawn = {unit for unit, item, view in done if is_repeated(item, view, me.pk, 0.3)}
    assert set(repeats().values_list("unit", flat=True)) == drawn
    assert 0 < repeats().count() < 40


def test_the_ratings_of_one_item_are_repeated_together(researcher: User, annotator: User, me: Annotator) -> None:
    """Each completion of a pair has a unit of its own; drawn apart, both would be repeated in a share² of the pairs."""
    campaign = running_campaign(researcher, 40, [annotator], questions=[RATING_EACH], repeats={"share": 0.3})
    for _ in range(80):
        held = got(campaign, me)
        submit(held, me, {"score": {held.shown[0]: 3}}, claim_next=False)
    often = Counter(repeats().values_list("unit__item", flat=True))
    assert 0 < len(often) < 40
    assert set(often.values()) == {2}


def test_the_draw_keeps_to_the_share_and_grows_with_it() -> None:
    drawn = [[is_repeated(item, 1, who, share) for item in range(500) for who in range(8)] for share in (0.1, 0.4)]
    assert [sum(each) / 4000 for each in drawn] == pytest.approx([0.1, 0.4], abs=0.02)
    assert all(more or not less for less, more in zip(*drawn, strict=True))


def test_a_submit_that_is_repeated_or_revised_makes_no_second_one(campaign: Campaign, me: Annotator) -> None:
    first = answer(campaign, me)
    assert submit(first, me, A).outcome == "repeated"
    assert submit(first, me, B, revises=1).outcome == "revised"
    assert repeats().count() == 1


def test_judges_are_not_asked_twice(campaign: Campaign, me: Annotator) -> None:
    judge = Annotator.objects.create(organisation=campaign.organisation, campaign=campaign, kind="judge", name="j")
    Member.objects.create(campaign=campaign, annotator=judge)
    unit = campaign.units.first()
    assert unit is not None
    Assignment.objects.create(
        campaign=campaign, version=campaign.current, unit=unit, shown=unit.keys, reserved_for=judge
    )
    answer(campaign, judge)
    assert not repeats().exists()


def test_nobody_else_gets_it(campaign: Campaign, me: Annotator) -> None:
    other = make_user("bob")
    Member.objects.create(campaign=campaign, annotator=person(other))
    for _ in range(3):
        answer(campaign, me)
    come_due()
    assert claim(campaign, person(other)) is None


def test_it_cannot_be_taken_before_its_time(campaign: Campaign, me: Annotator) -> None:
    answer(campaign, me)
    with pytest.raises(LeaseLost):
        take(repeats().get(), me)


def test_due_repeats_lie_strewn_among_what_is_open(researcher: User, annotator: User, me: Annotator) -> None:
    """Twenty come due at once: neither do they come in a row, nor only when the rest is done."""
    campaign = running_campaign(researcher, 120, [annotator], repeats={"share": 0.5}, spacing=0)
    while repeats().count() < 20:
        answer(campaign, me)
    come_due()
    random.seed(1)
    came = [answer(campaign, me).purpose == "repeat" for _ in range(60)]
    assert sum(came) == 20
    assert sum(one != two for one, two in pairwise(came)) > 10


def test_a_repeat_does_not_come_beside_its_prompt(researcher: User, annotator: User, me: Annotator) -> None:
    campaign = running_campaign(researcher, 5, [annotator], repeats=ALWAYS, spacing=3)
    answer(campaign, me)
    come_due()
    assert [answer(campaign, me).purpose for _ in range(3)].count("repeat") == 0


def test_nothing_in_what_the_annotator_receives_tells_it(campaign: Campaign, me: Annotator) -> None:
    first = got(campaign, me)
    before = assignment_payload(first, me)
    submit(first, me, A, claim_next=False)
    come_due()
    again = take(repeats().get(), me)
    after = assignment_payload(again, me)
    assert before["item"]["completions"] == after["item"]["completions"][::-1]
    told = ("view", "questions", "round", "draft")
    assert [after[name] for name in told] == [before[name] for name in told]
    assert before.keys() == after.keys()


def test_progress_counts_the_base_design_alone(researcher: User, campaign: Campaign, me: Annotator) -> None:
    for _ in range(3):
        answer(campaign, me)
    counts = progress(campaign)
    assert (counts["wanted"], counts["done"], counts["repeats_done"], counts["repeats_left"]) == (3, 3, 0, 3)
    come_due()
    answer(campaign, me)
    counts = progress(campaign)
    assert (counts["wanted"], counts["done"], counts["open"]) == (3, 3, 0)
    assert (counts["repeats_done"], counts["repeats_left"], counts["annotations"]) == (1, 2, 4)
    assert {"wanted": 3, "done": 3}.items() <= vars(own_campaigns(researcher).get()).items()
    found = pace(campaign, 0)
    assert found is not None
    assert found.done == 3


def test_what_is_left_for_an_annotator_counts_only_what_he_can_get(campaign: Campaign, me: Annotator) -> None:
    answer(campaign, me)
    assert (progress_of(campaign, me).done, progress_of(campaign, me).left) == (1, 2)
    come_due()
    assert progress_of(campaign, me).left == 3
    skip(take(repeats().get(), me), me, "other")
    assert progress_of(campaign, me).left == 2


def test_a_skipped_repeat_does_not_come_back(campaign: Campaign, me: Annotator) -> None:
    for _ in range(3):
        answer(campaign, me)
    come_due()
    skip(got(campaign, me), me, "other")
    assert progress(campaign)["repeats_left"] == 2
    assert {answer(campaign, me).round for _ in range(2)} == {1}
    assert claim(campaign, me) is None


def test_a_released_repeat_comes_back(campaign: Campaign, me: Annotator) -> None:
    for _ in range(3):
        answer(campaign, me)
    come_due()
    release(got(campaign, me), me)
    assert {answer(campaign, me).purpose for _ in range(3)} == {"repeat"}


def test_of_an_item_taken_out_nothing_is_repeated_until_it_is_put_back(campaign: Campaign, me: Annotator) -> None:
    first = answer(campaign, me)
    second = got(campaign, me)
    for row in (first, second):
        withdraw(lock_item(row.unit.item_id))
    submit(second, me, A, claim_next=False)
    assert list(repeats().values_list("state", flat=True)) == ["parked", "parked"]
    put_back(lock_item(second.unit.item_id))
    assert repeats().get(unit=second.unit).state == "open"


def test_of_a_unit_left_to_researchers_nothing_is_repeated(campaign: Campaign, me: Annotator) -> None:
    first = answer(campaign, me)
    raised = flag(first, me, "unsure")
    assert repeats().get().state == "parked"
    resolve(raised, me, "return")
    assert repeats().get().state == "open"


def test_a_paused_campaign_gives_none(campaign: Campaign, me: Annotator) -> None:
    answer(campaign, me)
    come_due()
    change_state(campaign, "pause")
    with pytest.raises(NotRunning):
        claim(campaign, me)


@pytest.mark.django_db(transaction=True)
def test_two_submits_at_once_make_one_repeat(campaign: Campaign, me: Annotator) -> None:
    held, failures = got(campaign, me), list[BaseException]()
    start = threading.Barrier(2)

    def send() -> None:
        try:
            start.wait()
            submit(held, me, A)
        except BaseException as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    assert repeats().count() == 1
    assert Annotation.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_items_taken_out_while_people_submit_leave_no_repeat_open(researcher: User) -> None:
    people = [make_user(f"p{i}") for i in range(6)]
    campaign = running_campaign(researcher, 12, people, overlap=6, repeats={"share": 1, "delay_minutes": 0})
    failures: list[BaseException] = []

    def annotate(who: Annotator) -> None:
        try:
            for _ in range(12):
                if (held := claim(campaign, who)) is None:
                    break
                submit(held, who, A, claim_next=False)
        except BaseException as error:
            failures.append(error)
        finally:
            connection.close()

    def take_out() -> None:
        try:
            for pk in campaign.items.order_by("-pk").values_list("pk", flat=True):
                with transaction.atomic():
                    withdraw(lock_item(pk))
        except BaseException as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=annotate, args=(person(user),)) for user in people]
    threads.append(threading.Thread(target=take_out))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    assert not Assignment.objects.filter(state="open").exists()
    assert set(repeats().values_list("state", flat=True)) <= {"parked", "done", "leased"}


def test_repeats_that_are_not_due_are_not_walked(campaign: Campaign, me: Annotator) -> None:
    first = campaign.assignments.order_by("pk")[0]
    later = timezone.now() + timedelta(days=1)
    row = {"campaign": campaign, "version": campaign.current, "unit": first.unit, "shown": first.shown}
    Assignment.objects.bulk_create(
        Assignment(**row, round=n, purpose="repeat", reserved_for=me, open_from=later) for n in range(1, 2001)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE annotate_assignment")
        for query, index in ((RESERVED, "assignment_reserved"), (REPEATS, "assignment_due")):
            cursor.execute(f"EXPLAIN (ANALYZE, COSTS OFF) {query}", {"campaign": campaign.pk, "me": me.pk})
            plan = "\n".join(line for (line,) in cursor.fetchall())
            assert index in plan, plan
            assert "Removed by Filter" not in plan, plan


def test_a_researchers_decision_is_not_his_own_repeat(campaign: Campaign, me: Annotator) -> None:
    done = answer(campaign, me)
    decision = resolve(flag(done, me, "look at this"), me, "answer")
    assert decision is not None
    assert (decision.purpose, decision.open_from) == ("", None)
    assert repeats().filter(unit=done.unit_id).exclude(pk=decision.pk).count() == 1
