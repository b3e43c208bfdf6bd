"""Verdicts made elsewhere go in as those of our own judges are stored."""

from typing import Any

import pytest

from annotate.errors import WrongState
from annotate.models import Annotation, Assignment, Campaign, Item, Preference, Skip, User
from routing.judges import ConfigError
from routing.judges.imported import ImportedProvider
from routing.judging import start_run
from routing.models import Judge, Verdict
from routing.reliability import reliability
from tests.factories import PAIRWISE, PAIRWISE_PAIR, RATING_EACH
from tests.routing.judged import make_judge
from tests.routing.verdicts_import.importing import (
    BOTH,
    counts,
    import_verdicts,
    judged,
    only_verdict,
    orders,
    problems,
)

pytestmark = pytest.mark.django_db


def test_both_orders_become_a_verdict_an_answer_and_a_record(researcher: User) -> None:
    campaign = judged(researcher)
    assert counts(import_verdicts(campaign, [BOTH])) == ("done", 1, 0, 0)
    verdict = only_verdict()
    assert (verdict.status, verdict.answer, verdict.kind) == ("ok", {"preferred": "a"}, "pairwise")
    details = verdict.details
    assert (details["s1"], details["s2"], details["flip"]) == (0.9, 0.3, False)
    assert details["d"] == pytest.approx(1.5223, abs=1e-4)  # (ln 9 + ln 7/3) / 2
    assert details["slot_bias"] == pytest.approx(0.675, abs=1e-4)  # (ln 9 − ln 7/3) / 2
    assert verdict.confidence == pytest.approx(0.8209, abs=1e-4)
    assignment = verdict.assignment
    assert (assignment.state, assignment.slot, assignment.round) == ("done", None, 0)
    annotation = Annotation.objects.get()
    assert (annotation.annotator.name, annotation.annotator.kind) == ("gpt", "judge")
    assert Preference.objects.get().probability == verdict.confidence
    assert verdict.judge.provider == "imported"


def test_labels_alone_are_hard_and_a_flip_is_a_tie(researcher: User) -> None:
    campaign = judged(researcher)
    rows = [
        BOTH | {"item": "r0", "orders": orders("a", "a")},
        BOTH | {"item": "r1", "orders": orders("a", "b")},
        BOTH | {"item": "r2", "orders": orders(None, "b")},
    ]
    assert import_verdicts(campaign, rows).done == 3
    found = Verdict.objects.order_by("assignment__unit__item__key")
    assert [(v.answer, v.details["flip"], v.details["hard"], v.probabilities) for v in found] == [
        ({"preferred": "a"}, False, True, None),
        ({"preferred": None}, True, True, None),
        ({"preferred": None}, False, True, None),
    ]


def test_where_no_tie_is_allowed_a_flip_is_an_abstention_without_an_answer(researcher: User) -> None:
    campaign = judged(researcher, PAIRWISE | {"config": {"allow_tie": False}})
    assert import_verdicts(campaign, [BOTH | {"orders": orders("a", "b")}]).done == 1
    assert (only_verdict().status, only_verdict().answer) == ("abstain", None)
    assert not Annotation.objects.exists()
    assert Skip.objects.get().reason == "abstain: overall"


def test_one_order_is_taken_and_says_what_it_lacks(researcher: User) -> None:
    campaign = judged(researcher)
    job = import_verdicts(campaign, [BOTH | {"orders": [{"first": "b", "preferred": "a", "probability": 0.2}]}])
    assert job.done == 1
    verdict = only_verdict()
    assert (verdict.answer, verdict.details["s2"], verdict.details["one_order"]) == ({"preferred": "a"}, 0.2, True)
    assert "flip" not in verdict.details
    assert "only one order" in job.remarks.get().message


def test_a_failure_is_a_status_and_nothing_is_made_up(researcher: User) -> None:
    campaign = judged(researcher)
    rows = [
        {"judge": "gpt", "item": "r0", "question": "overall", "status": "refusal"},
        BOTH | {"item": "r1", "status": "parse_error", "orders": BOTH["orders"][:1]},
    ]
    assert counts(import_verdicts(campaign, rows)) == ("done", 2, 0, 0)
    found = list(Verdict.objects.order_by("assignment__unit__item__key").values_list("status", "answer"))
    assert found == [("refusal", None), ("parse_error", None)]
    assert not Annotation.objects.exists()


