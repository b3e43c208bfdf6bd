"""What a judge answers of a campaign: views, conditions, versions, prompts of their own."""

import pytest
from django.db import transaction

from annotate.campaigns import revise_campaign
from annotate.models import Annotation, Assignment, User
from annotate.parking import lock_item, put_back, withdraw
from routing.judging import reserve
from routing.models import JudgeCall
from routing.scope import answerable_views, view_problems
from tests.factories import PAIRWISE_PAIR, RATING_EACH, import_rows
from tests.routing.judged import TEXT, annotated, counts, judged_campaign, make_judge, pair_row, run_now

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("failing")]


def test_a_view_is_answered_if_its_required_questions_are(researcher: User) -> None:
    optional = {**TEXT, "name": "note", "shows": "pair", "required": False}
    judge = make_judge(judged_campaign(researcher, 1, RATING_EACH, PAIRWISE_PAIR, optional, TEXT), "failing")
    problems = {view.name: problem for view, problem in view_problems(judge)}
    assert problems == {"each": "", "pair": "", "all": "why: this judge has no protocol for text questions"}
    run_now(judge)
    assert ("r0", ["a", "b"], {"better": {"preferred": None}}) in annotated(judge)


def test_a_view_with_nothing_for_a_judge_is_left_out(researcher: User) -> None:
    judge = make_judge(judged_campaign(researcher, 1, RATING_EACH, {**TEXT, "required": False}), "failing")
    assert {view.name: problem for view, problem in view_problems(judge)} == {
        "each": "",
        "all": "no question it can answer",
    }


@pytest.mark.parametrize(("wanted", "answers"), [(2, {"score", "better"}), (7, {"better"})])
def test_a_question_whose_condition_is_not_met_is_not_answered(
    researcher: User, wanted: int, answers: set[str]
) -> None:
    """The scripted judge prefers the longer text, a."""
    better = {**PAIRWISE_PAIR}
    score = {
        "name": "score",
        "kind": "rating",
        "shows": "pair",
        "when": {"question": "better", "equals": {"preferred": "a" if wanted == 2 else "b"}},
    }
    judge = make_judge(judged_campaign(researcher, [("one two three", "one")], better, score))
    assert counts(run_now(judge)) == ("done", 1, 0, 1)
    assert set(Annotation.objects.get().answers) == answers


def test_rows_not_begun_follow_the_questions_of_the_present_version(researcher: User) -> None:
    campaign = judged_campaign(researcher, 1, PAIRWISE_PAIR)
    judge = make_judge(campaign)
    reserve(judge, answerable_views(judge)[0])
    revise_campaign(campaign, {"questions": [{**PAIRWISE_PAIR, "name": "nicer"}]})
    judge.refresh_from_db()
    assert counts(run_now(judge)) == ("done", 1, 0, 1)
    assert set(Annotation.objects.get().answers) == {"nicer"}


def test_rows_of_a_view_that_it_cannot_answer_any_more_are_parked(researcher: User) -> None:
    campaign = judged_campaign(researcher, 1)
    judge = make_judge(campaign, "failing")
    reserve(judge, answerable_views(judge)[0])
    required = {**TEXT, "shows": "pair"}
    revise_campaign(campaign, {"questions": [RATING_EACH, PAIRWISE_PAIR, required]})
    judge.refresh_from_db()
    assert counts(run_now(judge)) == ("done", 2, 0, 2)
    assert Assignment.objects.filter(reserved_for=judge.annotator, state="parked").count() == 1
    revise_campaign(campaign, {"questions": [RATING_EACH, PAIRWISE_PAIR]})
    judge.refresh_from_db()
    assert counts(run_now(judge)) == ("done", 3, 0, 3)


def test_completions_with_prompts_of_their_own_are_judged_by_these(researcher: User) -> None:
    campaign = judged_campaign(researcher, 1, RATING_EACH, PAIRWISE_PAIR)
    row = pair_row(9, ("long answer here", "short"))
    row["completions"][0]["prompt"] = "Its own question?"
    import_rows(campaign, [row])
    judge = make_judge(campaign)
    run_now(judge)
    calls = JudgeCall.objects.filter(assignment__unit__item__key="r9")
    rated = {call.keys[0]: call.request["messages"][0]["content"] for call in calls.filter(question="score")}
    assert "Its own question?" in rated["a"]
    assert "Question 9?" not in rated["a"]
    assert "Question 9?" in rated["b"]
    pair = calls.filter(question="better").first()
    assert pair is not None
    content = pair.request["messages"][0]["content"]
    assert "(To the request: Its own question?)" in content
    assert "(To the request: Question 9?)" in content


def test_an_item_that_is_out_of_the_campaign_is_judged_once_it_is_back(researcher: User) -> None:
    campaign = judged_campaign(researcher, 2, PAIRWISE_PAIR)
    judge = make_judge(campaign)
    reserve(judge, answerable_views(judge)[0])
    with transaction.atomic():
        item = lock_item(campaign.items.get(key="r0").pk)
        withdraw(item)
    assert counts(run_now(judge)) == ("done", 1, 0, 1)
    assert [item for item, _, _ in annotated(judge)] == ["r1"]
    put_back(item)
    assert counts(run_now(judge)) == ("done", 2, 0, 2)
