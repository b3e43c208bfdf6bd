"""Kinds are found by discovery: a new one is one new file."""

from collections.abc import Iterator
from pathlib import Path

import pytest

import annotate.kinds as package
from annotate.answers import clean_answers
from annotate.definition import parse_definition
from annotate.errors import Invalid
from annotate.kinds import Asked, kind, kinds

THUMB = """
from annotate.kinds.base import Kind, LabelRow, refuse

class Thumb(Kind):
    name, title, config_keys = "thumb", "Thumb", frozenset()
    shows = frozenset({"each"})
    def clean_config(self, config): return {}
    def clean(self, asked, answer):
        if answer not in ("up", "down"):
            raise refuse(asked, "up or down")
        return answer
    def records(self, asked, answer): yield LabelRow(asked.keys[0], "", answer)
    def from_form(self, asked, form): return form.get(asked.name)
"""


@pytest.fixture
def thumb(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    (tmp_path / "thumb_for_test.py").write_text(THUMB)
    monkeypatch.setattr(package, "__path__", [*package.__path__, str(tmp_path)])
    kinds.cache_clear()
    yield
    kinds.cache_clear()


@pytest.mark.usefixtures("thumb")
def test_a_new_file_is_a_new_kind_at_every_door() -> None:
    definition = parse_definition({"questions": [{"name": "q", "kind": "thumb", "shows": "each"}]})
    assert definition.questions[0].kind == "thumb"
    asked = Asked("q", "thumb", shows="each", keys=("a",))
    assert clean_answers([asked], {"q": "up"}) == {"q": "up"}
    with pytest.raises(Invalid, match="q: up or down"):
        clean_answers([asked], {"q": "sideways"})


@pytest.mark.usefixtures("thumb")
def test_a_kind_says_what_it_can_show() -> None:
    with pytest.raises(Invalid) as refused:
        parse_definition({"questions": [{"name": "q", "kind": "thumb"}]})
    assert refused.value.fields == {"questions[0].shows": "a thumb question can show each"}


def test_an_unknown_kind_names_the_nearest_or_all() -> None:
    with pytest.raises(Invalid, match="did you mean pairwise"):
        kind("pairwize")
    with pytest.raises(Invalid, match="there are choice, "):
        kind("")
