"""What every kind must do, whatever it asks."""

import json
from dataclasses import replace
from functools import partial

import pytest
from django.http import QueryDict
from django.template.loader import render_to_string
from hypothesis import given, settings
from hypothesis import strategies as st

from annotate.answers import clean_answers
from annotate.errors import Invalid
from annotate.kinds import Asked, kind, kinds
from annotate.kinds.base import LabelRow, MarkRow, PreferenceRow, RecordRow, ScoreRow
from annotate.kinds.controls import Shown
from annotate.views.work_form import form_questions
from tests.annotate.kinds.examples import EXAMPLES, NEVER, Example
from tests.strategies import anything, outcome

LIKELIHOOD = Example("likelihood", {"step": 10}, [{"a": 0, "b": 70}, {"b": 100.0, "a": 10}], [70, {"a": 5, "b": 10}])
"""Of the kind that `tests/plugins` defines: what holds for ours holds for one that is added."""
ALL = [*EXAMPLES, LIKELIHOOD]
NAMES = [*sorted(kinds()), "likelihood"]

each_example = pytest.mark.parametrize("example", ALL, ids=lambda e: f"{e.kind} {json.dumps(e.config)}")


def cleaned(asked: Asked, answer: object) -> object:
    return clean_answers([asked], {asked.name: answer})[asked.name]


def keys_of(row: RecordRow) -> set[str]:
    match row:
        case ScoreRow():
            return {row.key}
        case PreferenceRow():
            return {row.a, row.b}
        case LabelRow() | MarkRow():
            return {row.target} - {"", "@prompt", "@context"}


def test_every_kind_has_examples() -> None:
    assert {example.kind for example in ALL} == set(kinds()) == set(NAMES)


@each_example
def test_a_clean_configuration_stays_as_it_is_and_has_every_key(example: Example) -> None:
    found = kind(example.kind)
    clean = found.clean_config(example.config)
    assert set(clean) == found.config_keys
    assert found.clean_config(json.loads(json.dumps(clean))) == clean


@each_example
def test_good_answers_are_taken_and_cleaning_twice_changes_nothing(example: Example) -> None:
    for answer in example.good:
        once = cleaned(example.asked(), answer)
        assert once == cleaned(example.asked(), json.loads(json.dumps(once)))


@each_example
def test_records_name_only_what_was_shown(example: Example) -> None:
    for answer in example.good:
        rows = list(kind(example.kind).records(example.asked(), cleaned(example.asked(), answer)))
        assert rows
        assert {type(row) for row in rows} <= kind(example.kind).yields
        assert set[str]().union(*map(keys_of, rows)) <= set(example.keys)


@each_example
def test_bad_answers_are_refused_naming_the_question(example: Example) -> None:
    for answer in [*NEVER, *example.bad]:
        with pytest.raises(Invalid) as refused:
            cleaned(example.asked(), answer)
        assert list(refused.value.fields) == ["q"], answer
        assert len(refused.value.message) < 300


@each_example
def test_an_answer_survives_the_form(example: Example) -> None:
    found, asked = kind(example.kind), example.asked()
    for answer in example.good:
        clean = cleaned(asked, answer)
        form = QueryDict(mutable=True)
        for name, values in found.to_form(asked, clean).items():
            form.setlist(name, list(values))
        assert cleaned(asked, found.from_form(asked, QueryDict(form.urlencode()))) == clean


@each_example
def test_an_empty_form_is_no_answer(example: Example) -> None:
    assert kind(example.kind).from_form(example.asked(), QueryDict()) is None


@each_example
def test_an_answer_names_the_completions_it_is_about(example: Example) -> None:
    for answer in example.good:
        assert kind(example.kind).keys_named(answer) <= set(example.keys)


@given(junk=anything)
@each_example
def test_any_json_is_taken_or_refused(example: Example, junk: object) -> None:
    clean = outcome(lambda: cleaned(example.asked(), junk))
    assert clean.fields if isinstance(clean, Invalid) else cleaned(example.asked(), clean) == clean
    kind(example.kind).keys_named(junk)
    kind(example.kind).to_form(example.asked(), junk)


def page(example: Example, answer: object, error: str = "") -> str:
    """The question on the annotation page, with a form filled from an answer or a draft."""
    shown = [Shown(key, f"Response {n}", f"Text of {key}\r\n") for n, key in enumerate(example.keys, start=1)]
    (question,) = form_questions([example.asked()], {"q": answer}, shown, {"q": error} if error else {})
    return render_to_string("annotate/work_question.html", {"question": question})


@each_example
def test_a_question_is_rendered_with_nothing_preset_and_with_every_answer_in_it(example: Example) -> None:
    fresh = page(example, None)
    assert " checked" not in fresh
    assert "data-row" in fresh
    for answer in example.good:
        clean = cleaned(example.asked(), answer)
        filled = page(example, clean)
        values = [v for vs in kind(example.kind).to_form(example.asked(), clean).values() for v in vs if v.strip()]
        assert filled != fresh or not values
        assert page(example, json.loads(json.dumps(clean))) == filled


@each_example
def test_a_question_is_rendered_for_any_draft_and_any_refusal(example: Example) -> None:
    for draft in [*NEVER, *example.bad]:
        assert "data-row" in page(example, draft, "completion a: not so")


@settings(max_examples=15)
@given(junk=anything)
@each_example
def test_any_json_can_be_a_draft(example: Example, junk: object) -> None:
    assert "data-row" in page(example, junk)


@settings(max_examples=15)
@given(values=st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=8), max_size=4))
@each_example
def test_any_form_is_taken_or_refused(example: Example, values: list[str]) -> None:
    """The fields of an answer, filled with anything."""
    found, asked = kind(example.kind), example.asked()
    form = QueryDict(mutable=True)
    for name in [*found.to_form(asked, cleaned(asked, example.good[0])), "q", "q.a"]:
        form.setlist(name, list(values))
    raw = found.from_form(asked, form)
    clean = outcome(lambda: cleaned(asked, raw))
    assert list(clean.fields) if isinstance(clean, Invalid) else cleaned(asked, clean) == clean


@each_example
def test_the_keys_of_a_question_are_its_own_and_single(example: Example) -> None:
    keys = kind(example.kind).keys(example.asked().config, len(example.keys))
    assert len(set(keys)) == len(keys)
    assert all(len(key) == 1 and key == key.lower() for key in keys)


@each_example
def test_the_configuration_that_annotators_get_asks_the_same(example: Example) -> None:
    asked = example.asked()
    shown = kind(example.kind).shown_config(asked.config, asked.source)
    assert set(shown) == set(asked.config)
    for answer in example.good:
        assert cleaned(replace(asked, config=shown), answer) == cleaned(asked, answer)


@given(junk=anything)
@pytest.mark.parametrize("name", NAMES)
def test_any_configuration_is_taken_or_refused(name: str, junk: object) -> None:
    for key in sorted(kind(name).config_keys):
        base = next(example.config for example in ALL if example.kind == name)
        clean = outcome(partial(kind(name).clean_config, {**base, key: junk}))
        if isinstance(clean, Invalid):
            assert any(field.startswith("config.") for field in clean.fields)
        else:
            assert kind(name).clean_config(clean) == clean


@pytest.mark.parametrize("name", NAMES)
def test_settings_describe_keys_of_the_configuration(name: str) -> None:
    assert {setting.name for setting in kind(name).settings} == kind(name).config_keys
