"""Annotations that come along with new items."""

from datetime import UTC, datetime
from typing import Any

import pytest

from annotate.models import Annotation, Annotator, Assignment, Campaign, Preference, RowError, Score, User
from tests.factories import PAIRWISE, PAIRWISE_PAIR, RATING_EACH, import_rows, make_campaign, pair_rows

pytestmark = pytest.mark.django_db

BOTH = [RATING_EACH, PAIRWISE_PAIR]


def along(answers: Any, annotator: str = "ann", kind: str = "human", **more: Any) -> dict[str, Any]:
    return {"annotator": annotator, "kind": kind, "answers": answers, **more}


def a_wins(annotator: str = "ann", kind: str = "human", **more: Any) -> dict[str, Any]:
    return along({"overall": {"preferred": "a"}}, annotator, kind, **more)


def with_annotations(*annotations: Any, completions: int = 2) -> list[dict[str, Any]]:
    return [{**pair_rows(1, completions)[0], "annotations": list(annotations)}]


def refused(campaign: Campaign, *annotations: Any, completions: int = 2) -> tuple[str, str]:
    job = import_rows(campaign, with_annotations(*annotations, completions=completions))
    error = RowError.objects.get(job=job)
    assert not campaign.items.exists()
    return error.field, error.message


def open_slots(campaign: Campaign) -> list[int | None]:
    return list(campaign.assignments.filter(state="open").order_by("slot").values_list("slot", flat=True))


def test_people_count_towards_the_overlap_and_judges_do_not(researcher: User) -> None:
    campaign = make_campaign(researcher, overlap=3)
    import_rows(campaign, with_annotations(a_wins(), a_wins("bob"), a_wins("gpt", "judge")))
    assert open_slots(campaign) == [2]
    done = (
        campaign.assignments.filter(state="done")
        .order_by("pk")
        .values_list("annotator__name", "slot", "reserved_for__name")
    )
    assert list(done) == [("ann", 0, None), ("bob", 1, None), ("gpt", None, "gpt")]


def test_more_people_than_the_overlap_leave_nothing_open(researcher: User) -> None:
    campaign = make_campaign(researcher)
    import_rows(campaign, with_annotations(a_wins(), a_wins("bob")))
    assert open_slots(campaign) == []
    assert Annotation.objects.count() == 2


def test_imported_annotators_belong_to_the_campaign(researcher: User, annotator: User) -> None:
    campaign = make_campaign(researcher)
    import_rows(campaign, with_annotations(a_wins("anna"), a_wins("anna", "judge")))
    found = Annotator.objects.filter(campaign=campaign)
    assert {(one.name, one.kind, one.user) for one in found} == {("anna", "human", None), ("anna", "judge", None)}
    assert campaign.members.filter(annotator__in=found, role="annotator").count() == 2
    assert not campaign.members.filter(annotator__user=annotator).exists()


def test_all_that_came_along_is_kept_and_becomes_records(researcher: User) -> None:
    campaign = make_campaign(researcher)
    more = {"created_at": "2024-05-01T12:00:00Z", "active_seconds": 3.5, "shown": ["b", "a"]}
    more["probabilities"] = {"overall": {"a": 0.8, "b": 0.2}}
    import_rows(campaign, with_annotations(a_wins("gpt", "judge", **more)))
    annotation = Annotation.objects.get()
    moment = datetime(2024, 5, 1, 12, tzinfo=UTC)
    assert (annotation.created_at, annotation.active_seconds, annotation.revision) == (moment, 3.5, 1)
    assert annotation.assignment.shown == ["b", "a"]
    record = Preference.objects.get()
    assert (record.sign, record.probability, record.a_shown_first, record.created_at) == (1, 0.8, False, moment)
    assert (record.a.key, record.b.key, record.annotator_kind) == ("a", "b", "judge")


def test_the_unit_is_inferred_where_answers_and_view_determine_it(researcher: User) -> None:
    campaign = make_campaign(researcher, questions=BOTH)
    import_rows(campaign, with_annotations(along({"score": {"b": 6}}), along({"better": {"preferred": None}})))
    assert [a.unit.keys for a in Annotation.objects.order_by("pk")] == [["b"], ["a", "b"]]
    assert Score.objects.get().completion.key == "b"
    assert sorted(Annotation.objects.get(unit__keys=["a", "b"]).assignment.shown) == ["a", "b"]


