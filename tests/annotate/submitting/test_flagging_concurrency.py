"""Flags, skips and researchers' decisions at the same moment, on real connections."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection

from annotate.assigning import claim, release
from annotate.errors import AnnotateError
from annotate.flagging import flag, skip
from annotate.models import Annotator, Assignment, Flag, Item, Skip, User
from annotate.resolving import resolve
from annotate.submitting import submit
from tests.factories import make_user, person, running_campaign

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*work: Callable[[], object]) -> None:
    """Does everything in threads of its own, from the same moment on; what is refused is refused."""
    barrier, broken = threading.Barrier(len(work)), list[BaseException]()

    def run(one: Callable[[], object]) -> None:
        barrier.wait()
        try:
            one()
        except AnnotateError:
            pass
        except BaseException as error:
            broken.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(one,)) for one in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert broken == []


def held_by(people: list[Annotator]) -> list[Assignment]:
    """What each holds of the same item, in a campaign that has no other."""
    campaign = Assignment.objects.values_list("campaign", flat=True)[0]
    found = [claim(Assignment.objects.filter(campaign=campaign)[0].campaign, one) for one in people]
    assert all(found)
    return [one for one in found if one is not None]


@pytest.fixture
def people(researcher: User) -> list[Annotator]:
    users = [make_user(f"p{i}") for i in range(6)]
    running_campaign(researcher, 1, users, overlap=8)
    return [person(user) for user in users]


def test_nothing_of_a_withdrawn_item_comes_back_into_the_pool(people: list[Annotator]) -> None:
    """Everybody gives back, skips or flags while it is taken out."""
    for _ in range(6):
        Item.objects.update(withdrawn_at=None)
        Flag.objects.all().delete()
        Skip.objects.all().delete()
        Assignment.objects.exclude(state="done").update(state="open", annotator=None, leased_at=None, leased_until=None)
        held = held_by(people)
        at_once(
            lambda h=held: skip(h[0], people[0], "broken item"),  # type: ignore[misc]
            lambda h=held: flag(h[1], people[1], "personal data"),  # type: ignore[misc]
            lambda h=held: release(h[2], people[2]),  # type: ignore[misc]
            lambda h=held: skip(h[3], people[3], "ambiguous"),  # type: ignore[misc]
            lambda h=held: release(h[4], people[4]),  # type: ignore[misc]
            lambda h=held: skip(h[5], people[5], "both unacceptable"),  # type: ignore[misc]
        )
        assert Item.objects.filter(withdrawn_at=None).count() == 0
        assert not Assignment.objects.filter(state="open").exists()
        assert list(Assignment.objects.filter(state="leased").values_list("annotator", flat=True)) == [people[1].pk]
        assert set(Flag.objects.values_list("reason", flat=True)) == {
            "broken item",
            "personal data",
            "both unacceptable",
        }


def test_the_same_flag_from_two_tabs_is_one(people: list[Annotator]) -> None:
    (held,) = held_by(people[:1])
    at_once(*[lambda: flag(held, people[0], "unsure")] * 5)
    assert Flag.objects.count() == 1
    assert not Assignment.objects.filter(state="open").exists()


def test_two_researchers_answer_and_give_back_at_once_and_no_row_is_doubled(
    people: list[Annotator], researcher: User
) -> None:
    (held,) = held_by(people[:1])
    made, boss = flag(held, people[0], "unsure"), person(researcher)
    at_once(
        *[lambda: resolve(made, boss, "answer")] * 3,
        *[lambda: resolve(made, boss, "return")] * 3,
        lambda: submit(held, people[0], {"overall": {"preferred": "a"}}, claim_next=False),
    )
    own = Assignment.objects.filter(reserved_for=boss)
    assert own.count() == 1
    assert Assignment.objects.filter(slot__isnull=False).count() == 8
    made.refresh_from_db()
    waiting = "open" if made.resolution == "return" else {"open", "parked"}
    states = set(Assignment.objects.filter(slot__isnull=False).exclude(state="done").values_list("state", flat=True))
    assert states <= ({waiting} if isinstance(waiting, str) else waiting)
