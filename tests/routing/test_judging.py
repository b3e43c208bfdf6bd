import pytest

from annotate.campaigns import change_state
from annotate.models import Annotation, Assignment, Preference, Score, User
from annotate.users import default_organisation
from routing.creating import create_judge
from routing.judging import start_run
from routing.models import JudgeCall, Verdict
from tests.factories import PAIRWISE_PAIR, RATING_EACH, import_rows, make_user, pair_rows, running_campaign
from tests.routing.judged import (
    TEXT,
    annotated,
    counts,
    judged_campaign,
    leased,
    make_judge,
    run_now,
    work_on,
)

pytestmark = pytest.mark.django_db


def test_every_unit_is_answered_once(researcher: User) -> None:
    judge = make_judge(judged_campaign(researcher, 32))
    run = run_now(judge)
    units = 32 * 3  # two ratings and a pair an item
    assert counts(run) == ("done", units, 0, units)
    rows = Annotation.objects.filter(annotator=judge.annotator)
    assert rows.count() == rows.values("unit").distinct().count() == units
    assert Score.objects.filter(annotator=judge.annotator).count() == 32 * 2
    assert Preference.objects.filter(annotator=judge.annotator).count() == 32
    assert leased(judge) == 0


def test_a_pair_is_asked_in_both_orders_and_a_rating_alone(researcher: User) -> None:
    judge = make_judge(judged_campaign(researcher, [("one two three", "one")]))
    run_now(judge)
    calls = JudgeCall.objects.filter(judge=judge).order_by("question", "order", "keys")
    assert [(call.question, call.keys) for call in calls] == [
        ("better", ["a", "b"]),
        ("better", ["b", "a"]),
        ("score", ["a"]),
        ("score", ["b"]),
    ]
    assert ("r0", ["a", "b"], {"better": {"preferred": "a"}}) in annotated(judge)


def test_the_probability_of_a_preference_is_recorded(researcher: User) -> None:
    judge = make_judge(judged_campaign(researcher, [("one two three", "one")]))
    run_now(judge)
    [preference] = Preference.objects.filter(annotator=judge.annotator)
    assert preference.probability == pytest.approx(4 / 6)  # words and one: 4 to 2, in both orders


def test_judges_work_beside_the_overlap(researcher: User, annotator: User) -> None:
    campaign = running_campaign(researcher, 3, [annotator], questions=(RATING_EACH, PAIRWISE_PAIR, TEXT))
    judge = make_judge(campaign)
    run_now(judge)
    base = Assignment.objects.filter(campaign=campaign).exclude(slot=None)
    assert set(base.values_list("state", flat=True)) == {"open"}
    assert not base.exclude(annotator=None).exists()


@pytest.mark.usefixtures("failing")
def test_a_judge_never_takes_the_rows_of_people(researcher: User) -> None:
    """A view that it cannot answer has open rows for people: they are not its business."""
    judge = make_judge(judged_campaign(researcher, 2, RATING_EACH, TEXT), "failing")
    run = run_now(judge)
    assert counts(run) == ("done", 4, 0, 4)
    assert run.skipped == {"all": "why: this judge has no protocol for text questions"}
    assert not judge.annotator.skips.exists()


def test_a_second_run_finds_nothing_to_do(researcher: User) -> None:
    judge = make_judge(judged_campaign(researcher))
    run_now(judge)
    calls = JudgeCall.objects.count()
    assert counts(run_now(judge)) == ("done", 9, 0, 9)
    assert (JudgeCall.objects.count(), Annotation.objects.count()) == (calls, 9)


def test_items_that_came_later_are_answered_by_the_next_run(researcher: User) -> None:
    campaign = judged_campaign(researcher, 1)
    judge = make_judge(campaign)
    run_now(judge)
    import_rows(campaign, pair_rows(3))
    assert counts(run_now(judge)) == ("done", 9, 0, 9)


def test_two_judges_answer_the_same_units(researcher: User) -> None:
    campaign = judged_campaign(researcher, [("one two three", "one")])
    long, short = make_judge(campaign), make_judge(campaign, name="terse", rule="shorter")
    run_now(long)
    run_now(short)
    preferred = {p.annotator_id: p.sign for p in Preference.objects.all()}
    assert preferred == {long.annotator_id: 1, short.annotator_id: -1}


def test_a_tie_is_an_answer(researcher: User) -> None:
    judge = make_judge(judged_campaign(researcher, [("same words", "same words")]))
    run_now(judge)
    assert ("r0", ["a", "b"], {"better": {"preferred": None}}) in annotated(judge)


def test_verdicts_that_may_not_tie_abstain_and_leave_no_annotation(researcher: User) -> None:
    forced = {**PAIRWISE_PAIR, "config": {"allow_tie": False}}
    judge = make_judge(judged_campaign(researcher, [("same words", "same words")], forced))
    run = run_now(judge)
    assert counts(run) == ("done", 0, 1, 1)
    assert annotated(judge) == []
    assert Verdict.objects.get().status == "abstain"


def test_a_campaign_that_is_paused_ends_the_run_with_its_reason_and_loses_nothing(researcher: User) -> None:
    campaign = judged_campaign(researcher)
    judge = make_judge(campaign)
    run = start_run(judge, None, send=False)
    change_state(campaign, "pause")
    work_on(run)
    assert (run.state, run.error) == ("failed", "This campaign is not running, so nothing can be annotated in it now.")
    change_state(campaign, "launch")
    judge.campaign.refresh_from_db()
    assert counts(run_now(judge)) == ("done", 9, 0, 9)


def test_people_of_the_campaign_do_not_become_judges(researcher: User) -> None:
    """The name of a person is free for a judge."""
    make_user("judy", organisation=default_organisation())
    assert make_judge(judged_campaign(researcher, 1)).annotator.is_judge


def test_a_judge_that_computes_nothing_does_not_wait_behind_models(researcher: User) -> None:
    campaign = judged_campaign(researcher, 1)
    model = create_judge(campaign, {"name": "model", "provider": "local", "config": {"model": "smollm2"}})
    assert start_run(make_judge(campaign), None, send=False).queue == "default"
    assert start_run(model, None, send=False).queue == "gpu"
