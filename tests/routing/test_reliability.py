import math

import pytest

from annotate.models import User
from routing.models import Judge, Verdict
from routing.reliability import reliability
from tests.factories import PAIRWISE_PAIR
from tests.routing.judged import judged_campaign, make_judge, run_now

pytestmark = pytest.mark.django_db


def of(judge: Judge, question: str) -> dict[str, object]:
    return next(q for q in reliability(judge)["questions"] if q["question"] == question)


def test_a_judge_of_texts_never_flips(researcher: User) -> None:
    judge = make_judge(judged_campaign(researcher, [("one two three", "one"), ("one", "one two")]))
    run_now(judge)
    found = of(judge, "better")
    assert (found["n"], found["valid_rate"], found["flip_rate"]) == (2, 1.0, 0.0)
    assert found["first_slot_share"] == pytest.approx(0.5)
    assert found["slot_bias"] == pytest.approx(0)


def test_a_judge_of_slots_always_flips(researcher: User) -> None:
    judge = make_judge(judged_campaign(researcher, 3, PAIRWISE_PAIR), rule="first")
    run_now(judge)
    found = of(judge, "better")
    assert (found["flips"], found["flip_rate"]) == (3, 1.0)
    assert found["first_slot_share"] == pytest.approx(0.9)  # 9 to 1 for the first slot
    assert found["slot_bias"] == pytest.approx(math.log(9))


@pytest.mark.usefixtures("failing")
def test_the_valid_rate_counts_what_failed(researcher: User) -> None:
    texts = [("fine", "good"), ("LONG", "good"), ("ODD", "good"), ("LONG", "LONG")]
    judge = make_judge(judged_campaign(researcher, texts, PAIRWISE_PAIR), "failing")
    run_now(judge)
    found = of(judge, "better")
    assert (found["n"], found["valid"], found["valid_rate"]) == (4, 1, 0.25)
    assert found["statuses"] == {"ok": 1, "truncated": 2, "parse_error": 1}
    assert found["flip_rate"] == 1.0  # of the one valid verdict
    calls = reliability(judge)["calls"]
    assert calls == {"n": 8, "prompt_tokens": 14, "completion_tokens": 2, "seconds": 0.2}


def test_a_judge_that_has_not_run_has_no_figures(researcher: User) -> None:
    assert reliability(make_judge(judged_campaign(researcher, 1))) == {
        "judge": "judy",
        "calls": {"n": 0, "prompt_tokens": 0, "completion_tokens": 0, "seconds": 0},
        "questions": [],
    }


def test_a_question_that_changed_its_kind_is_counted_kind_by_kind(researcher: User) -> None:
    judge = make_judge(judged_campaign(researcher, 2, PAIRWISE_PAIR))
    run_now(judge)
    Verdict.objects.filter(pk=Verdict.objects.earliest("pk").pk).update(kind="rating")
    assert [(q["kind"], q["n"]) for q in reliability(judge)["questions"]] == [("pairwise", 1), ("rating", 1)]
