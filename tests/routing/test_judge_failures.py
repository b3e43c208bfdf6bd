"""What fails is counted and never made into an answer."""

from pathlib import Path

import pytest

from annotate.models import Skip, User
from routing.models import JudgeCall, Verdict
from tests.factories import PAIRWISE_PAIR
from tests.routing.judged import TEXT, annotated, counts, judged_campaign, leased, make_judge, run_now

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("failing")]

TEXTS = [("fine", "good"), ("DOWN", "good"), ("fine", "LONG"), ("REFUSED", "good"), ("ODD", "good")]


def test_failed_verdicts_leave_no_annotation_and_are_counted(researcher: User) -> None:
    judge = make_judge(judged_campaign(researcher, TEXTS, PAIRWISE_PAIR), "failing")
    run = run_now(judge)
    assert counts(run) == ("done", 1, 4, 5)
    assert [item for item, *_ in annotated(judge)] == ["r0"]
    statuses = Verdict.objects.order_by("pk").values_list("status", flat=True)
    assert list(statuses) == ["ok", "provider_error", "truncated", "refusal", "parse_error"]
    assert all(v.answer is None for v in Verdict.objects.exclude(status="ok"))
    assert set(Skip.objects.values_list("reason", flat=True)) == {
        "provider_error: better",
        "truncated: better",
        "refusal: better",
        "parse_error: better",
    }
    assert leased(judge) == 0


def test_every_call_is_kept_with_its_failure(researcher: User) -> None:
    judge = make_judge(judged_campaign(researcher, [("DOWN", "good")], PAIRWISE_PAIR), "failing")
    run_now(judge)
    calls = JudgeCall.objects.filter(judge=judge)
    assert {(call.status, call.raw["error"]) for call in calls} == {("provider_error", "DOWN was in the text")}
    assert Verdict.objects.get().details["error"] == "DOWN was in the text"


def test_the_next_run_tries_provider_errors_again_and_only_these(researcher: User, tmp_path: Path) -> None:
    down = tmp_path / "down"
    down.touch()
    log = tmp_path / "log"
    campaign = judged_campaign(researcher, TEXTS, PAIRWISE_PAIR)
    judge = make_judge(campaign, "failing", down=str(down), log=str(log))
    assert counts(run_now(judge)) == ("done", 1, 4, 5)
    log.unlink()
    assert counts(run_now(judge)) == ("done", 1, 4, 5)  # still down
    down.unlink()
    assert counts(run_now(judge)) == ("done", 2, 3, 5)
    assert log.read_text().count("DOWN") == 4  # both orders, twice; the others were not asked again
    assert log.read_text().count("\n") == 4
    assert [item for item, *_ in annotated(judge)] == ["r0", "r1"]
    assert Verdict.objects.get(assignment__unit__item__key="r1").status == "ok"


def test_a_provider_error_behind_another_failure_is_tried_again_too(researcher: User, tmp_path: Path) -> None:
    down = tmp_path / "down"
    down.touch()
    rating = {"name": "score", "kind": "rating", "shows": "pair"}
    campaign = judged_campaign(researcher, [("DOWN", "ODD")], rating, {**PAIRWISE_PAIR})
    judge = make_judge(campaign, "failing", down=str(down))
    run_now(judge)
    Skip.objects.update(reason="parse_error: score; provider_error: better")
    down.unlink()
    run_now(judge)
    assert Skip.objects.get().reason == "parse_error: score; parse_error: better"


def test_an_optional_question_that_fails_is_left_out_of_the_answers(researcher: User) -> None:
    forced = {**PAIRWISE_PAIR, "required": False, "config": {"allow_tie": False}}
    rating = {"name": "score", "kind": "rating", "shows": "pair"}
    judge = make_judge(judged_campaign(researcher, [("same", "same")], rating, forced))
    assert counts(run_now(judge)) == ("done", 1, 0, 1)
    assert annotated(judge) == [("r0", ["a", "b"], {"score": {"a": 1, "b": 1}})]
    assert Verdict.objects.get(question="better").status == "abstain"


def test_a_unit_of_which_no_optional_question_can_be_answered_is_passed_over(researcher: User) -> None:
    forced = {**PAIRWISE_PAIR, "required": False, "config": {"allow_tie": False}}
    judge = make_judge(judged_campaign(researcher, [("same", "same")], forced))
    assert counts(run_now(judge)) == ("done", 0, 1, 1)
    assert Skip.objects.get().reason == "abstain: every question"


def test_a_required_question_that_no_protocol_takes_is_said_and_ends_the_run(researcher: User) -> None:
    judge = make_judge(judged_campaign(researcher, 2, TEXT), "failing")
    run = run_now(judge)
    assert run.state == "failed"
    assert run.error == "all: why: this judge has no protocol for text questions"
    assert run.total == 0


def test_a_model_that_cannot_be_had_ends_the_run_with_the_reason(researcher: User) -> None:
    judge = make_judge(judged_campaign(researcher, 1), "failing", broken=True)
    run = run_now(judge)
    assert (run.state, run.error) == ("failed", "there is no such model here")
