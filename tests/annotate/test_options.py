"""The page's options in a definition, and that the documentation knows what the registries know."""

import re
from pathlib import Path
from typing import Any

import pytest

from annotate.definition import KEYS, QUESTION_KEYS, parse_definition
from annotate.errors import Invalid
from annotate.keys import ACTIONS, face
from annotate.kinds import kinds
from annotate.options import DEFAULTS, EFFECTS, option
from annotate.views.consensus_options import NAMES
from annotate.views.page_options import EFFECT_WORDS, NUMBERS, REASONS, SELECTS
from annotate.views.study_options import OWN, PARTS

DOCS = Path(__file__).resolve().parents[2] / "docs"
QUESTION = {"name": "better", "kind": "pairwise"}


def options_of(**spec: Any) -> dict[str, Any]:
    return parse_definition({"questions": [QUESTION], **spec}).options


def test_an_option_that_is_not_given_has_its_default() -> None:
    assert options_of() == {}
    assert {name: option(name, {}) for name in DEFAULTS} == DEFAULTS


@pytest.mark.parametrize("name", DEFAULTS)
def test_every_default_is_allowed(name: str) -> None:
    assert options_of(**{name: DEFAULTS[name]}) == {name: DEFAULTS[name]}


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"text_format": "html"}, "text_format"),
        ({"reference": None}, "reference"),
        ({"suggestions": ["off"]}, "suggestions"),
        ({"revisions": "yes"}, "revisions"),
        ({"skip_reasons": []}, "skip_reasons"),
        ({"skip_reasons": ["a"] * 10}, "skip_reasons"),
        ({"skip_reasons": ["a", {"key": "a"}]}, "skip_reasons"),
        ({"skip_reasons": [3]}, "skip_reasons[0]"),
        ({"skip_reasons": ["a: b"]}, "skip_reasons[0].key"),
        ({"skip_reasons": [{"key": "a", "text": " "}]}, "skip_reasons[0].text"),
        ({"skip_reasons": [{"key": "a", "then": "tell"}]}, "skip_reasons[0].then"),
        ({"flag_reasons": [{"key": "a", "then": "another"}]}, "flag_reasons[0].then"),
    ],
)
def test_a_wrong_option_is_named(given: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        options_of(**given)
    assert list(refused.value.fields) == [field]


def test_a_reason_may_be_its_key_alone() -> None:
    assert options_of(skip_reasons=["too hard"])["skip_reasons"] == [
        {"key": "too hard", "text": "too hard", "then": "another"}
    ]


def test_the_form_explains_every_effect_and_shows_every_option() -> None:
    assert {effect for effects in EFFECTS.values() for effect in effects} == set(EFFECT_WORDS)
    assert {*SELECTS, "revisions", *(f"{what}_reasons" for what in REASONS), *PARTS, OWN, *NAMES} == set(DEFAULTS)
    assert set(NUMBERS) == {"spacing", "lease_minutes"}


def rows_of(name: str) -> list[list[str]]:
    """The cells of every table row of a documentation page."""
    lines = (DOCS / name).read_text().splitlines()
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("| ")]


def codes(text: str) -> set[str]:
    return set(re.findall(r"`([^`]+)`", text))


def test_the_documentation_names_every_part_of_a_definition() -> None:
    named = {code for row in rows_of("campaigns.md") for code in codes(row[0])}
    assert named == KEYS
    text = (DOCS / "campaigns.md").read_text()
    assert {key for key in QUESTION_KEYS if key not in text} == set()


def test_the_documentation_names_the_settings_of_every_kind() -> None:
    documented = {row[0]: codes(row[1]) for row in rows_of("campaigns.md") if row[0] in kinds()}
    assert set(documented) == set(kinds())
    for kind in kinds().values():
        assert kind.config_keys == {code for code in documented[kind.name] if not code.startswith("{")}, kind.name


def test_the_documentation_has_the_registry_of_keys() -> None:
    documented = [(row[0].strip("`"), row[1], row[2], row[3]) for row in rows_of("keys.md") if row[0].startswith("`")]
    assert documented == [
        (action.name, face(action.key) if action.key else "", " ".join(map(face, action.fixed)), action.does)
        for action in ACTIONS.values()
    ]
