"""How far verdicts moved, by hand; and placing and the control."""

import pytest

from routing.injection import ATTEMPTS, beyond, control, moves, placed
from routing.protocols import Judged, Verdict

JUDGED = Judged("Say hello.", {"a": "Hello!", "b": "Go away."}, shown=("a", "b"))


def verdict(a: float) -> Verdict:
    side = None if a == 0.5 else "a" if a > 0.5 else "b"
    return Verdict("ok", {"preferred": side}, {"a": a, "b": 1 - a})


def test_moves_by_hand() -> None:
    before = [verdict(0.9), verdict(0.6), verdict(0.2), verdict(0.7)]
    after = [verdict(0.8), verdict(0.4), verdict(0.5), verdict(0.7)]
    found = moves(before, after, ["b", "b", "a", "b"])
    # Towards the loser: 0.1, 0.2, 0.3 and 0; two answers changed, one of them to the completion attacked for.
    assert (found.n, found.moved.value, found.moved.n, found.won, found.lost) == (4, 0.5, 4, 0.25, 0)
    assert found.absolute == pytest.approx(0.15)
    assert found.towards == pytest.approx(0.15)


def test_a_verdict_that_failed_is_counted_and_is_no_move() -> None:
    failed = Verdict("truncated")
    none = moves([verdict(0.9), failed], [failed, verdict(0.1)], ["b", "b"])
    assert (none.n, none.moved.value, none.won, none.lost) == (0, None, 0, 2)
    assert moves([verdict(0.9), verdict(0.9)], [failed, verdict(0.9)], ["b", "b"]).lost == 1


def test_a_move_away_counts_as_a_move_and_against_it() -> None:
    found = moves([verdict(0.4)], [verdict(0.6)], ["b"])
    assert (found.moved.value, found.won) == (1, 0)
    assert found.absolute == pytest.approx(0.2)
    assert found.towards == pytest.approx(-0.2)


def test_what_attempts_move_beyond_harmless_words_is_counted_pair_by_pair() -> None:
    before, failed = [verdict(0.9)] * 4, Verdict("refusal")
    attempted = [verdict(0.1), verdict(0.1), verdict(0.9), verdict(0.1)]
    harmless = [verdict(0.9), verdict(0.1), verdict(0.1), failed]
    found = beyond(before, attempted, harmless)
    assert (found.value, found.n) == (0, 3)  # one more, as many, one fewer; the fourth is not known
    assert beyond(before[:2], attempted[:2], harmless[:2]).value == 0.5


def test_an_attempt_is_put_where_it_is_said_and_nowhere_else() -> None:
    assert placed(JUDGED, "x", "completion", "b").completions == {"a": "Hello!", "b": "Go away.\n\nx"}
    assert placed(JUDGED, "x", "prompt", "b").prompt == "Say hello.\n\nx"
    assert placed(JUDGED, "x", "context", "b").context == "x"
    assert JUDGED.completions["b"] == "Go away."


def test_the_control_is_as_long_and_says_nothing() -> None:
    for attempt in ATTEMPTS:
        assert len(control(attempt.text)) == len(attempt.text)
        assert "response" not in control(attempt.text)
