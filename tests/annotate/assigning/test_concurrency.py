"""Many annotators at once, on real connections."""

import random
import threading
from collections import Counter

import pytest
from django.db import connection, transaction

from annotate.assigning import claim
from annotate.errors import LeaseLost
from annotate.models import Annotation, Annotator, Assignment, Campaign, Draft, Preference, User
from annotate.submitting import submit
from tests.factories import make_user, person, running_campaign

pytestmark = pytest.mark.django_db(transaction=True)


def in_threads(work: "list[threading.Thread]") -> None:
    for thread in work:
        thread.start()
    for thread in work:
        thread.join()


def test_sixteen_annotators_finish_everything_and_never_exceed_the_overlap(researcher: User) -> None:
    people = [make_user(f"p{i}") for i in range(16)]
    campaign = running_campaign(researcher, 30, people, overlap=3)
    failures: list[BaseException] = []

    def annotate(annotator: Annotator) -> None:
        rng = random.Random(annotator.pk)
        try:
            assignment = claim(campaign, annotator)
            while assignment is not None:
                answers = {"overall": {"preferred": rng.choice(["a", "b", None])}}
                done = submit(assignment, annotator, answers)
                assert submit(assignment, annotator, answers).outcome == "repeated"
                assignment = done.next or claim(campaign, annotator)
        except BaseException as error:
            failures.append(error)
        finally:
            connection.close()

    in_threads([threading.Thread(target=annotate, args=(person(user),)) for user in people])
    assert not failures
    per_item = Counter(Annotation.objects.values_list("unit__item__key", flat=True))
    assert per_item == {f"r{i}": 3 for i in range(30)}
    assert len(set(Annotation.objects.values_list("unit", "annotator"))) == 90
    assert not Assignment.objects.exclude(state="done").exists()
    assert Preference.objects.count() == 90


def test_an_expired_lease_is_either_kept_or_passed_on_and_never_both(researcher: User, annotator: User) -> None:
    """Its holder submits, reloads, and somebody else claims, all at the same moment."""
    other = make_user("bob")
    campaign = running_campaign(researcher, 25, [annotator, other])
    holder, taker = person(annotator), person(other)

    def once(assignment: Assignment) -> None:
        barrier = threading.Barrier(3)

        def hand_in() -> None:
            barrier.wait()
            try:
                submit(assignment, holder, {"overall": {"preferred": "a"}}, claim_next=False)
            except LeaseLost:
                assert Draft.objects.filter(assignment=assignment, annotator=holder).exists()
            connection.close()

        def ask(who: Annotator) -> None:
            barrier.wait()
            claim(campaign, who)
            connection.close()

        asking = [threading.Thread(target=ask, args=(who,)) for who in (holder, taker)]
        in_threads([threading.Thread(target=hand_in), *asking])

    for _ in range(12):
        assignment = claim(campaign, holder)
        assert assignment is not None
        Assignment.objects.filter(annotator=holder, state="leased").update(leased_until="2020-01-01T00:00:00Z")
        once(assignment)
        assignment.refresh_from_db()
        submitted = Annotation.objects.filter(assignment=assignment, annotator=holder).exists()
        assert submitted == (assignment.annotator == holder)
        assert submitted == (assignment.state == "done")
        Assignment.objects.filter(state="leased").update(
            state="open", annotator=None, leased_at=None, leased_until=None
        )


def test_a_holder_who_reloads_does_not_take_back_what_has_passed_on(researcher: User, annotator: User) -> None:
    """The reload has read its lease; before it renews it, the row goes to somebody else."""
    other = make_user("bob")
    campaign = running_campaign(researcher, 1, [annotator, other])
    held = claim(campaign, person(annotator))
    assert held is not None
    Assignment.objects.update(leased_until="2020-01-01T00:00:00Z")
    result: list[Assignment | None] = []

    def reload() -> None:
        result.append(claim(Campaign.objects.get(), person(annotator)))
        connection.close()

    thread = threading.Thread(target=reload)
    with transaction.atomic():
        taken = claim(campaign, person(other))
        thread.start()
        wait_until_blocked()
    thread.join()
    assert taken == held
    assert result == [None]
    assert Assignment.objects.get().annotator == person(other)


def wait_until_blocked() -> None:
    """Returns when a connection of this database waits for a lock."""
    query = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    with connection.cursor() as cursor:
        for _ in range(2000):
            cursor.execute("SELECT pg_stat_clear_snapshot(), pg_sleep(0.005)")
            cursor.execute(query)
            if cursor.fetchone() != (0,):
                return
    raise AssertionError("nobody waits for the row")
