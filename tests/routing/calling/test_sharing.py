"""Limits, concurrency, circuit and flights are kept by all processes together, through rows."""

import threading
import time
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from annotate.models import User
from routing.calling import breaker, limits
from routing.calling.flights import Flights, replies_stored
from routing.calling.limits import fitting, grant, standing
from routing.calling.slots import Share
from routing.calling.waits import Waits
from routing.models import Endpoint, Flight, Slots
from tests.factories import RATING_EACH
from tests.routing.judged import judged_campaign
from tests.routing.served import run_served, served_judge
from tests.routing.servers.model_server import ModelServer

pytestmark = pytest.mark.django_db
WAITS = Waits(opens_after=3, first_opening=10.0, longest_opening=25.0)


@pytest.fixture
def endpoint(researcher: User) -> Endpoint:
    return Endpoint.objects.create(
        organisation=researcher.organisation, name="e", provider="openai", url="http://127.0.0.1:1/v1", concurrency=8
    )


def test_an_endpoint_without_limits_makes_nobody_wait(endpoint: Endpoint) -> None:
    now = standing(endpoint.pk)
    assert fitting(now, [10**6] * 100) == 100
    assert grant(endpoint.pk, now, [10] * 3) == [0, 0, 0]


def test_requests_are_spread_over_the_minute(endpoint: Endpoint) -> None:
    Endpoint.objects.update(requests_per_minute=120)
    now = standing(endpoint.pk)
    assert fitting(now, [1] * 100) == 5  # at 0, ½, 1, 1½ and 2 seconds: no further ahead
    assert grant(endpoint.pk, now, [1] * 4) == pytest.approx([0, 0.5, 1.0, 1.5], abs=0.05)
    later = standing(endpoint.pk)
    assert grant(endpoint.pk, later, [1]) == pytest.approx([2.0], abs=0.1)
    assert fitting(standing(endpoint.pk), [1]) == 0


def test_tokens_are_spread_over_the_minute_and_corrected(endpoint: Endpoint) -> None:
    Endpoint.objects.update(tokens_per_minute=6000)
    now = standing(endpoint.pk)
    assert grant(endpoint.pk, now, [100, 50, 10]) == pytest.approx([0, 1.0, 1.5], abs=0.05)
    assert standing(endpoint.pk).wait == pytest.approx(1.6, abs=0.05)
    limits.correct(endpoint.pk, now, -100)
    assert standing(endpoint.pk).wait == pytest.approx(0.6, abs=0.1)


def test_a_server_that_asks_for_quiet_gets_it_from_all(endpoint: Endpoint) -> None:
    limits.hold_off(endpoint.pk, 30)
    limits.hold_off(endpoint.pk, 10)
    now = standing(endpoint.pk)
    assert now.wait == pytest.approx(30, abs=0.5)
    assert fitting(now, [1]) == 0


