"""The experiment with a checklist: which slot is in which arm, and that every door asks what the arm asks."""

from collections import Counter
from itertools import product
from typing import Any

import pytest

from annotate.answers import asked_of, questions_for
from annotate.api.payloads import assignment_payload
from annotate.arms import arm_of_slot
from annotate.assigning import claim
from annotate.campaigns import revise_campaign
from annotate.definition import parse_definition
from annotate.errors import Invalid, WrongState
from annotate.flagging import flag
from annotate.frames import Frames
from annotate.models import Annotation, Annotator, Assignment, Campaign, Label, RowError, Score, Unit, User
from annotate.records import rebuild_records
from annotate.resolving import reserve_decision
from annotate.submitting import save_draft, submit
from tests.factories import import_rows, make_campaign, pair_rows, person, running_campaign

pytestmark = pytest.mark.django_db

POINTS: dict[str, Any] = {
    "name": "points",
    "kind": "checklist",
    "shows": "each",
    "config": {"points": [{"key": "true", "text": "Is it true?"}]},
}
WHY: dict[str, Any] = {
    "name": "why",
    "kind": "text",
    "shows": "each",
    "when": {"question": "points", "answered": True},
    "required": False,
}
SCORE: dict[str, Any] = {"name": "score", "kind": "rating", "shows": "each", "config": {"min": 1, "max": 7}}
BETTER: dict[str, Any] = {"name": "better", "kind": "pairwise", "shows": "pair"}
QUESTIONS = [POINTS, WHY, SCORE, BETTER]
ARMS = {"checklist": "points", "rating": "score"}


def spec(**changes: Any) -> dict[str, Any]:
    return {"questions": QUESTIONS, "overlap": 2, "arms": ARMS, **changes}


def refused(**changes: Any) -> dict[str, str]:
    with pytest.raises(Invalid) as error:
        parse_definition(spec(**changes))
    return error.value.fields


def arms_of(overlap: int, digest: str) -> list[str]:
    return [arm_of_slot(digest, "each", slot, overlap) for slot in range(overlap)]


@pytest.mark.parametrize("overlap", [2, 3])
def test_a_unit_of_few_answers_is_in_one_arm(overlap: int) -> None:
    assert all(len(set(arms_of(overlap, str(n)))) == 1 for n in range(50))


@pytest.mark.parametrize(("overlap", "least"), [(4, 2), (5, 2), (6, 3), (7, 3), (8, 4), (9, 4)])
def test_a_unit_of_more_answers_is_halved(overlap: int, least: int) -> None:
    for n in range(50):
        counts = Counter(arms_of(overlap, str(n)))
        assert (min(counts.values()), sum(counts.values())) == (least, overlap)


def test_each_arm_of_four_answers_sees_both_orders() -> None:
    """Odd slots show the sides the other way round."""
    for n in range(50):
        arms = arms_of(4, str(n))
        assert sorted((arm, slot % 2) for slot, arm in enumerate(arms)) == list(product(("with", "without"), (0, 1)))


def test_prompts_are_halved_by_chance_and_always_alike() -> None:
    first = [arms_of(2, str(n))[0] for n in range(2000)]
    assert first == [arms_of(2, str(n))[0] for n in range(2000)]
    assert first.count("with") == pytest.approx(1000, abs=90)


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"arms": {"checklist": "points"}}, "arms", "checklist, rating"),
        ({"arms": ["points", "score"]}, "arms", "checklist, rating"),
        ({"arms": {"checklist": 3, "rating": "score"}}, "arms.checklist", "name of a question"),
        ({"arms": {"checklist": "point", "rating": "score"}}, "arms.checklist", "there are points, why, score, better"),
        ({"arms": {"checklist": "score", "rating": "points"}}, "arms.checklist", "must be a checklist"),
        ({"arms": {"checklist": "points", "rating": "why"}}, "arms.rating", "must be rating"),
        ({"arms": {"checklist": "points", "rating": "better"}}, "arms.rating", "in the view of points"),
        ({"questions": [SCORE, POINTS]}, "arms.rating", "after points"),
        ({"questions": [POINTS, {**SCORE, "when": WHY["when"]}]}, "arms.rating", "follows from points"),
        (
            {"questions": [POINTS, WHY, {**SCORE, "when": {"question": "why", "answered": True}}]},
            "arms.rating",
            "follows from points",
        ),
        ({"questions": [{**POINTS, "required": False}, SCORE]}, "arms.checklist", "required"),
        (
            {"questions": [{**WHY, "when": None}, {**POINTS, "when": {"question": "why", "answered": True}}, SCORE]},
            "arms.checklist",
            "without a condition",
        ),
        ({"overlap": 1}, "arms", "overlap of 2 or more"),
    ],
)
def test_an_experiment_that_cannot_be_is_refused(changes: dict[str, Any], field: str, words: str) -> None:
    problems = refused(**changes)
    assert list(problems) == [field]
    assert words in problems[field]