def test_the_same_file_twice_adds_nothing_and_another_verdict_is_an_error(researcher: User) -> None:
    campaign = judged(researcher)
    failed = {"judge": "gpt", "item": "r1", "question": "overall", "status": "refusal"}
    import_verdicts(campaign, [BOTH, failed])
    assert counts(import_verdicts(campaign, [BOTH, failed])) == ("done", 2, 2, 0)
    assert (Verdict.objects.count(), Annotation.objects.count()) == (2, 1)
    job = import_verdicts(campaign, [BOTH | {"orders": orders("b", "b")}])
    assert problems(job) == [(1, "orders", "gpt has another verdict on this already; number repeats by `repeat`")]


def test_repeats_are_rounds_of_their_own(researcher: User) -> None:
    campaign = judged(researcher)
    assert import_verdicts(campaign, [BOTH | {"repeat": n} for n in range(3)]).done == 3
    assert sorted(Assignment.objects.filter(slot=None).values_list("round", flat=True)) == [0, 1, 2]
    rows = [BOTH | {"repeat": 7}, BOTH | {"repeat": 7}, BOTH | {"repeat": 7, "orders": orders("b", "b")}]
    assert counts(import_verdicts(campaign, rows)) == ("done", 2, 1, 1)


def test_ratings_take_a_score_or_an_answer(researcher: User) -> None:
    campaign = judged(researcher, RATING_EACH)
    rows: list[dict[str, Any]] = [
        {"judge": "gpt", "item": "r0", "question": "score", "keys": ["a"], "score": 5},
        {"judge": "gpt", "item": "r0", "question": "score", "answer": {"b": 2}, "confidence": 0.7},
        {"judge": "gpt", "item": "r1", "question": "score", "keys": ["a"], "score": 9},
    ]
    job = import_verdicts(campaign, rows)
    assert counts(job) == ("done", 2, 0, 1)
    assert list(Verdict.objects.order_by("pk").values_list("answer", flat=True)) == [
        {"a": 5},
        {"b": 2},
    ]
    ((row, field, message),) = problems(job)
    assert (row, field) == (3, "score")
    assert "7" in message


def test_the_questions_of_one_screen_go_in_together(researcher: User) -> None:
    sure = {"name": "sure", "kind": "choice", "shows": "all", "config": {"options": ["yes", "no"]}}
    campaign = judged(researcher, PAIRWISE, sure)
    said = {"judge": "gpt", "item": "r0", "question": "sure", "answer": "yes"}
    assert counts(import_verdicts(campaign, [BOTH, said])) == ("done", 2, 0, 0)
    assert Annotation.objects.get().answers == {"overall": {"preferred": "a"}, "sure": "yes"}
    alone = import_verdicts(campaign, [BOTH | {"item": "r1"}])
    assert problems(alone) == [(1, "question", "the same screen asks sure: give its row next to this one")]
    assert not Assignment.objects.filter(unit__item__key="r1", slot=None).exists()


def test_gold_goes_to_the_item_unless_it_has_another(researcher: User) -> None:
    campaign = judged(researcher)
    import_verdicts(campaign, [BOTH | {"gold": {"preferred": "b"}}, BOTH | {"item": "r1", "gold": "a"}])
    golds = Item.objects.order_by("key").values_list("gold", flat=True)
    assert list(golds) == [{"answers": {"overall": {"preferred": k}}} for k in "ba"] + [None]
    clash = import_verdicts(campaign, [BOTH | {"judge": "other", "gold": {"preferred": "a"}}])
    assert problems(clash)[0][1] == "gold"
    assert not Judge.objects.filter(annotator__name="other").exists()


def test_gold_of_one_pair_of_several_says_which(researcher: User) -> None:
    campaign = judged(researcher, PAIRWISE_PAIR, completions=3)
    row = BOTH | {"question": "better", "gold": "b"}
    assert import_verdicts(campaign, [row]).done == 1
    assert campaign.items.get(key="r0").gold == {"answers": {"better": {"preferred": "b"}}, "shown": ["a", "b"]}


def test_strengths_come_from_the_probabilities_or_are_given(researcher: User) -> None:
    campaign = judged(researcher, PAIRWISE | {"config": {"strengths": ["slightly", "clearly"]}})
    hard = BOTH | {"item": "r1", "orders": orders("b", "b")}
    job = import_verdicts(campaign, [BOTH, hard, hard | {"strength": 2}])
    assert problems(job) == [(2, "strength", "the question asks how much better: give a step from 1 to 2")]
    answers = [verdict.answer for verdict in Verdict.objects.order_by("pk")]
    assert answers == [{"preferred": "a", "strength": 2}, {"preferred": "b", "strength": 2}]


