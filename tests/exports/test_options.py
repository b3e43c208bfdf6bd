from typing import Any

import pytest

from annotate.errors import Invalid
from annotate.models import User
from exports.build import start_export
from exports.models import Export
from exports.options import clean_options
from tests.factories import PAIRWISE, RATING_EACH, make_campaign

pytestmark = pytest.mark.django_db
QUESTIONS = (PAIRWISE, {**PAIRWISE, "name": "style"}, RATING_EACH)


def test_left_out_options_have_their_defaults(researcher: User) -> None:
    assert clean_options(make_campaign(researcher, questions=QUESTIONS), {}) == {
        "questions": ["overall", "style"],
        "annotators": "people_first",
        "minimum": 1,
        "shape": "auto",
        "consensus": "majority",
        "adjudicated": True,
    }


@pytest.mark.parametrize(
    ("options", "field", "message"),
    [
        ({"questions": ["score"]}, "options.questions", "must be a list of pairwise questions: overall, style"),
        ({"questions": "overall"}, "options.questions", "must be a list"),
        ({"questions": [["overall"]]}, "options.questions", "must be a list"),
        ({"annotators": "everybody"}, "options.annotators", "must be people_first, human, judge or all"),
        ({"annotators": []}, "options.annotators", "must be people_first"),
        ({"minimum": 0}, "options.minimum", "a whole number from 1 to 1000"),
        ({"minimum": True}, "options.minimum", "a whole number"),
        ({"minimum": "2"}, "options.minimum", "a whole number"),
        ({"shape": "xml"}, "options.shape", "must be auto, text or messages"),
        (
            {"shap": "text"},
            "options.shap",
            "is not known; there are adjudicated, annotators, consensus, minimum, questions",
        ),
        ({"consensus": "most"}, "options.consensus", "must be majority, dawid_skene, mean or stored"),
        ({"consensus": ["mean"]}, "options.consensus", "must be majority"),
        ({"adjudicated": 1}, "options.adjudicated", "true or false"),
        ([], "options", "an object"),
    ],
)
def test_a_wrong_option_is_refused_by_name(researcher: User, options: Any, field: str, message: str) -> None:
    campaign = make_campaign(researcher, questions=QUESTIONS)
    with pytest.raises(Invalid) as refused:
        start_export(campaign, researcher, "preference", "jsonl", options)
    assert message in refused.value.fields[field]
    assert not Export.objects.exists()


def test_several_wrong_options_are_all_named(researcher: User) -> None:
    with pytest.raises(Invalid) as refused:
        clean_options(make_campaign(researcher), {"minimum": -1, "shape": 3, "annotators": 0})
    assert set(refused.value.fields) == {"options.minimum", "options.shape", "options.annotators"}


@pytest.mark.parametrize(
    ("format", "file_type", "message"),
    [
        ("preferance", "jsonl", "did you mean preference?"),
        (None, "jsonl", "there are canonical, preference, reward"),
        (["reward"], "jsonl", "there are canonical, preference, reward"),
        ("canonical", "parquet", "file_type must be jsonl for the format canonical"),
        ("canonical", "xml", "file_type must be jsonl"),
        ("reward", "csv", "file_type must be jsonl or parquet"),
        ("reward", None, "file_type must be jsonl or parquet"),
    ],
)
def test_an_unknown_format_or_file_type_is_refused(researcher: User, format: Any, file_type: Any, message: str) -> None:
    with pytest.raises(Invalid, match=message):
        start_export(make_campaign(researcher), researcher, format, file_type, {})


def test_a_campaign_that_compares_nothing_has_nothing_to_export(researcher: User) -> None:
    with pytest.raises(Invalid, match="asks no pairwise question"):
        start_export(make_campaign(researcher, questions=[RATING_EACH]), researcher, "preference", "jsonl", {})