@pytest.mark.parametrize("views", [[], [{"name": "pair", "shows": "pair", "pairs": 1}]])
def test_the_unit_is_demanded_where_several_fit(researcher: User, views: list[Any]) -> None:
    campaign = make_campaign(researcher, questions=[PAIRWISE_PAIR], views=views)
    field, message = refused(campaign, along({"better": {"preferred": "a"}}), completions=3)
    assert field == "annotations[0].shown"
    assert "the answers fit several" in message


def test_a_pair_that_the_view_did_not_draw_may_have_been_answered(researcher: User) -> None:
    views = [{"name": "pair", "shows": "pair", "pairs": 1}]
    campaign = make_campaign(researcher, questions=[PAIRWISE_PAIR], views=views)
    pairs = (["a", "b"], ["c", "a"], ["b", "c"])
    import_rows(
        campaign, with_annotations(*(along({"better": {"preferred": None}}, shown=p) for p in pairs), completions=3)
    )
    assert sorted(a.unit.keys for a in Annotation.objects.all()) == [["a", "b"], ["a", "c"], ["b", "c"]]
    assert not Assignment.objects.filter(state="open").exists()


def test_repeats_have_rounds_of_their_own(researcher: User) -> None:
    campaign = make_campaign(researcher, overlap=2)
    import_rows(campaign, with_annotations(a_wins(), a_wins(round=1), a_wins(round=2)))
    rows = campaign.assignments.filter(state="done").order_by("round").values_list("round", "slot")
    assert list(rows) == [(0, 0), (1, None), (2, None)]
    assert open_slots(campaign) == [1]
    assert sorted(Preference.objects.values_list("round", flat=True)) == [0, 1, 2]


@pytest.mark.parametrize(
    ("annotations", "field", "hint"),
    [
        ([a_wins(), a_wins()], "annotations[1]", "give repeats their own round"),
        ([along({"overall": {"preferred": "z"}})], "annotations[0].answers", "['z']: no such completion"),
        ([along({"overall": "a"})], "annotations[0].answers", "overall: give"),
        (
            [along({"overal": {"preferred": "a"}})],
            "annotations[0].answers",
            "overal: no such question; asked are overall",
        ),
        ([a_wins(shown=["a"])], "annotations[0].shown", "shows 2 completion(s)"),
        ([a_wins(shown=["a", "z"])], "annotations[0].shown", "must name completions"),
        ([a_wins(), a_wins("bob", "person")], "annotations[1].kind", "human"),
        ([a_wins(probabilities={"overall": {"a": 5}})], "annotations[0].probabilities.overall", "numbers from 0 to 1"),
        ([a_wins(probabilities={"overall": 0.5})], "annotations[0].probabilities.overall", "must map keys"),
        ([a_wins(probabilities={"other": {"a": 1}})], "annotations[0].probabilities.other", "not among the answers"),
    ],
)
def test_a_wrong_annotation_is_an_error_of_its_row(
    researcher: User, annotations: list[Any], field: str, hint: str
) -> None:
    found, message = refused(make_campaign(researcher), *annotations)
    assert found == field
    assert hint in message


def test_answers_of_two_views_are_two_annotations(researcher: User) -> None:
    field, message = refused(
        make_campaign(researcher, questions=BOTH), along({"score": {"a": 1}, "better": {"preferred": "a"}})
    )
    assert (field, message[:33]) == ("annotations[0].answers", "answers of one view at a time; th")


def test_gold_answers_are_held_to_the_same_rules(researcher: User) -> None:
    campaign = make_campaign(researcher)
    wrong = {**pair_rows(1)[0], "gold": {"answers": {"overall": {"preferred": "c"}}}}
    job = import_rows(campaign, [wrong, {**wrong, "gold": {"answers": {"overall": {"preferred": "b"}}}}])
    assert list(job.errors.values_list("row", "field")) == [(1, "gold.answers")]
    assert campaign.items.get().gold == {"answers": {"overall": {"preferred": "b"}}}
    assert not Annotation.objects.exists()


def test_questions_of_a_rating_view_take_the_scale_of_the_campaign(researcher: User) -> None:
    field, message = refused(make_campaign(researcher, questions=[RATING_EACH, PAIRWISE]), along({"score": {"a": 8}}))
    assert (field, message) == (
        "annotations[0].answers",
        "score: completion a: 8 is not on the scale; give a number from 1 to 7",
    )
