"""Records as columns: what is read, what is left out, and which things answers are about."""

from typing import Any

import numpy as np
import pytest
from django.utils import timezone

from annotate.frames import Frames, things_of
from annotate.models import Annotator, Assignment, Campaign, Item, Standing, User
from tests.factories import import_rows, make_campaign

pytestmark = pytest.mark.django_db

QUESTIONS: list[dict[str, Any]] = [
    {"name": "score", "kind": "rating", "shows": "each", "config": {"min": 1, "max": 7}},
    {"name": "better", "kind": "pairwise", "shows": "pair"},
    {
        "name": "tags",
        "kind": "choice",
        "shows": "all",
        "config": {"options": ["x", "y, z"], "multiple": True},
    },
    {"name": "why", "kind": "text", "shows": "all", "required": False},
]


def answered(annotator: str, shown: list[str], kind: str = "human", **answers: object) -> dict[str, object]:
    return {"annotator": annotator, "kind": kind, "shown": shown, "answers": answers}


@pytest.fixture
def campaign(researcher: User) -> Campaign:
    campaign = make_campaign(researcher, "framed", QUESTIONS, overlap=2)
    rows = [
        {
            "key": key,
            "prompt": f"Say {key}",
            "completions": [
                {"key": "a", "text": "One two two.", "model": "small"},
                {"key": "b", "text": "Für’s Erste: ein Satz", "model": "large"},
            ],
            "annotations": [
                answered("ann", ["a"], score={"a": 5}),
                answered("ann", ["b"], score={"b": 3}),
                answered("bob", ["b"], score={"b": 2}),
                answered("ann", ["b", "a"], better={"preferred": "a"}),
                answered("gpt", ["a", "b"], "judge", better={"preferred": None}),
                answered("ann", ["a", "b"], tags=["x", "y, z"]),
                answered("bob", ["a", "b"], tags=["y, z"]),
            ],
        }
        for key in ("r1", "r2")
    ]
    job = import_rows(campaign, rows)
    assert job.done == 2, list(job.errors.values())
    return campaign


def test_columns_hold_what_the_records_say(campaign: Campaign) -> None:
    frames = Frames(campaign)
    scores = frames.scores("score")
    assert sorted(scores.value) == [2, 2, 3, 3, 5, 5]
    assert scores.base.all()
    assert not scores.judge.any()
    better = frames.preferences("better")
    assert sorted(zip(better.sign.tolist(), better.judge.tolist(), better.base.tolist(), strict=True)) == [
        (0, True, False),
        (0, True, False),
        (1, False, True),
        (1, False, True),
    ]
    assert not better.a_first[~better.judge].any()
    assert np.isnan(better.probability).all()
    names = {who.id: who.name for who in frames.annotators.values()}
    assert {names[pk] for pk in better.annotator.tolist()} == {"ann", "gpt"}


def test_completions_come_with_their_model_length_and_density(campaign: Campaign) -> None:
    found = Frames(campaign).completions
    assert [found.models[code] for code in found.model] == ["small", "large", "small", "large"]
    assert found.characters.tolist()[:2] == [12, 21]
    assert found.words.tolist()[:2] == [3, 4]
    assert found.distinct_words.tolist()[:2] == [2, 4]
    assert found.density.tolist()[:2] == pytest.approx([2 / 3, 1])
    assert found.at(found.id[[1, 0]]).tolist() == [1, 0]


def test_answers_about_one_thing_share_its_number(campaign: Campaign) -> None:
    frames = Frames(campaign)
    scores = things_of(frames, "score")
    assert scores.count == 4
    assert np.bincount(scores.thing).tolist() == [1, 2, 1, 2]
    assert things_of(frames, "better").base.count == 2
    tags = things_of(frames, "tags")
    assert tags.count == 2
    assert tags.values == ("x", "y, z")
    assert np.bincount(tags.value.astype(int)).tolist() == [2, 4]


def test_texts_are_not_held_against_each_other(campaign: Campaign) -> None:
    with pytest.raises(ValueError, match="why are not labels"):
        things_of(Frames(campaign), "why")


def test_the_excluded_and_what_was_withdrawn_are_left_out(campaign: Campaign) -> None:
    Standing.objects.create(
        campaign=campaign, annotator=Annotator.objects.get(name="ann"), excluded_at=timezone.now(), weight=0.5
    )
    Item.objects.filter(key="r2").update(withdrawn_at=timezone.now())
    frames = Frames(campaign)
    assert frames.scores("score").value.tolist() == [2]
    who = next(who for who in frames.annotators.values() if who.name == "ann")
    assert (who.excluded, who.weight, who.is_judge) == (True, 0.5, False)


def test_rows_asked_for_a_purpose_are_not_of_the_base_design(campaign: Campaign) -> None:
    first = Assignment.objects.filter(annotation__isnull=False, slot__isnull=False).order_by("pk").first()
    assert first is not None
    Assignment.objects.filter(pk=first.pk).update(purpose=Assignment.Purpose.AGAIN)
    scores = Frames(campaign).scores("score")
    assert int(scores.base.sum()) == len(scores) - 1


def test_a_campaign_without_answers_has_empty_columns(researcher: User) -> None:
    frames = Frames(make_campaign(researcher, "empty", QUESTIONS))
    assert len(frames.scores("score")) == len(frames.preferences("better")) == 0
    assert things_of(frames, "tags").count == 0
    assert len(frames.completions.id) == 0
