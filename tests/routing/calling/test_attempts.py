"""What follows an attempt, class by class."""

import random
from dataclasses import replace

import pytest

from routing.calling.attempts import Attempt, following, outcome_of, tokens_named
from routing.calling.sending import HttpReply, SendError
from routing.calling.waits import Waits
from routing.judges import Reply
from routing.judges.remote import Received, Repair

WAITS = Waits(tries=3, first_delay=1.0, longest_delay=3.0)
FIRST = Attempt("json_schema", 100)
GOOD = Received(Reply("ok", value={}), "{}")
LONG = "This model's maximum context length is 2,048 tokens. However, your messages resulted in 4096 tokens."


def got(status: int = 0, text: str = "", error: SendError = "") -> HttpReply:
    return HttpReply(status, None, text, None, 0.1, error)


@pytest.mark.parametrize(
    ("http", "received", "outcome"),
    [
        (got(200), GOOD, "ok"),
        (got(200), Received(Reply.failed("refusal", "no")), "refusal"),
        (got(200), Received(Reply.failed("parse_error", "two verdicts")), "parse_error"),
        (got(200), Received(Reply.failed("truncated", "cut"), "The", True), "cut"),
        (got(200), Received(Reply.failed("provider_error", "out of memory")), "failing"),
        (got(200), None, "failing"),
        (got(429), None, "busy"),
        (got(529), None, "busy"),
        (got(500), None, "failing"),
        (got(503), None, "failing"),
        (got(408), None, "failing"),
        (got(error="timeout"), None, "failing"),
        (got(error="connection"), None, "failing"),
        (got(error="cut"), None, "failing"),
        (got(error="refused_address"), None, "rejected"),
        (got(302), None, "rejected"),
        (got(400, "temperature is out of range"), None, "rejected"),
        (got(401), None, "rejected"),
        (got(404), None, "rejected"),
        (got(400, LONG), None, "too_long"),
        (got(413, "Request too large: too many tokens"), None, "too_long"),
        (got(400, "prompt is too long: 300000 tokens > 200000 maximum"), None, "too_long"),
        (got(400, "the request exceeds the available context size"), None, "too_long"),
        (got(500, LONG), None, "failing"),
    ],
)
def test_what_comes_back_has_a_class(http: HttpReply, received: Received | None, outcome: str) -> None:
    assert outcome_of(http, received) == outcome


@pytest.mark.parametrize("outcome", ["ok", "refusal", "rejected", "too_long"])
def test_these_are_final(outcome: str) -> None:
    assert following(FIRST, outcome, "", "", None, WAITS) is None  # type: ignore[arg-type]


@pytest.mark.parametrize("outcome", ["busy", "failing"])
def test_a_failing_server_is_tried_a_bounded_number_of_times(outcome: str) -> None:
    attempt, tries = FIRST, 1
    while after := following(attempt, outcome, "", "", None, WAITS):  # type: ignore[arg-type]
        assert (after.why, after.attempt) == ("retry", replace(attempt, failures=attempt.failures + 1))
        attempt, tries = after.attempt, tries + 1
    assert tries == WAITS.tries


def test_waits_double_with_full_jitter_up_to_the_longest() -> None:
    random.seed(1)
    for failures, most in ((0, 1.0), (1, 2.0), (4, 3.0)):
        waits = replace(WAITS, tries=9)
        delays = [following(replace(FIRST, failures=failures), "failing", "", "", None, waits) for _ in range(200)]
        seconds = [after.delay for after in delays if after]
        assert len(seconds) == 200
        assert 0 <= min(seconds) < most / 10
        assert most * 0.9 < max(seconds) <= most


def test_the_servers_own_wait_is_kept() -> None:
    after = following(FIRST, "busy", "", "", 20.0, WAITS)
    assert after is not None
    assert 20 <= after.delay <= 20.25


def test_a_cut_answer_gets_twice_the_room_once() -> None:
    after = following(FIRST, "cut", "", "", None, WAITS)
    assert after is not None
    assert (after.why, after.attempt.max_tokens, after.delay) == ("longer", 200, 0.0)
    assert following(after.attempt, "cut", "", "", None, WAITS) is None


def test_an_unreadable_answer_is_repaired_once_and_drawn_anew_once() -> None:
    repair = following(FIRST, "parse_error", "B or A", "two verdicts", None, WAITS)
    assert repair is not None
    assert (repair.why, repair.attempt.repair) == ("repair", Repair("B or A", "two verdicts"))
    again = following(repair.attempt, "parse_error", "?", "none", None, WAITS)
    assert again is not None
    assert (again.why, again.attempt.repair, again.attempt.resampled) == ("resample", None, True)
    assert following(again.attempt, "parse_error", "?", "none", None, WAITS) is None


def test_a_failure_between_keeps_what_was_tried() -> None:
    repair = following(FIRST, "parse_error", "B or A", "two verdicts", None, WAITS)
    assert repair is not None
    after = following(repair.attempt, "failing", "", "", None, WAITS)
    assert after is not None
    assert after.attempt == replace(repair.attempt, failures=1)


def test_where_log_probabilities_hold_no_label_it_is_asked_for_in_writing() -> None:
    after = following(replace(FIRST, rung="logprobs"), "parse_error", "The", "no label", None, WAITS)
    assert after is not None
    assert after.attempt.rung == "text"


@pytest.mark.parametrize(
    ("message", "named"),
    [
        (LONG, (4096, 2048)),
        ("prompt is too long: 300000 tokens > 200000 maximum", (300000, 200000)),
        ("the request exceeds the available context size", None),
    ],
)
def test_a_server_may_say_how_many_tokens_it_takes(message: str, named: tuple[int, int] | None) -> None:
    assert tokens_named(message) == named