@pytest.mark.django_db(transaction=True)
def test_many_processes_together_keep_the_rate(endpoint: Endpoint) -> None:
    Endpoint.objects.update(requests_per_minute=600)
    starts: list[float] = []
    begun = timezone.now()

    def call() -> None:
        for _ in range(5):
            late = (timezone.now() - begun).total_seconds()
            starts.extend(late + start for start in grant(endpoint.pk, standing(endpoint.pk), [1, 1]))
        connection.close()

    threads = [threading.Thread(target=call) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(starts) == 40
    assert max(starts) - min(starts) >= 39 * 0.1 - 0.2


def test_a_run_alone_has_all_slots_and_shares_them_with_the_next(endpoint: Endpoint) -> None:
    first, second = Share(endpoint, "a"), Share(endpoint, "b")
    assert first.renew(0) == 8
    assert second.renew(0) == 0  # all are taken still
    assert first.renew(6) == 6  # it cannot give back what is in use
    assert second.renew(0) == 2
    assert (first.renew(3), second.renew(2)) == (4, 4)
    assert sum(Slots.objects.values_list("count", flat=True)) == 8
    second.leave()
    assert first.renew(4) == 8


def test_the_share_of_a_dead_process_comes_back(endpoint: Endpoint) -> None:
    Share(endpoint, "a").renew(0)
    Slots.objects.update(until=timezone.now() - timedelta(seconds=1))
    assert Share(endpoint, "b").renew(0) == 8
    assert Slots.objects.count() == 1


def test_more_runs_than_slots_wait_their_turn(endpoint: Endpoint) -> None:
    Endpoint.objects.update(concurrency=2)
    shares = [Share(endpoint, name) for name in "abc"]
    for _ in range(3):
        counts = [share.renew(0) for share in shares]
        assert sum(Slots.objects.values_list("count", flat=True)) <= 2
    assert counts == [1, 1, 0]


def test_failures_in_a_row_open_the_circuit_for_longer_each_time(endpoint: Endpoint) -> None:
    breaker.note(endpoint.pk, [False, True, False, False], WAITS)
    assert not standing(endpoint.pk).is_open
    breaker.note(endpoint.pk, [False], WAITS)
    assert standing(endpoint.pk).opens_in == pytest.approx(10, abs=0.5)
    breaker.note(endpoint.pk, [False] * 20, WAITS)  # the rest of what was under way
    assert standing(endpoint.pk).openings == 1
    for seconds in (20, 25, 25):
        Endpoint.objects.update(open_until=timezone.now() - timedelta(seconds=1))
        assert breaker.let_one_try(endpoint.pk, 5)
        breaker.note(endpoint.pk, [False], WAITS, tried=True)
        assert standing(endpoint.pk).opens_in == pytest.approx(seconds, abs=0.5)


def test_an_open_circuit_lets_one_try_and_closes_when_that_works(endpoint: Endpoint) -> None:
    breaker.note(endpoint.pk, [False] * 3, WAITS)
    assert not breaker.let_one_try(endpoint.pk, 5)
    Endpoint.objects.update(open_until=timezone.now() - timedelta(seconds=1))
    assert breaker.let_one_try(endpoint.pk, 5)
    assert not breaker.let_one_try(endpoint.pk, 5)
    breaker.note(endpoint.pk, [True], WAITS, tried=True)
    now = standing(endpoint.pk)
    assert (now.is_open, now.failures, now.opens_in) == (False, 0, None)


def test_of_equal_calls_one_flies(endpoint: Endpoint) -> None:
    mine, yours = (Flights(endpoint.organisation_id, name) for name in "ab")
    assert mine.take({"x", "y"}) == {"x", "y"}
    assert yours.take({"y", "z"}) == {"z"}
    assert mine.take({"x"}) == {"x"}
    mine.land(["y", "z"])
    assert yours.take({"x", "y"}) == {"y"}
    mine.land_all()
    assert set(Flight.objects.values_list("digest", "holder")) == {("y", "b"), ("z", "b")}


def test_the_flight_of_a_dead_process_is_taken_over(endpoint: Endpoint) -> None:
    Flights(endpoint.organisation_id, "a").take({"x"})
    Flight.objects.update(until=timezone.now() - timedelta(seconds=1))
    assert Flights(endpoint.organisation_id, "b").take({"x"}) == {"x"}


@pytest.mark.django_db(transaction=True)
def test_processes_that_want_the_same_calls_at_once_share_them_out(endpoint: Endpoint) -> None:
    taken: list[str] = []
    barrier = threading.Barrier(4)

    def take(name: str, digests: list[str]) -> None:
        barrier.wait()
        taken.extend(Flights(endpoint.organisation_id, name).take(digests))
        connection.close()

    digests = [f"{n:03}" for n in range(200)]
    orders = [digests, digests[::-1], digests[100:] + digests[:100], digests]
    threads = [threading.Thread(target=take, args=(f"p{n}", order)) for n, order in enumerate(orders)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == digests
    assert replies_stored(endpoint.organisation_id, digests) == {}


def test_a_run_keeps_the_endpoints_rate_and_concurrency(researcher: User) -> None:
    with ModelServer("Answer: 5", delay=0.01) as server:
        campaign = judged_campaign(researcher, 6, RATING_EACH)
        judge = served_judge(campaign, server, requests_per_minute=1200, concurrency=3)
        begun = time.monotonic()
        assert run_served(judge).done == 12
        assert time.monotonic() - begun >= 11 * 0.05
        assert server.most_at_once <= 3
