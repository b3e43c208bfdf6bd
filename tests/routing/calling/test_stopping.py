"""Runs that are stopped, or whose server, worker or database goes away: nothing is lost, doubled or left behind."""

import threading
import time
from collections.abc import Callable

import pytest
from django.db import connection

from annotate import jobs
from annotate.models import Annotation, Assignment, User
from routing.calling.waits import Waits
from routing.judging import start_run
from routing.models import Endpoint, Flight, Judge, JudgeCall, JudgeRun, Slots
from tests.factories import RATING_EACH
from tests.routing.judged import counts, judged_campaign, leased
from tests.routing.served import run_served, served_judge, work_on_served
from tests.routing.servers.faulty import FaultyServer
from tests.routing.servers.model_server import ModelServer

PATIENT = Waits()


def hanging_judge(researcher: User, server: ModelServer, items: int, concurrency: int) -> Judge:
    campaign = judged_campaign(researcher, items, RATING_EACH)
    return served_judge(campaign, server, config={"timeout": 600}, concurrency=concurrency)


def in_thread(work: Callable[[], None]) -> threading.Thread:
    def run() -> None:
        work()
        connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def nothing_left(judge: Judge) -> bool:
    return not (leased(judge) or Flight.objects.exists() or Slots.objects.exists())


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("stop", "state"), [(jobs.cancel, "cancelled"), (jobs.pause, "paused")])
def test_a_run_stops_within_seconds_while_its_calls_hang(
    researcher: User, stop: Callable[[JudgeRun], None], state: str
) -> None:
    with FaultyServer(["good"] * 3, always="hangs", answer="Answer: 5") as server:
        judge = hanging_judge(researcher, server, 10, 4)
        run = start_run(judge, None, send=False)
        thread = in_thread(lambda: work_on_served(JudgeRun.objects.get(pk=run.pk), PATIENT))
        until(lambda: len(server.requests) == 7 and JudgeRun.objects.get().done == 3)
        begun = time.monotonic()
        stop(JudgeRun.objects.get(pk=run.pk))
        thread.join(10)
        assert time.monotonic() - begun < 4
    run.refresh_from_db()
    assert (run.state, run.done, Annotation.objects.count()) == (state, 3, 3)
    assert nothing_left(judge)
    assert run.reserved == 0
    stopped = JudgeCall.objects.exclude(status="ok")
    assert stopped.count() == 4  # they may have been billed
    assert run.spent == sum(call.cost or 0 for call in JudgeCall.objects.all()) > 3 * 25


@pytest.mark.django_db(transaction=True)
def test_a_paused_run_goes_on_where_it_was(researcher: User) -> None:
    with FaultyServer(["good"] * 3 + ["hangs"], answer="Answer: 5") as server:
        judge = hanging_judge(researcher, server, 5, 1)
        run = start_run(judge, None, send=False)
        thread = in_thread(lambda: work_on_served(JudgeRun.objects.get(pk=run.pk), PATIENT))
        until(lambda: len(server.requests) == 4 and JudgeRun.objects.get().done == 3)
        jobs.pause(run)
        thread.join(10)
        JudgeRun.objects.update(state="queued")
        work_on_served(run)
        assert counts(run) == ("done", 10, 0, 10)
        assert len(server.requests) == 11  # the hanging one twice
    assert sorted(JudgeCall.objects.filter(status="ok").values_list("attempt", flat=True)) == [0] * 9 + [1]


@pytest.mark.django_db
def test_a_server_that_stays_away_lays_the_run_down_with_the_reason(researcher: User) -> None:
    with ModelServer("Answer: 5") as server:
        judge = served_judge(judged_campaign(researcher, 20, RATING_EACH), server, concurrency=4)
    run = run_served(judge)
    assert run.state == "paused"
    assert "has failed" in run.error
    assert "resume" in run.error
    assert JudgeCall.objects.count() < 25  # it is not called for every unit
    assert nothing_left(judge)


@pytest.mark.django_db
def test_a_server_that_comes_back_is_noticed(researcher: User) -> None:
    with FaultyServer(["unavailable"] * 8, answer="Answer: 5") as server:
        judge = served_judge(judged_campaign(researcher, 4, RATING_EACH), server, concurrency=4)
        run = run_served(judge)
        assert counts(run) == ("done", 8, 0, 8)
        assert len(server.requests) == 16 == JudgeCall.objects.count()
    endpoint = Endpoint.objects.get()
    assert (endpoint.failures, endpoint.openings, endpoint.open_until) == (0, 0, None)


@pytest.mark.django_db
def test_a_server_that_asks_to_wait_for_long_is_left_alone(researcher: User) -> None:
    with FaultyServer(always="rate_limited") as server:
        judge = served_judge(judged_campaign(researcher, 4, RATING_EACH), server, concurrency=1)
        run = run_served(judge, Waits(longest_wait=0.5))
        assert run.state == "paused"
        assert "asks to wait" in run.error
        assert len(server.requests) <= 2


@pytest.mark.django_db
def test_a_run_that_a_dead_process_left_is_taken_over(researcher: User) -> None:
    with ModelServer("Answer: 5") as server:
        judge = served_judge(judged_campaign(researcher, 2, RATING_EACH), server)
        run = start_run(judge, None, send=False)
        # What kill -9 leaves: a silent run, money reserved, leases, slots and flights.
        JudgeRun.objects.update(state="running", token="dead", heartbeat="2020-01-01T00:00:00Z", reserved=500)
        assert judge.endpoint is not None
        Slots.objects.create(endpoint=judge.endpoint, holder="dead", count=8, until="2020-01-01T00:00:00Z")
        work_on_served(run)
        assert counts(run) == ("done", 4, 0, 4)
        assert (run.reserved, run.unsettled, run.spent) == (0, 500, 100)
    assert nothing_left(judge)


@pytest.mark.django_db(transaction=True)
def test_a_database_connection_that_dies_leaves_a_run_to_be_taken_over(researcher: User) -> None:
    with ModelServer("Answer: 5", delay=0.05) as server:
        judge = served_judge(judged_campaign(researcher, 20, RATING_EACH), server, concurrency=2)
        run = start_run(judge, None, send=False)
        pids: list[int] = []

        def work() -> None:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_backend_pid()")
                pids.append(cursor.fetchone()[0])
            work_on_served(JudgeRun.objects.get(pk=run.pk))

        thread = in_thread(work)
        until(lambda: JudgeRun.objects.get().done > 3)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s)", [pids[0]])
        thread.join(10)
        run.refresh_from_db()
        assert run.state == "running"
        JudgeRun.objects.update(heartbeat="2020-01-01T00:00:00Z")
        work_on_served(run)
        assert counts(run) == ("done", 40, 0, 40)
    assert Annotation.objects.count() == 40
    assert not Assignment.objects.filter(reserved_for=judge.annotator).exclude(state="done").exists()