ROW = BOTH
PROBLEMS: list[tuple[dict[str, Any], str]] = [
    (ROW | {"judge": None}, "judge"),
    (ROW | {"item": "zz"}, "item"),
    (ROW | {"question": "nope"}, "question"),
    (ROW | {"orders": []}, "orders"),
    (ROW | {"orders": ROW["orders"] * 2}, "orders"),
    (ROW | {"orders": [ROW["orders"][0]] * 2}, "orders[1].first"),
    (ROW | {"orders": [{"first": "z", "preferred": "a"}]}, "keys"),
    (ROW | {"orders": [{"first": "a"}]}, "orders[0].preferred"),
    (ROW | {"orders": [{"first": "a", "preferred": 3}]}, "orders[0].preferred"),
    *((ROW | {"orders": orders("a", said)}, "orders[1].preferred") for said in ("A", "tie", "zzz", "")),
    (ROW | {"orders": orders("first", "a"), "status": "parse_error"}, "orders[0].preferred"),
    (ROW | {"orders": [{"first": "a", "preferred": "a", "probability": 0.1}]}, "orders[0].probability"),
    (ROW | {"orders": [{"first": "a", "probability": 1.5}]}, "orders[0].probability"),
    (ROW | {"orders": [{"first": "a", "preferd": "a"}]}, "orders[0].preferd"),
    (ROW | {"keys": ["a"]}, "keys"),
    (ROW | {"keys": ["a", "a"]}, "keys"),
    (ROW | {"answer": {"preferred": "a"}}, "answer"),
    (ROW | {"score": 3, "orders": None}, "score"),
    (ROW | {"status": "fine"}, "status"),
    (ROW | {"repeat": -1}, "repeat"),
    (ROW | {"repeat": "1"}, "repeat"),
    (ROW | {"confidence": 2}, "confidence"),
    (ROW | {"gold": {"preferred": "z"}}, "gold"),
    (ROW | {"jugde": "gpt"}, "jugde"),
    (ROW | {"judge": "a\0b"}, "judge"),
    ({"judge": "gpt", "item": "r0", "question": "overall", "answer": {"preferred": "z"}}, "keys"),
    ({"judge": "gpt", "item": "r0", "question": "overall", "answer": "a"}, "answer"),
    ({"judge": "gpt", "item": "r0", "question": "overall"}, "orders"),
]


def test_every_bad_row_is_named_and_the_good_ones_go_in(researcher: User) -> None:
    campaign = judged(researcher)
    job = import_verdicts(campaign, [*(row for row, _ in PROBLEMS), BOTH | {"item": "r2"}])
    assert [(row, field) for row, field, _ in problems(job)] == [
        (number, field) for number, (_, field) in enumerate(PROBLEMS, start=1)
    ]
    assert counts(job) == ("done", 1, 0, len(PROBLEMS))


def test_a_judge_that_answers_here_is_not_mixed_with_imported_verdicts(researcher: User) -> None:
    campaign = judged(researcher)
    make_judge(campaign, name="gpt")
    assert problems(import_verdicts(campaign, [BOTH]))[0][1] == "judge"


def test_the_report_reads_them_as_any_others(researcher: User) -> None:
    campaign: Campaign = judged(researcher)
    rows = [BOTH | {"orders": orders("a", "a")}, BOTH | {"item": "r1", "orders": orders("a", "b")}]
    import_verdicts(campaign, [*rows, {"judge": "gpt", "item": "r2", "question": "overall", "status": "refusal"}])
    report = reliability(only_judge())
    (question,) = report["questions"]
    assert (question["n"], question["valid"]) == (3, 2)
    assert question["flip_rate"] == 0.5


def only_judge() -> Judge:
    return Judge.objects.select_related("campaign", "annotator").get()


def test_a_run_of_imported_verdicts_is_refused_with_the_reason(researcher: User) -> None:
    import_verdicts(judged(researcher), [BOTH])
    with pytest.raises(WrongState, match="gpt does not run here: its verdicts were made elsewhere"):
        start_run(only_judge(), None)


def test_the_provider_gives_nothing_and_says_why() -> None:
    assert ImportedProvider.gives == frozenset()
    with pytest.raises(ConfigError, match="made elsewhere"):
        ImportedProvider({}).answer([])
