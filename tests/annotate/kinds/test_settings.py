"""A kind's settings in the campaign form: whatever can be configured survives it, whatever is typed is kept."""

from typing import Any

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from annotate.kinds import Kind, kind, kinds
from annotate.kinds.entries import Extra, entry_line, read_entry, read_text, split_lines, text_line
from annotate.kinds.settings import Setting, lines, number, options
from tests.annotate.kinds.examples import EXAMPLES, Example

EXTRAS = (Extra("weight", "weight", "number", 1), Extra("fatal", "fatal", "flag", False), Extra("hint", "hint"))


def through_form(one: Kind, config: dict[str, Any]) -> dict[str, Any]:
    """The configuration as the form shows it, sends it, and reads it."""
    form = QueryDict(mutable=True)
    for setting in one.settings:
        shown = setting.show(config)
        if isinstance(shown, list | tuple):
            form.setlist(setting.name, [str(value) for value in shown])
        elif shown is not False and shown != "":
            form[setting.name] = "on" if shown is True else str(shown).replace("\n", "\r\n")
    read = {setting.name: setting.read(form, setting.name) for setting in one.settings}
    return {name: value for name, value in read.items() if value is not None}


@pytest.mark.parametrize("one", kinds().values(), ids=lambda one: one.name)
def test_every_key_of_the_configuration_has_a_setting(one: Kind) -> None:
    assert {setting.name for setting in one.settings} == one.config_keys


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: f"{example.kind} {example.config}"[:60])
def test_a_configuration_survives_the_form(example: Example) -> None:
    one = kind(example.kind)
    config = one.clean_config(example.config)
    assert one.clean_config(through_form(one, config)) == config


CONFIGS: list[tuple[str, dict[str, Any]]] = [
    ("choice", {"options": [{"key": "a = b", "text": "A | B"}, {"key": "c", "text": "two\nlines"}, '{"key": 1}']}),
    ("choice", {"options": [{"key": "y", "text": "Yes", "shortcut": "y"}, "n"], "multiple": True}),
    ("checklist", {"points": [{"key": "a", "text": "A", "weight": 2.5, "fatal": True}, "b"], "allow_na": False}),
    ("checklist", {"points_from": "item"}),
    (
        "span",
        {
            "labels": [
                {"key": "wrong", "text": "Wrong", "note": True, "severities": False, "refs": "required", "colour": 0},
                {"key": "gone", "whole": "required", "shortcut": "g", "hint": "Say what is gone"},
            ],
            "severities": ["minor", " odd "],
            "targets": ["@prompt", "@context"],
            "snap": "none",
        },
    ),
    ("rating", {"min": -1, "max": 1, "step": 0.5, "labels": ["low", "a\nb"], "widget": "slider"}),
]


@pytest.mark.parametrize(("name", "config"), CONFIGS)
def test_awkward_configurations_survive_the_form(name: str, config: dict[str, Any]) -> None:
    clean = kind(name).clean_config(config)
    assert kind(name).clean_config(through_form(kind(name), clean)) == clean


WORDS = st.text(max_size=8) | st.sampled_from([" | ", " = ", "{", '{"key": "x"}', "fatal", "a\nb", "weight 2", "é\r"])
ENTRIES = st.fixed_dictionaries(
    {"key": WORDS.filter(bool), "text": WORDS.filter(bool)},
    optional={
        "weight": st.integers(0, 9) | st.just(2.5),
        "fatal": st.booleans(),
        "hint": WORDS.filter(bool),
        "other": WORDS.filter(bool),
    },
)


@given(st.lists(ENTRIES, max_size=4))
def test_any_entries_survive_their_lines(entries: list[dict[str, Any]]) -> None:
    text = "\r\n".join(entry_line(entry, EXTRAS) for entry in entries)
    read = [read_entry(line, EXTRAS) for line in split_lines(text)]

    def whole(entry: Any) -> dict[str, Any]:
        given = {"key": entry} if isinstance(entry, str) else entry
        return {"text": given["key"], "weight": 1, "fatal": False, **given}

    assert [whole(entry) for entry in read] == [whole(entry) for entry in entries]


@given(st.lists(WORDS.filter(bool), max_size=5))
def test_any_texts_survive_their_lines(texts: list[str]) -> None:
    assert [read_text(line) for line in split_lines("\n".join(map(text_line, texts)))] == texts


@given(st.text(max_size=60))
def test_any_line_can_be_read(line: str) -> None:
    assert isinstance(read_entry(line, EXTRAS), str | dict)


def test_a_common_entry_is_a_line_that_one_can_read() -> None:
    assert entry_line({"key": "cites", "text": "Names its sources", "weight": 2, "fatal": True}, EXTRAS) == (
        "cites = Names its sources | weight 2 | fatal"
    )


def test_a_word_that_is_not_known_is_left_for_the_kind_to_refuse() -> None:
    assert read_entry("a = A | fatl", EXTRAS) == {"key": "a", "text": "A", "fatl": True}


@pytest.mark.parametrize(("typed", "read"), [("3", 3), (" 0.5 ", 0.5), ("", None), ("three", "three")])
def test_what_is_no_number_is_left_for_the_kind_to_refuse(typed: str, read: Any) -> None:
    form = QueryDict(mutable=True)
    form["x"] = typed
    assert number("min", "Lowest").read(form, "x") == read


def test_empty_lines_are_dropped() -> None:
    form = QueryDict(mutable=True)
    form["x"] = " one \r\n\r\ntwo\n"
    assert lines("labels", "Labels").read(form, "x") == ["one", "two"]


def test_an_option_without_a_text_is_its_own_key() -> None:
    form = QueryDict(mutable=True)
    form["x"] = "a = Alpha\n1 + 1=2\nb"
    assert options("options", "Options").read(form, "x") == [{"key": "a", "text": "Alpha"}, "1 + 1=2", "b"]


def test_several_are_read_together() -> None:
    form = QueryDict("x=a&x=b")
    setting = Setting("x", "X", "several", choices=(("a", "A"), ("b", "B"), ("c", "C")))
    assert setting.read(form, "x") == ["a", "b"]
    assert setting.read(QueryDict(), "x") is None
