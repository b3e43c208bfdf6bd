"""Caps hold, whatever runs at once and whatever dies."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from annotate.errors import WrongState
from annotate.jobs import Handle
from annotate.models import User
from routing.asking import model_of
from routing.calling.money import Purse, cost, dollars, most_prompt_tokens, take_over, worst_case
from routing.calling.opening import open_exchange
from routing.calling.outside import OutsideExchange
from routing.judges.remote import Outgoing
from routing.judging import start_run
from routing.models import Budget, Judge, JudgeCall, JudgeRun
from routing.running import cancel_run, resume_run
from tests.factories import RATING_EACH
from tests.routing.judged import counts, judged_campaign, make_judge
from tests.routing.served import CHEAP, run_served, served_judge, work_on_served
from tests.routing.servers.faulty import FaultyServer
from tests.routing.servers.model_server import Answer, ModelServer

pytestmark = pytest.mark.django_db


def run_of(researcher: User, **fields: int) -> JudgeRun:
    judge = make_judge(judged_campaign(researcher, 1))
    return JudgeRun.objects.create(campaign=judge.campaign, judge=judge, **fields)


def money(run: JudgeRun) -> tuple[int, int, int]:
    run.refresh_from_db()
    return run.reserved, run.spent, run.unsettled


def test_tokens_have_a_price_in_millionths_of_a_dollar() -> None:
    assert cost({"input": 2.5, "output": 10.0}, 1000, 100) == 3500
    assert cost({"input": 0.15, "output": 0.6}, 1, 0) == 1  # rounded up
    assert cost(None, 1000, 100) is None


def test_the_worst_case_holds_for_any_tokeniser_over_bytes() -> None:
    outgoing = Outgoing("/x", {"messages": [{"role": "user", "content": "日本語"}]})
    assert most_prompt_tokens(outgoing) >= 9
    assert worst_case(CHEAP, outgoing, 100) == most_prompt_tokens(outgoing) + 100
    assert worst_case(None, outgoing, 100) == 0


@pytest.mark.parametrize(("amount", "text"), [(12_500_000, "$12.50"), (3100, "$0.0031"), (0, "$0.00")])
def test_amounts_are_shown_with_the_decimals_they_need(amount: int, text: str) -> None:
    assert dollars(amount) == text


def test_as_much_is_reserved_as_fits_and_settled_when_known(researcher: User) -> None:
    run = run_of(researcher, cap=100)
    purse = Purse(run, "", CHEAP)
    assert purse.reserve([40, 40, 40]) == 2
    assert money(run) == (80, 0, 0)
    assert "cap of $0.0001" in purse.reason
    purse.settle(40, 5)
    assert money(run) == (40, 5, 0)
    assert purse.reserve([55, 1]) == 1
    assert money(run) == (95, 5, 0)


def test_without_a_cap_everything_fits_and_is_counted(researcher: User) -> None:
    run = run_of(researcher)
    assert Purse(run, "", CHEAP).reserve([10**9, 1]) == 2
    assert money(run) == (10**9 + 1, 0, 0)


def test_the_budget_of_a_campaign_holds_for_all_its_runs(researcher: User) -> None:
    run = run_of(researcher, spent=30, reserved=20, unsettled=10)
    other = JudgeRun.objects.create(campaign=run.campaign, judge=run.judge)
    Budget.objects.create(campaign=run.campaign, cap=100)
    purse = Purse(other, "", CHEAP)
    assert purse.reserve([25, 25]) == 1
    assert "the campaign's budget" in purse.reason


def test_what_a_dead_process_had_reserved_counts_as_spent(researcher: User) -> None:
    run = run_of(researcher, cap=100, spent=10, reserved=60)
    take_over(run)
    assert money(run) == (0, 10, 60)
    assert Purse(run, "", CHEAP).reserve([31]) == 0


def test_a_process_that_lost_the_run_settles_nothing(researcher: User) -> None:
    run = run_of(researcher, cap=100, reserved=60)
    take_over(run)
    JudgeRun.objects.update(token="the other")
    Purse(run, "mine", CHEAP).settle(60, 7)
    assert money(run) == (0, 0, 60)


def test_a_run_that_fails_holds_no_money_back(researcher: User) -> None:
    with ModelServer() as server:
        judge = served_judge(judged_campaign(researcher, 1), server)
        run = start_run(judge, None, send=False, cap=100)
        with open_exchange(judge, run, Handle(run, ""), model_of(judge)) as exchange:
            assert isinstance(exchange, OutsideExchange)
            exchange.purse.reserve([60])  # and then it breaks off, without any call under way
    assert money(run) == (0, 0, 60)


@pytest.mark.parametrize(("ago", "left"), [(0, (60, 0, 0)), (60, (0, 0, 60))])
def test_a_run_that_is_cancelled_after_its_process_died_holds_no_money_back(
    researcher: User, ago: int, left: tuple[int, int, int]
) -> None:
    run = run_of(researcher, reserved=60)
    JudgeRun.objects.update(state="running", token="mine", heartbeat=timezone.now() - timedelta(seconds=ago))
    cancel_run(JudgeRun.objects.get(pk=run.pk))
    assert money(run) == left
    Purse(run, "mine", CHEAP).settle(60, 7)
    assert money(run) == (left if ago else (0, 7, 0))


def test_a_process_that_lost_the_run_gives_nothing_back(researcher: User) -> None:
    run = run_of(researcher, cap=100, reserved=60)
    JudgeRun.objects.update(token="the other")
    Purse(run, "mine", CHEAP).give_back()
    assert money(run) == (60, 0, 0)


@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_never_reserve_more_than_the_budget(researcher: User) -> None:
    first = run_of(researcher)
    second = JudgeRun.objects.create(campaign=first.campaign, judge=first.judge)
    Budget.objects.create(campaign=first.campaign, cap=1000)

    def spend(run: JudgeRun) -> None:
        purse = Purse(run, "", CHEAP)
        for _ in range(60):
            fitting = purse.reserve([10, 10, 10])
            purse.settle(10 * fitting, 7 * fitting)
        connection.close()

    threads = [threading.Thread(target=spend, args=(run,)) for run in (first, second) * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (left, spent, _), (other_left, other_spent, _) = money(first), money(second)
    assert (left, other_left) == (0, 0)
    assert 980 <= spent + other_spent <= 1000


def test_a_run_that_reaches_its_cap_rests_and_goes_on_with_a_higher_one(researcher: User) -> None:
    with ModelServer(Answer("Answer: 5", usage=(200, 20))) as server:
        judge = served_judge(judged_campaign(researcher, 20, RATING_EACH), server, concurrency=2)
        run = run_served(judge, cap=3000)
        assert run.state == "out_of_budget", run.error
        assert "cap" in run.error
        assert 0 < run.done < 40
        assert run.spent + run.unsettled <= 3000
        assert run.reserved == 0
        asked = len(server.requests)
        assert asked == run.done == JudgeCall.objects.count()
        resume_run(run, 10**9)
        work_on_served(run)
        assert counts(run) == ("done", 40, 0, 40)
        assert len(server.requests) == 40
    assert run.spent == 40 * 220 == sum(call.cost or 0 for call in JudgeCall.objects.all())


def test_repeated_attempts_are_paid_for_and_never_pass_the_cap(researcher: User) -> None:
    with FaultyServer(always="server_error") as server:
        judge = served_judge(judged_campaign(researcher, 10, RATING_EACH), server, concurrency=4)
        run = run_served(judge, cap=9000)
        assert run.state in ("out_of_budget", "paused")
        assert 0 < run.spent <= 9000
        assert len(server.requests) == JudgeCall.objects.count()


@pytest.mark.parametrize("campaigns", [False, True])
def test_a_cap_without_a_price_is_refused_before_anything_is_asked(researcher: User, campaigns: bool) -> None:
    with ModelServer("Answer: 5") as server:
        judge = served_judge(judged_campaign(researcher, 1, RATING_EACH), server)
        Judge.objects.update(price=None)
        judge.refresh_from_db()
        if campaigns:
            Budget.objects.create(campaign=judge.campaign, cap=10**6)
        with pytest.raises(WrongState, match="price"):
            start_run(judge, None, cap=None if campaigns else 10**6)
        assert not JudgeRun.objects.exists()


def test_a_budget_that_is_set_during_a_run_without_a_price_stops_it(researcher: User) -> None:
    with ModelServer("Answer: 5") as server:
        judge = served_judge(judged_campaign(researcher, 1, RATING_EACH), server)
        Judge.objects.update(price=None)
        run = start_run(judge, None, send=False)
        Budget.objects.create(campaign=judge.campaign, cap=10**6)
        work_on_served(run)
        assert (run.state, len(server.requests)) == ("out_of_budget", 0)
