"""Calibration finds what was planted in the probabilities, and makes a new judge of it."""

import math

import pytest

from annotate.errors import Exists, Invalid
from annotate.models import User
from routing.models import Calibration, Judge
from routing.trust.calibrating import calibrate, calibrated_judge
from tests.routing.judged import make_judge, run_now
from tests.routing.trust.labelled import QUESTION, drawn, labelled_campaign, orders, sure_judge

N = 300
TRUE_D = [8 * (u - 0.5) for u in drawn(1, N)]
PREFERS_A = [u < 1 / (1 + math.exp(-d)) for d, u in zip(TRUE_D, drawn(2, N), strict=True)]


def sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-x))


@pytest.fixture
def judge(researcher: User) -> Judge:
    """Three times too sure of itself, and a liking of 2 log-odds for the first slot."""
    campaign = labelled_campaign(researcher, N, lambda n: "a" if PREFERS_A[n] else "b")
    judge = sure_judge(campaign)
    orders(judge, lambda n: (sigmoid(3 * TRUE_D[n] + 2), sigmoid(-3 * TRUE_D[n] + 2)))
    return judge


def test_the_planted_temperature_and_slot_offset_are_found(judge: Judge) -> None:
    found = calibrate(judge, QUESTION)
    # Which half is drawn hangs on the ids, so the bounds hold for any half.
    assert 1.8 < found.temperature < 5
    assert found.offset == pytest.approx(2, abs=1)
    assert (found.n, found.clusters, len(found.groups)) == (N // 2, N // 2, N // 2)
    assert found.figures["ece_after"] < found.figures["ece_before"]
    assert found.figures["brier_after"] < found.figures["brier_before"]


def test_the_calibrated_judge_is_a_new_one_with_the_same_prompts(judge: Judge) -> None:
    found = calibrate(judge, QUESTION)
    made = calibrated_judge(found, "judy, calibrated")
    chosen = made.protocols[f"question:{QUESTION}"]
    assert chosen["config"]["temperature"] == found.temperature
    assert chosen["calibration"] == found.pk
    assert judge.protocols.get(f"question:{QUESTION}") is None
    run = run_now(made)
    assert (run.state, run.done) == ("done", N)
    assert made.calls.filter(taken_from=None).count() == 0
    with pytest.raises(Exists):
        calibrated_judge(found, "judy, calibrated")


def test_too_few_labels_and_other_questions_are_refused_by_name(researcher: User) -> None:
    campaign = labelled_campaign(researcher, 4, lambda n: "a")
    judge = make_judge(campaign)
    run_now(judge)
    with pytest.raises(Invalid, match="4 pairs have both a verdict and a label of a person, and the half"):
        calibrate(judge, QUESTION)
    with pytest.raises(Invalid, match="there is no question 'quality'"):
        calibrate(judge, "quality")
    assert not Calibration.objects.exists()