def test_no_experiment_is_a_null() -> None:
    assert parse_definition(spec(arms=None)).options == {"arms": None}


@pytest.fixture
def me(annotator: User) -> Annotator:
    return person(annotator)


def experiment(researcher: User, me: Annotator, count: int = 8, **changes: Any) -> Campaign:
    assert me.user
    return running_campaign(researcher, count, [me.user], **spec(**changes))


def held_in(campaign: Campaign, me: Annotator, arm: str, view: str = "each") -> Assignment:
    """An assignment of that arm, leased to the annotator."""
    rows = Assignment.objects.filter(campaign=campaign, arm=arm, unit__view__name=view, state="open").order_by("pk")
    row = rows.select_related("unit__item", "unit__view")[0]
    Assignment.objects.filter(pk=row.pk).update(state="leased", annotator=me, leased_until="2100-01-01T00:00Z")
    return row


def rated(row: Assignment, with_points: bool) -> dict[str, Any]:
    (key,) = row.shown
    return ({"points": {key: {"true": "yes"}}} if with_points else {}) | {"score": {key: 4}}


def test_slots_have_arms_in_the_view_of_the_experiment_alone(researcher: User, me: Annotator) -> None:
    campaign = experiment(researcher, me, overlap=4)
    rows = Assignment.objects.filter(campaign=campaign)
    assert Counter(rows.filter(unit__view__name="each").values_list("arm", flat=True)) == {"with": 32, "without": 32}
    assert set(rows.filter(unit__view__name="pair").values_list("arm", flat=True)) == {""}


def test_all_responses_to_a_prompt_are_in_the_same_arm_of_two_answers(researcher: User, me: Annotator) -> None:
    campaign = experiment(researcher, me, count=20)
    arms: dict[int, set[str]] = {}
    for group, arm in Assignment.objects.filter(campaign=campaign, unit__view__name="each").values_list(
        "unit__prompt_group", "arm"
    ):
        arms.setdefault(group, set()).add(arm)
    assert Counter(map(len, arms.values())) == {1: 20}
    assert set().union(*arms.values()) == {"with", "without"}


def test_every_door_asks_what_the_arm_asks(researcher: User, me: Annotator) -> None:
    campaign = experiment(researcher, me)
    for arm, names in (("with", ["points", "why", "score"]), ("without", ["score"])):
        row = held_in(campaign, me, arm)
        assert [question.name for question in questions_for(row)] == names
        assert [question.name for question in asked_of(row)] == names
        assert [question["name"] for question in assignment_payload(row, me)["questions"]] == names
        assert "arm" not in assignment_payload(row, me)


def test_the_validator_holds_answers_against_the_arm(researcher: User, me: Annotator) -> None:
    campaign = experiment(researcher, me)
    without, within = held_in(campaign, me, "without"), held_in(campaign, me, "with")
    with pytest.raises(Invalid, match="points: no such question here; asked are score"):
        submit(without, me, rated(without, True))
    with pytest.raises(Invalid, match="points: not answered"):
        submit(within, me, rated(within, False))
    save_draft(without, me, rated(without, False))
    assert submit(without, me, rated(without, False), claim_next=False).outcome == "created"
    changed = {"score": {without.shown[0]: 7}}
    assert submit(without, me, changed, revises=1).outcome == "revised"
    assert submit(within, me, rated(within, True), claim_next=False).outcome == "created"
    assert sorted(Score.objects.filter(question="score").values_list("value", flat=True)) == [4, 7]
    assert Label.objects.count() == 1


