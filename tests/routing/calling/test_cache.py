"""What an organisation has asked once it does not ask again; failures are never kept."""

import threading

import pytest
from django.db import connection

from annotate.models import Organisation, User
from routing.models import JudgeCall, Verdict
from tests.factories import RATING_EACH, make_user
from tests.routing.judged import annotated, counts, judged_campaign, make_judge, run_now
from tests.routing.served import run_served, served_judge
from tests.routing.servers.faulty import FaultyServer
from tests.routing.servers.model_server import ModelServer

pytestmark = pytest.mark.django_db
TEXTS = [("one", "two"), ("three", "four")]


def test_a_judge_with_the_same_prompts_costs_nothing(researcher: User) -> None:
    with ModelServer("Answer: 5") as server:
        campaign = judged_campaign(researcher, TEXTS, RATING_EACH)
        first, second = served_judge(campaign, server), served_judge(campaign, server, "again")
        assert run_served(first).spent > 0
        run = run_served(second)
        assert counts(run) == ("done", 4, 0, 4)
        assert (run.spent, len(server.requests)) == (0, 4)
    assert annotated(first) == annotated(second)
    for call in JudgeCall.objects.filter(judge=second):
        assert call.taken_from is not None
        assert (call.cost, call.request_digest, call.value) == (
            0,
            call.taken_from.request_digest,
            call.taken_from.value,
        )


@pytest.mark.parametrize("changed", [{"temperature": 0.5}, {"seed": 3}, {"model": "other"}])
def test_other_settings_are_asked_anew(researcher: User, changed: dict[str, object]) -> None:
    with ModelServer("Answer: 5", models=("tiny", "other")) as server:
        campaign = judged_campaign(researcher, TEXTS, RATING_EACH)
        known = {name: {"labels": "text", "structured": "text"} for name in ("tiny", "other")}
        run_served(served_judge(campaign, server, capabilities=known))
        run_served(served_judge(campaign, server, "other", config=changed, capabilities=known))
        assert len(server.requests) == 8


def test_another_organisation_shares_nothing(researcher: User) -> None:
    stranger = make_user("stranger", role="researcher", organisation=Organisation.objects.create(name="elsewhere"))
    with ModelServer("Answer: 5") as server:
        for user in (researcher, stranger):
            run_served(served_judge(judged_campaign(user, TEXTS, RATING_EACH), server))
        assert len(server.requests) == 8
    assert not JudgeCall.objects.exclude(taken_from=None).exists()


def test_a_failure_is_asked_again(researcher: User) -> None:
    with FaultyServer(["refused"] * 4, answer="Answer: 5") as server:
        campaign = judged_campaign(researcher, TEXTS, RATING_EACH)
        assert run_served(served_judge(campaign, server)).failed == 4
        assert run_served(served_judge(campaign, server, "again")).done == 4


def test_equal_requests_of_one_run_are_made_once(researcher: User) -> None:
    rows = [("the same", "the same")]
    with ModelServer("Answer: 5") as server:
        judge = served_judge(judged_campaign(researcher, rows, RATING_EACH), server)
        assert counts(run_served(judge)) == ("done", 2, 0, 2)
        assert len(server.requests) == 1
    calls = list(JudgeCall.objects.order_by("pk"))
    assert (calls[0].taken_from, calls[1].taken_from) == (None, calls[0])
    assert Verdict.objects.filter(status="ok").count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_make_each_call_once(researcher: User) -> None:
    with ModelServer("Answer: 5", delay=0.02) as server:
        campaign = judged_campaign(researcher, 30, RATING_EACH)
        judges = [served_judge(campaign, server, name) for name in ("one", "two")]
        states: list[tuple[str, int, int, int | None]] = []

        def work(number: int) -> None:
            states.append(counts(run_served(judges[number])))
            connection.close()

        threads = [threading.Thread(target=work, args=(number,)) for number in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert states == [("done", 60, 0, 60)] * 2
        assert len(server.requests) == 60
        assert server.most_at_once <= 8
    assert JudgeCall.objects.exclude(taken_from=None).count() == 60


def test_a_model_in_this_process_is_not_asked_twice_either(researcher: User) -> None:
    campaign = judged_campaign(researcher, TEXTS, RATING_EACH)
    first, second = make_judge(campaign), make_judge(campaign, name="again")
    run_now(first)
    run_now(second)
    assert JudgeCall.objects.filter(judge=second, taken_from__judge=first).count() == 4
    assert annotated(first) == annotated(second)
