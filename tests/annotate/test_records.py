"""Records follow the answers, and can be written anew."""

import threading
from typing import Any

import pytest
from django.db import connection

from annotate.assigning import claim
from annotate.models import Annotation, Campaign, Label, Mark, Preference, Record, Score, User
from annotate.records import MODELS, rebuild_records
from annotate.submitting import submit
from tests.factories import import_rows, pair_rows, person, running_campaign

pytestmark = pytest.mark.django_db

QUESTIONS: list[dict[str, Any]] = [
    {"name": "overall", "kind": "pairwise", "config": {"strengths": ["slightly", "clearly"], "both_bad": True}},
    {"name": "score", "kind": "rating"},
    {"name": "flaw", "kind": "choice", "config": {"options": ["rude", "wrong"], "multiple": True, "per": "completion"}},
    {"name": "why", "kind": "text", "required": False},
]
ANSWERS: dict[str, Any] = {
    "overall": {"preferred": "b", "strength": 2},
    "score": {"a": 2, "b": 5},
    "flaw": {"a": ["rude", "wrong"], "b": ["wrong"]},
    "why": "b is right",
}


@pytest.fixture
def campaign(researcher: User, annotator: User) -> Campaign:
    return running_campaign(researcher, 4, [annotator], questions=QUESTIONS)


def everything() -> list[tuple[Any, ...]]:
    """All records, without their ids, in a fixed order."""
    rows = []
    for model in MODELS:
        names = [field.attname for field in model._meta.concrete_fields if field.name != "id"]
        rows += [(model.__name__, *row) for row in model._default_manager.values_list(*names)]
    return sorted(rows, key=repr)


def work(campaign: Campaign, annotator: User) -> list[Annotation]:
    done = []
    assignment = claim(campaign, person(annotator))
    while assignment is not None:
        result = submit(assignment, person(annotator), ANSWERS)
        done.append(result.annotation)
        assignment = result.next
    return done


def test_each_answer_becomes_its_records(campaign: Campaign, annotator: User) -> None:
    assignment = claim(campaign, person(annotator))
    assert assignment is not None
    annotation = submit(assignment, person(annotator), ANSWERS).annotation
    preference = Preference.objects.get()
    assert (preference.sign, preference.strength, preference.both_bad, preference.probability) == (-1, 2, False, None)
    assert preference.a_shown_first == (assignment.shown[0] == "a")
    scores = {score.completion.key: (score.value, score.position_shown) for score in Score.objects.all()}
    assert scores == {key: (value, assignment.shown.index(key)) for key, value in {"a": 2.0, "b": 5.0}.items()}
    labels = set(Label.objects.values_list("question", "target", "point", "value"))
    assert labels == {
        ("flaw", "a", "", "rude"),
        ("flaw", "a", "", "wrong"),
        ("flaw", "b", "", "wrong"),
        ("why", "", "", "b is right"),
    }
    assert not Mark.objects.exists()
    records: list[Record] = [preference, *Score.objects.all(), *Label.objects.all()]
    for record in records:
        assert record.annotation == annotation
        assert (record.campaign, record.item, record.unit) == (campaign, assignment.unit.item, assignment.unit)
        assert (record.view, record.prompt_group) == (assignment.unit.view, assignment.unit.prompt_group)
        assert (record.annotator, record.annotator_kind, record.round) == (person(annotator), "human", 0)
        assert record.created_at == annotation.created_at


def test_a_revision_replaces_them(campaign: Campaign, annotator: User) -> None:
    first, *_ = work(campaign, annotator)
    before = len(everything())
    answers = {
        "overall": {"preferred": None, "both_bad": True},
        "score": {"a": 1, "b": 1},
        "flaw": {"a": ["rude"], "b": ["rude"]},
    }
    submit(first.assignment, person(annotator), answers, revises=1)
    assert Preference.objects.get(annotation=first).both_bad
    assert set(Score.objects.filter(annotation=first).values_list("value", flat=True)) == {1.0}
    assert Label.objects.filter(annotation=first).count() == 2
    assert len(everything()) == before - 2


def test_writing_them_anew_gives_equal_records(
    campaign: Campaign, annotator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("annotate.records.REBUILT_AT_ONCE", 2)
    first, *_ = work(campaign, annotator)
    submit(first.assignment, person(annotator), {**ANSWERS, "score": {"a": 3, "b": 3}}, revises=1)
    judged = {"annotator": "gpt", "kind": "judge", "answers": ANSWERS, "created_at": "2024-05-01T00:00:00Z"}
    judged["probabilities"] = {"overall": {"a": 0.25, "b": 0.75}}
    import_rows(campaign, [{**pair_rows(1)[0], "annotations": [judged]}])
    before = everything()
    assert len(before) == 5 * 7
    Score.objects.all().delete()
    Preference.objects.update(sign=0)
    assert rebuild_records(campaign) == 5
    assert everything() == before
    assert rebuild_records(campaign) == 5
    assert everything() == before


def test_writing_one_campaign_anew_leaves_the_others_alone(
    campaign: Campaign, researcher: User, annotator: User
) -> None:
    work(campaign, annotator)
    other = running_campaign(researcher, 1, [annotator], slug="other")
    before = everything()
    assert rebuild_records(other) == 0
    assert everything() == before


@pytest.mark.django_db(transaction=True)
def test_writing_them_anew_while_people_work_neither_doubles_nor_loses_any(campaign: Campaign, annotator: User) -> None:
    over = threading.Event()

    def rebuild() -> None:
        while not over.is_set():
            rebuild_records(campaign)
        connection.close()

    thread = threading.Thread(target=rebuild)
    thread.start()
    try:
        for annotation in work(campaign, annotator):
            for revision in range(1, 6):
                changed = {**ANSWERS, "score": {"a": revision % 5 + 1, "b": 1}}
                submit(annotation.assignment, person(annotator), changed, revises=revision)
    finally:
        over.set()
        thread.join()
    assert (Preference.objects.count(), Score.objects.count(), Label.objects.count()) == (4, 8, 16)
