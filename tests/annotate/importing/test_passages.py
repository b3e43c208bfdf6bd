"""Contexts of passages, whose sentences have numbers."""

from typing import Any

import pytest

from annotate.importing.digests import content_key
from annotate.importing.problems import RowProblem
from annotate.importing.rows import parse_row
from annotate.models import Item, User
from tests.factories import import_rows, make_campaign, pair_rows

SENTENCES = [{"title": "Sky", "sentences": ["It is blue.", "Dr. Who saw it."]}, {"sentences": ["So is the sea."]}]
TEXTS = [{"title": "Sky", "text": "It is blue. So it is."}, "The sea, too."]


def parsed(context: Any) -> Any:
    return parse_row({"prompt": "p", "completions": [{"text": "x"}], "context": context})


def test_sentences_stay_as_they_were_given() -> None:
    assert parsed(SENTENCES).context == SENTENCES


def test_texts_are_split_into_sentences() -> None:
    assert parsed(TEXTS).context == [
        {"title": "Sky", "sentences": ["It is blue.", "So it is."]},
        {"sentences": ["The sea, too."]},
    ]


def test_sentences_have_the_numbers_that_marks_point_at() -> None:
    assert parsed(SENTENCES).source.sentences == {
        "1.0": "Sky",
        "1.1": "It is blue.",
        "1.2": "Dr. Who saw it.",
        "2.1": "So is the sea.",
    }


@pytest.mark.parametrize(
    ("context", "field", "message"),
    [
        (3, "context", "a text or a list of passages"),
        ([3], "context[0]", "must be an object"),
        ([{"title": "Only"}], "context[0]", 'either a "text" or its "sentences"'),
        ([{"text": "a", "sentences": ["a"]}], "context[0]", 'either a "text" or its "sentences"'),
        ([{"sentences": []}], "context[0]", "must not be empty"),
        ([{"text": " "}], "context[0]", "must not be empty"),
        ([{"sentences": ["a", 3]}], "context[0].sentences[1]", "must be a string"),
        ([{"text": "a", "titel": "b"}], "context[0].titel", "did you mean `title`?"),
        ([{"text": "a", "title": "b" * 1001}], "context[0].title", "1 to 1,000 characters"),
    ],
)
def test_a_wrong_passage_is_named(context: Any, field: str, message: str) -> None:
    with pytest.raises(RowProblem) as problem:
        parsed(context)
    assert problem.value.field == field
    assert message in problem.value.message


def test_other_passages_make_another_item() -> None:
    keys = {content_key(parsed(context)) for context in (None, "Sky", TEXTS, SENTENCES, SENTENCES[:1])}
    assert len(keys) == 5
    assert content_key(parsed(TEXTS)) == content_key(parsed(parsed(TEXTS).context))


@pytest.mark.django_db
@pytest.mark.parametrize("context", [SENTENCES, TEXTS, "One text."])
def test_the_same_passages_twice_add_nothing(researcher: User, context: Any) -> None:
    campaign = make_campaign(researcher)
    rows = [{**pair_rows(1)[0], "key": key, "context": context} for key in ("k", None)]
    assert import_rows(campaign, rows).done == 2
    again = import_rows(campaign, rows)
    assert (again.done, again.repeated, Item.objects.count()) == (2, 2, 2)
    changed = import_rows(campaign, [{**rows[0], "context": [{"sentences": ["Other."]}]}])
    assert list(changed.rejections.values_list("field", flat=True)) == ["key"]
