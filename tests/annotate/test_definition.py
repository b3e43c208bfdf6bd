"""What a researcher may ask for, and what he is told where it is wrong."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotate.definition import KEYS, QUESTION_KEYS, Definition, parse_definition
from annotate.errors import Invalid
from tests.strategies import anything, outcome

RATING = {"name": "score", "kind": "rating", "shows": "each"}
RANKING = {"name": "better", "kind": "pairwise", "shows": "pair"}


def parse(*questions: Any, **spec: Any) -> Definition:
    return parse_definition({"questions": list(questions) or [RATING], **spec})


def problems(*questions: Any, **spec: Any) -> dict[str, str]:
    with pytest.raises(Invalid) as refused:
        parse(*questions, **spec)
    assert all(f"{field}: {text}" in refused.value.message for field, text in refused.value.fields.items())
    return refused.value.fields


def test_the_shortest_definition_has_sensible_defaults() -> None:
    definition = parse({"name": "overall", "kind": "pairwise"})
    assert (definition.guidelines, definition.overlap, definition.config) == (
        "",
        1,
        {"lease_minutes": 30, "spacing": 5},
    )
    (question,) = definition.questions
    assert (question.view, question.required, question.when, question.title) == ("all", True, None, "")
    assert question.config == {"strengths": [], "allow_tie": True, "both_bad": False}


def test_questions_share_the_view_of_what_they_show_or_have_their_own() -> None:
    definition = parse(RATING, {**RATING, "name": "harm"}, RANKING, {**RATING, "name": "again", "view": "second"})
    assert [(v.name, v.shows) for v in definition.views] == [("each", "each"), ("pair", "pair"), ("second", "each")]
    assert [q.view for q in definition.questions] == ["each", "each", "pair", "second"]


def test_a_declared_view_gives_its_questions_what_it_shows() -> None:
    view = {"name": "duel", "shows": "pair", "pairs": 3}
    definition = parse({"name": "q", "kind": "pairwise", "view": "duel"}, views=[view])
    assert [(v.name, v.shows, v.pairs) for v in definition.views] == [("duel", "pair", 3)]


@pytest.mark.parametrize(
    ("given_part", "field", "hint"),
    [
        ({"guideline": "x"}, "guideline", "did you mean guidelines?"),
        ({"zzz": 1}, "zzz", f"there are {', '.join(sorted(KEYS))}"),
        ({"guidelines": 3}, "guidelines", "must be a text"),
        ({"overlap": -1}, "overlap", "a whole number from 0 to 100"),
        ({"overlap": 10**30}, "overlap", "a whole number from 0 to 100"),
        ({"overlap": 2.0}, "overlap", "a whole number from 0 to 100"),
        ({"overlap": True}, "overlap", "a whole number from 0 to 100"),
        ({"lease_minutes": 0}, "lease_minutes", "a number from 0.1 to 1440"),
        ({"lease_minutes": float("inf")}, "lease_minutes", "not a number in JSON"),
        ({"spacing": "5"}, "spacing", "a whole number from 0 to 100"),
        ({"views": {}}, "views", "must be a list of {name, shows}"),
        ({"views": [3]}, "views[0]", "must be an object {name, shows}"),
        ({"views": [{"name": "v"}]}, "views[0].shows", "must be each, pair or all"),
        ({"views": [{"shows": "all"}]}, "views[0].name", "lower-case letters"),
        ({"views": [{"name": "v", "shows": "all"}] * 2}, "views[1].name", "v is used twice"),
        ({"views": [{"name": "v", "shows": "all", "pair": 2}]}, "views[0].pair", "did you mean pairs?"),
        ({"views": [{"name": "v", "shows": "all", "pairs": 2}]}, "views[0].pairs", "only where shows is pair"),
        ({"views": [{"name": "v", "shows": "pair", "pairs": 0}]}, "views[0].pairs", "a whole number from 1"),
    ],
)
def test_a_wrong_part_of_the_campaign_is_named(given_part: dict[str, Any], field: str, hint: str) -> None:
    with pytest.raises(Invalid) as refused:
        parse(**given_part)
    assert field in refused.value.message
    assert hint in refused.value.message


@pytest.mark.parametrize(
    ("change", "field", "hint"),
    [
        ({"name": "Score"}, "name", "must be lower-case letters"),
        ({"name": None}, "name", "must be lower-case letters"),
        ({"kind": "ratings"}, "kind", "did you mean rating?"),
        ({"kind": ["rating"]}, "kind", "there are "),
        ({"shows": "both"}, "shows", "must be each, pair or all"),
        ({"kind": "pairwise"}, "shows", "a pairwise question can show all or pair"),
        ({"title": "x" * 501}, "title", "at most 500"),
        ({"required": "yes"}, "required", "must be true or false"),
        ({"config": []}, "config", "must be an object"),
        ({"config": {"mni": 1}}, "config.mni", "did you mean min?"),
        ({"config": {"min": 9}}, "config.min", "min must be below max"),
        ({"view": ["each"]}, "view", "must be lower-case letters"),
        ({"view": "dual"}, "view", "did you mean duel?"),
        ({"view": "duel"}, "shows", "the view duel shows pair"),
        ({"shos": "all"}, "shos", "did you mean shows?"),
        ({"zzz": 1}, "zzz", f"there are {', '.join(sorted(QUESTION_KEYS))}"),
    ],
)
def test_a_wrong_part_of_a_question_is_named(change: dict[str, Any], field: str, hint: str) -> None:
    views = [{"name": "duel", "shows": "pair"}]
    assert hint in problems({**RATING, **change}, views=views)[f"questions[0].{field}"]


def test_a_question_cannot_show_otherwise_than_the_view_of_that_name() -> None:
    assert problems(RATING, views=[{"name": "each", "shows": "all"}]) == {
        "questions[0].shows": "the view each shows all"
    }


@pytest.mark.parametrize("questions", [None, [], {}, "rating", 3])
def test_there_is_at_least_one_question(questions: Any) -> None:
    with pytest.raises(Invalid, match="a list of at least one"):
        parse_definition({"questions": questions})
    with pytest.raises(Invalid, match="a list of at least one"):
        parse_definition({})


def test_every_problem_is_told_at_once() -> None:
    found = problems("x", {**RATING, "name": "a b"}, RATING, RATING, overlap=-1)
    assert set(found) == {"overlap", "questions[0]", "questions[1].name", "questions[3].name"}


def test_a_condition_names_an_earlier_question_of_the_same_view() -> None:
    first = {"name": "refused", "kind": "choice", "shows": "each", "config": {"options": ["yes", "no"]}}
    when = {"question": "refused", "equals": "yes"}
    assert parse(first, {**RATING, "when": when}).questions[1].when == when
    answered = {"question": "refused", "answered": True}
    assert parse(first, {**RATING, "when": answered}).questions[1].when == answered
    for wrong in (
        "refused",
        {},
        {"question": "refused"},
        {"question": "later", "equals": 1},
        {**when, "not": 1},
        {**answered, "answered": False},
        {**answered, **when},
        {**when, "question": []},
    ):
        assert (
            "earlier question of the same view (refused)"
            in problems(first, {**RATING, "when": wrong})["questions[1].when"]
        )
    assert "there is none" in problems({**RANKING, "when": when}, first)["questions[0].when"]


@pytest.mark.parametrize("awkward", ["a\0b", "\ud800", float("nan")])
def test_what_cannot_be_stored_is_refused_saying_where(awkward: Any) -> None:
    assert list(problems({**RATING, "when": {"question": awkward, "equals": 1}})) == ["questions[0].when.question"]


PARTS = st.fixed_dictionaries({}, optional=dict.fromkeys(sorted(KEYS - {"questions"}), anything))
QUESTIONS = st.lists(
    st.fixed_dictionaries(
        {}, optional={key: st.one_of(anything, st.just(RATING.get(key))) for key in sorted(QUESTION_KEYS)}
    ),
    max_size=3,
)


@given(spec=st.dictionaries(st.text(max_size=5), anything, max_size=3) | PARTS, questions=QUESTIONS | anything)
def test_any_json_is_a_definition_or_refused(spec: dict[str, Any], questions: Any) -> None:
    found = outcome(lambda: parse_definition({**spec, "questions": questions}))
    assert found.fields if isinstance(found, Invalid) else found.questions


TAGS = {"name": "tags", "kind": "choice", "shows": "each", "config": {"options": ["a", "b", "c"], "multiple": True}}


@pytest.mark.parametrize(
    ("first", "wanted", "kept"),
    [(TAGS, "b", "b"), (TAGS, ["c", "a"], ["a", "c"]), ({**TAGS, "config": {"options": ["a", "b"]}}, "a", "a")],
)
def test_a_condition_waits_for_an_answer_in_its_canonical_form(first: Any, wanted: Any, kept: Any) -> None:
    when = {"question": "tags", "equals": wanted}
    assert parse(first, {**RATING, "when": when}).questions[1].when == {**when, "equals": kept}


@pytest.mark.parametrize("wanted", ["typo", ["a", "typo"], [], None, 1, {"a": "b"}])
def test_a_condition_that_no_answer_fulfils_is_refused(wanted: Any) -> None:
    found = problems(TAGS, {**RATING, "when": {"question": "tags", "equals": wanted}})
    assert "never an answer; give one of a, b, c" in found["questions[1].when"]