def test_records_rebuilt_are_as_they_were(researcher: User, me: Annotator) -> None:
    campaign = experiment(researcher, me)
    for arm in ("with", "without"):
        row = held_in(campaign, me, arm)
        submit(row, me, rated(row, arm == "with"), claim_next=False)
    before = list(Score.objects.order_by("unit", "question").values_list("unit", "question", "value"))
    assert rebuild_records(campaign) == 2
    assert list(Score.objects.order_by("unit", "question").values_list("unit", "question", "value")) == before
    assert Label.objects.count() == 1
    arms = Frames(campaign).scores("score").arm
    assert sorted(arms.tolist()) == [1, 2]


def test_a_repeat_is_in_the_arm_of_what_it_repeats(researcher: User, me: Annotator) -> None:
    campaign = experiment(researcher, me, repeats={"share": 1})
    row = held_in(campaign, me, "without")
    submit(row, me, rated(row, False), claim_next=False)
    again = Assignment.objects.get(purpose="repeat")
    assert (again.unit, again.arm) == (row.unit, "without")


def test_judges_and_who_decides_are_asked_everything(researcher: User, me: Annotator) -> None:
    campaign = experiment(researcher, me)
    row = held_in(campaign, me, "without")
    raised = flag(row, me, "unsure")
    decision = reserve_decision(raised, person(researcher))
    assert [question.name for question in questions_for(decision)] == ["points", "why", "score"]


def test_the_arms_stay_once_there_are_items(researcher: User, me: Annotator) -> None:
    campaign = experiment(researcher, me)
    for arms in (None, {**ARMS, "rating": "other"}):
        questions = [*QUESTIONS, {**SCORE, "name": "other"}]
        with pytest.raises(WrongState, match="arms of the experiment cannot change"):
            revise_campaign(campaign, spec(arms=arms, questions=questions))
    revise_campaign(campaign, spec(guidelines="Look twice."))
    row = held_in(campaign, me, "without")
    assert [question.name for question in questions_for(row)] == ["score"]


def along(key: str, *, points: bool, kind: str = "human", name: str = "ann") -> dict[str, Any]:
    answers = ({"points": {key: {"true": "yes"}}} if points else {}) | {"score": {key: 5}}
    return {"annotator": name, "kind": kind, "answers": answers}


def test_imported_answers_are_in_the_arm_that_they_were_given_in(researcher: User) -> None:
    campaign = make_campaign(researcher, **spec(overlap=4))
    given = [along("a", points=False), along("a", points=True, name="bob"), along("a", points=True, kind="judge")]
    assert import_rows(campaign, [{**pair_rows(1)[0], "annotations": given}]).done == 1
    done = Assignment.objects.filter(state="done").order_by("annotator__kind", "annotator__name")
    assert list(done.values_list("annotator__name", "slot", "arm")) == [
        ("ann", 0, "without"),
        ("bob", 1, "with"),
        ("ann", None, ""),
    ]


def test_a_judge_that_left_the_checklist_out_is_refused(researcher: User) -> None:
    campaign = make_campaign(researcher, **spec())
    row = {**pair_rows(1)[0], "annotations": [along("a", points=False, kind="judge")]}
    job = import_rows(campaign, [row])
    assert "points: not answered" in RowError.objects.get(job=job).message


def test_a_later_import_takes_an_open_slot_of_its_own_arm(researcher: User) -> None:
    campaign = make_campaign(researcher, **spec(overlap=4))
    (row,) = pair_rows(1)
    import_rows(campaign, [row])
    import_rows(campaign, [{**row, "annotations": [along("a", points=False)]}])
    unit = Unit.objects.get(keys=["a"], view__name="each")
    assert Counter(unit.assignments.values_list("arm", flat=True)) == {"with": 2, "without": 2}
    assert Annotation.objects.get().assignment.arm == "without"


def test_people_who_come_for_work_get_both_arms(researcher: User, me: Annotator) -> None:
    campaign = experiment(researcher, me, count=12)
    seen = Counter[str]()
    while (row := claim(campaign, me)) is not None:
        answers = {"better": {"preferred": None}} if row.arm == "" else rated(row, row.arm == "with")
        submit(row, me, answers, claim_next=False)
        seen[row.arm] += 1
    assert seen[""] == 12
    assert seen["with"] + seen["without"] == 24
    assert min(seen.values()) > 0
