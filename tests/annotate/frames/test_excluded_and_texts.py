"""Frames that keep the excluded, and free texts as numbers."""

import pytest

from annotate.frames import Frames
from annotate.models import Annotator, Standing, User
from tests.factories import import_rows, make_campaign
from tests.routing.compared import compared, pair_item

pytestmark = pytest.mark.django_db


def test_the_excluded_are_read_only_where_asked_for(researcher: User) -> None:
    said = [(name, "human", 5, 3, "a") for name in ("ann", "ben")]
    campaign = compared(researcher, [pair_item("r1", *said)])
    ann = Annotator.objects.get(name="ann")
    Standing.objects.create(campaign=campaign, annotator=ann, excluded_at="2026-01-01T00:00Z")
    assert ann.pk not in Frames(campaign).preferences("better").annotator
    assert ann.pk in Frames(campaign, with_excluded=True).preferences("better").annotator


def test_equal_texts_have_equal_numbers(researcher: User) -> None:
    campaign = make_campaign(researcher, "texts", [{"name": "why", "kind": "text", "shows": "all"}])
    answers = [{"annotator": name, "kind": "human", "answers": {"why": text}} for name, text in WRITTEN]
    import_rows(campaign, [{"prompt": "P", "completions": [{"text": "x"}, {"text": "y"}], "annotations": answers}])
    found = Frames(campaign).texts("why")
    assert found.characters.tolist() == [8, 8, 6]
    assert found.text[0] == found.text[1] != found.text[2]


WRITTEN = (("ann", "so it is"), ("ben", "so it is"), ("cyd", "no, no"))
