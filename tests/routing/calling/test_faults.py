"""Every fault of a server over real HTTP: no verdict is invented, every attempt is accounted, the run ends."""

from collections.abc import Mapping
from typing import Any

import pytest

from annotate.models import Annotation, Score, Skip, User
from routing.calling.asked import Asked
from routing.calling.attempts import Attempt
from routing.calling.sending import HttpReply
from routing.calling.sendings import Sending, arrival
from routing.judges.base import Labels, Request
from routing.judges.openai import OpenAIProvider
from routing.judges.remote import Outgoing, Received, Rung
from routing.models import Flight, JudgeCall, Slots, Verdict
from routing.protocols.base import Call
from tests.factories import RATING_EACH
from tests.routing.judged import counts, judged_campaign, leased
from tests.routing.served import CHEAP, QUICK, run_served, served_judge
from tests.routing.servers.faulty import FAULTS, FaultyServer

pytestmark = pytest.mark.django_db

UNREADABLE = {
    "empty",
    "blank",
    "two_verdicts",
    "in_passing",
    "scale_stated",
    "echoes",
    "nul",
    "surrogates",
    "deep_json",
}
REFUSED = {"refused", "filtered"}
CUT = {"truncated", "spent_on_reasoning"}
STOPS = {"unauthorised"}
GOOD = {"wrong_type", "no_usage"}
ANSWER = "Answer: 5"


def status_of(fault: str) -> str:
    """What a call comes to whose every attempt meets the fault."""
    if fault in UNREADABLE:
        return "parse_error"
    if fault in REFUSED:
        return "refusal"
    return "truncated" if fault in CUT or fault == "context_too_long" else "provider_error"


@pytest.mark.parametrize("fault", sorted(set(FAULTS) - GOOD - STOPS))
def test_a_server_with_this_fault_alone_gives_no_verdict_and_the_run_says_why(researcher: User, fault: str) -> None:
    with FaultyServer(always=fault) as server:
        judge = served_judge(judged_campaign(researcher, [("one", "two")], RATING_EACH), server)
        run = run_served(judge)
        assert run.state in ("done", "paused"), run.error
        assert not Annotation.objects.exists()
        assert not Verdict.objects.filter(status="ok").exists()
        assert Verdict.objects.filter(status=status_of(fault)).count() == Verdict.objects.count()
        assert (run.state == "done") == (run.failed == 2)
        assert run.state == "done" or run.error
        assert JudgeCall.objects.count() == len(server.requests)
    assert JudgeCall.objects.exclude(status=status_of(fault)).count() == 0
    assert sum(call.cost or 0 for call in JudgeCall.objects.all()) == run.spent
    assert (run.reserved, leased(judge)) == (0, 0)
    assert not Flight.objects.exists()
    assert not Slots.objects.exists()


@pytest.mark.parametrize(
    ("fault", "follows"),
    [
        ("server_error", "retry"),
        ("rate_limited_now", "retry"),
        ("rate_limited_plain", "retry"),
        ("hangs", "retry"),
        ("cut_off", "retry"),
        ("malformed", "retry"),
        ("error_in_200", "retry"),
        ("empty", "repair"),
        ("two_verdicts", "repair"),
        ("truncated", "longer"),
    ],
)
def test_a_fault_that_passes_costs_an_attempt_and_no_verdict(researcher: User, fault: str, follows: str) -> None:
    with FaultyServer([fault], answer=ANSWER) as server:
        judge = served_judge(judged_campaign(researcher, [("one", "two")], RATING_EACH), server, concurrency=1)
        run = run_served(judge)
        assert counts(run) == ("done", 2, 0, 2)
        assert len(server.requests) == 3
    calls = JudgeCall.objects.order_by("assignment", "attempt")
    assert [(call.attempt, call.status == "ok") for call in calls] == [(0, False), (1, True), (0, True)]
    assert [call.raw.get("next", "") for call in calls] == [follows, "", ""]
    assert {score.value for score in Score.objects.all()} == {5}


def test_a_key_that_is_refused_lays_the_run_down_before_everything_fails(researcher: User) -> None:
    with FaultyServer(always="unauthorised") as server:
        judge = served_judge(judged_campaign(researcher, 30, RATING_EACH), server, concurrency=2)
        run = run_served(judge)
        assert run.state == "paused"
        assert "does not accept the key" in run.error
        assert len(server.requests) < 10
    assert not Skip.objects.exists()
    assert not Verdict.objects.exists()


def test_a_reply_without_usage_costs_what_was_reserved(researcher: User) -> None:
    with FaultyServer(always="no_usage", answer=ANSWER) as server:
        judge = served_judge(judged_campaign(researcher, [("one", "two")], RATING_EACH), server)
        run_served(judge)
    assert all(call.cost and call.cost > 64 for call in JudgeCall.objects.all())


class Blundering(OpenAIProvider):
    def read(self, request: Request, rung: Rung, payload: Mapping[str, Any]) -> Received:
        raise RecursionError


def test_a_providers_own_mistake_fails_the_attempt_and_is_paid_for() -> None:
    request = Request(({"role": "user", "content": "x"},), Labels(("A", "B")))
    asked = Asked("digest", "overall", Call(0, (), request))
    sending = Sending(asked, Attempt("text", 8), Blundering({"model": "x"}), Outgoing("/x", {}), 70, 10)
    came = arrival(sending, HttpReply(200, {"choices": []}, "", None, 0.1, ""), QUICK)
    assert (came.outcome, came.reply.status, came.spent(CHEAP)) == ("failing", "provider_error", 70)
    assert "RecursionError" in came.reply.raw["error"]
    assert came.then is not None
    assert came.then.why == "retry"
