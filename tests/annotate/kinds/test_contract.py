"""What every kind must do, whatever it asks."""

import json
from functools import partial

import pytest
from django.http import QueryDict
from hypothesis import given

from annotate.answers import clean_answers
from annotate.errors import Invalid
from annotate.kinds import Asked, kind, kinds
from annotate.kinds.base import LabelRow, MarkRow, PreferenceRow, RecordRow, ScoreRow
from tests.annotate.kinds.examples import EXAMPLES, NEVER, Example
from tests.strategies import anything, outcome

each_example = pytest.mark.parametrize("example", EXAMPLES, ids=lambda e: f"{e.kind} {json.dumps(e.config)}")


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
    assert {example.kind for example in EXAMPLES} == set(kinds())


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


@given(junk=anything)
@pytest.mark.parametrize("name", sorted(kinds()))
def test_any_configuration_is_taken_or_refused(name: str, junk: object) -> None:
    for key in sorted(kind(name).config_keys):
        base = next(example.config for example in EXAMPLES if example.kind == name)
        clean = outcome(partial(kind(name).clean_config, {**base, key: junk}))
        if isinstance(clean, Invalid):
            assert any(field.startswith("config.") for field in clean.fields)
        else:
            assert kind(name).clean_config(clean) == clean


@pytest.mark.parametrize("name", sorted(kinds()))
def test_settings_describe_keys_of_the_configuration(name: str) -> None:
    assert {setting.name for setting in kind(name).settings} == kind(name).config_keys
