from typing import Any

import pytest
from django.http import QueryDict

from annotate.kinds import Kind, kinds
from annotate.kinds.settings import Setting, lines, number


@pytest.mark.parametrize("kind", kinds().values(), ids=lambda kind: kind.name)
def test_every_key_of_the_configuration_has_a_setting(kind: Kind) -> None:
    assert {setting.name for setting in kind.settings} == kind.config_keys


@pytest.mark.parametrize("kind", kinds().values(), ids=lambda kind: kind.name)
def test_a_configuration_survives_the_form(kind: Kind) -> None:
    config = kind.clean_config(
        {"options": ["yes", {"key": "no", "text": "Not at all"}]} if kind.name == "choice" else {}
    )
    form = QueryDict(mutable=True)
    for setting in kind.settings:
        shown = setting.show(config)
        if shown not in (False, ""):
            form[setting.name] = "on" if shown is True else str(shown)
    read = {setting.name: setting.read(form, setting.name) for setting in kind.settings}
    assert kind.clean_config({name: value for name, value in read.items() if value is not None}) == config


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
    assert Setting("options", "Options", "options").read(form, "x") == [{"key": "a", "text": "Alpha"}, "1 + 1=2", "b"]
