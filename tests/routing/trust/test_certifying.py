"""Certificates: thresholds that the labels bear out, looks that cost, and nothing certified by its own fit."""

import math

import pytest

from annotate.errors import Invalid
from annotate.models import PromptGroup, User
from routing.models import Calibration, Judge
from routing.trust.certifying import certify
from tests.routing.trust.labelled import QUESTION, drawn, labelled_campaign, say, sure_judge

N = 200


@pytest.fixture
def judge(researcher: User) -> Judge:
    """Right where it is sure (the first 100 items), and a coin elsewhere."""
    judge = sure_judge(labelled_campaign(researcher, N, lambda n: "a"))
    coin = drawn(3, N)
    say(judge, lambda n: ("a", 0.95) if n < 100 else ("a" if coin[n] < 0.5 else "b", 0.6))
    return judge


def test_the_threshold_parts_what_it_knows_from_what_it_does_not(judge: Judge) -> None:
    found = certify(judge, QUESTION, 0.9, 0.1)
    assert found.threshold is not None
    assert found.threshold == 0.95  # the lowest with which it was seen to be right, not the lowest above 0.6
    assert (found.n, found.errors, found.look) == (100, 0, 1)
    # Without an error in 100 the upper bound at the look's delta is 1 − δ^(1/100).
    assert found.bound == pytest.approx(1 - (0.1 * 6 / math.pi**2) ** (1 / 100))
    assert found.coverage == pytest.approx(0.5)


def test_every_look_spends_less_of_the_certainty_and_the_bound_widens(judge: Judge) -> None:
    bounds = [certify(judge, QUESTION, 0.9, 0.1).bound or 0 for _ in range(4)]
    assert bounds == sorted(bounds)
    assert bounds[3] > bounds[0]
    assert list(judge.certificates.order_by("look").values_list("look", flat=True)) == [1, 2, 3, 4]


def test_a_target_out_of_reach_is_refused_with_the_reason_kept(judge: Judge) -> None:
    found = certify(judge, QUESTION, 0.995, 0.05)
    assert found.threshold is None
    assert "too few audited units" in found.reason


def test_labels_that_calibrated_do_not_certify(judge: Judge) -> None:
    groups = list(PromptGroup.objects.order_by("pk").values_list("pk", flat=True)[:150])
    calibration = Calibration.objects.create(
        judge=judge, question=QUESTION, temperature=2, offset=0, n=150, clusters=150, groups=groups
    )
    chosen = judge.protocols["pairwise"]
    used = {**chosen, "config": {**chosen["config"], "temperature": 2, "offset": 0}, "calibration": calibration.pk}
    judge.protocols = {f"question:{QUESTION}": used}
    judge.save(update_fields=["protocols"])
    found = certify(judge, QUESTION, 0.9, 0.1)
    assert found.threshold is None
    assert found.calibration == calibration
    assert sum(step["n"] for step in found.path if step["threshold"] == 0.6) <= 50


@pytest.mark.parametrize(("target", "delta", "field"), [(1.2, 0.1, "target"), (0.9, 0, "delta"), ("x", 0.1, "target")])
def test_shares_out_of_range_are_named(judge: Judge, target: object, delta: object, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        certify(judge, QUESTION, target, delta)
    assert list(refused.value.fields) == [field]
