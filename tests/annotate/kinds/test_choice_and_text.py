"""Options and free text, for the unit and for each completion."""

from typing import Any

import pytest

from annotate.answers import clean_answers
from annotate.errors import Invalid
from annotate.kinds import Asked, kind
from annotate.kinds.base import LabelRow
from annotate.kinds.controls import Shown

choice, text = kind("choice"), kind("text")
YES_NO = ["yes", "no", "unsure"]


def of_choice(**config: Any) -> Asked:
    return Asked("q", "choice", choice.clean_config({"options": YES_NO, **config}), keys=("a", "b"))


def of_text(**config: Any) -> Asked:
    return Asked("q", "text", text.clean_config(config), keys=("a", "b"))


def test_options_are_keys_or_keys_with_a_text() -> None:
    clean = choice.clean_config({"options": ["yes", {"key": "no", "text": "Not at all"}]})
    assert clean["options"] == [{"key": "yes", "text": "yes"}, {"key": "no", "text": "Not at all"}]


@pytest.mark.parametrize(
    "options",
    [
        None,
        [],
        ["one"],
        "yes",
        ["a", "a"],
        ["a", ""],
        ["a", 2],
        ["a", {"text": "b"}],
        ["a", {"key": "b", "text": 3}],
        ["a", {"key": "b", "txt": ""}],
    ],
)
def test_wrong_options_are_refused(options: Any) -> None:
    with pytest.raises(Invalid, match="options"):
        choice.clean_config({"options": options})


def test_an_option_may_have_a_key_of_its_own() -> None:
    given = [{"key": "yes", "shortcut": "Y"}, "no", {"key": "unsure", "shortcut": "1"}]
    clean = choice.clean_config({"options": given})
    assert [option.get("shortcut") for option in clean["options"]] == ["y", None, "1"]
    assert choice.keys(clean, 2) == ["y", "2", "1"]


@pytest.mark.parametrize("shortcut", ["", "ab", "_", " ", 1, ["y"], "İ", "?"])
def test_a_shortcut_is_one_letter_or_digit(shortcut: Any) -> None:
    with pytest.raises(Invalid, match="the shortcut of no must be one letter or digit"):
        choice.clean_config({"options": ["yes", {"key": "no", "shortcut": shortcut}]})


@pytest.mark.parametrize("second", [{"shortcut": "y"}, {"shortcut": "1"}])
def test_two_options_never_share_a_key(second: dict[str, str]) -> None:
    given = [{"key": "yes", **({"shortcut": "Y"} if second["shortcut"] == "y" else {})}, {"key": "no", **second}]
    with pytest.raises(Invalid, match=r"yes and no share the key [Y1]; give one of them another shortcut"):
        choice.clean_config({"options": given})


def test_several_options_come_back_in_the_order_of_the_question_and_once() -> None:
    assert choice.clean(of_choice(multiple=True), ["unsure", "yes", "yes"]) == ["yes", "unsure"]
    with pytest.raises(Invalid, match="at least one of yes, no, unsure"):
        choice.clean(of_choice(multiple=True), [])


def test_an_unknown_option_is_named_with_those_there_are() -> None:
    with pytest.raises(Invalid, match="'maybe' is not an option; choose one of yes, no, unsure"):
        choice.clean(of_choice(), "maybe")


def test_chosen_options_are_labels_of_their_target() -> None:
    assert list(choice.records(of_choice(), "no")) == [LabelRow("", "", "no")]
    each = of_choice(per="completion", multiple=True)
    assert list(choice.records(each, {"a": ["yes", "no"], "b": ["no"]})) == [
        LabelRow("a", "", "yes"),
        LabelRow("a", "", "no"),
        LabelRow("b", "", "no"),
    ]


def test_lengths_count_code_points_without_outer_white_space() -> None:
    short = of_text(min_length=2, max_length=3)
    assert text.clean(short, "  🙂🙂  ") == "  🙂🙂  "
    for wrong in ("a", " a ", "abcd"):
        with pytest.raises(Invalid, match="give 2 to 3"):
            text.clean(short, wrong)


@pytest.mark.parametrize("wrong", ["a\0b", "half \ud83d", "\udfff"])
def test_text_that_cannot_be_stored_is_refused_saying_where(wrong: str) -> None:
    with pytest.raises(Invalid) as refused:
        clean_answers([of_text(per="completion")], {"q": {"a": wrong, "b": "fine"}})
    assert list(refused.value.fields) == ["answers.q.a"]


def test_a_text_is_a_label_of_its_target() -> None:
    assert list(text.records(of_text(), "fine")) == [LabelRow("", "", "fine")]
    assert list(text.records(of_text(per="completion"), {"a": "x", "b": "y"})) == [
        LabelRow("a", "", "x"),
        LabelRow("b", "", "y"),
    ]


def test_line_breaks_of_browsers_become_plain_ones() -> None:
    assert text.from_form(of_text(), {"q": "one\r\ntwo"}) == "one\ntwo"  # type: ignore[arg-type]
    assert text.from_form(of_text(), {"q": " \r\n "}) is None  # type: ignore[arg-type]


@pytest.mark.parametrize("given", ["one\r\ntwo", "one\rtwo", "one\ntwo"])
def test_line_breaks_are_plain_at_every_door(given: str) -> None:
    assert text.clean(of_text(), given) == "one\ntwo"


def test_an_empty_text_is_an_answer_where_the_shortest_has_no_characters() -> None:
    assert text.from_form(of_text(min_length=0), {"q": ""}) == ""  # type: ignore[arg-type]
    assert text.from_form(of_text(min_length=0), {}) is None  # type: ignore[arg-type]
    assert text.clean(of_text(min_length=0), "") == ""


def test_an_unchanged_correction_is_an_answer() -> None:
    corrected = Asked("q", "text", text.clean_config({"per": "completion", "prefill": True}), keys=("a",))
    controls = text.controls(corrected, {}, [Shown("a", "Response", "As it\r\nwas.")])
    (field,) = controls["fields"]
    assert (field.value, field.about) == ("As it\nwas.", "As it\nwas.")
    assert text.clean(corrected, text.from_form(corrected, {field.name: field.value})) == {  # type: ignore[arg-type]
        "a": "As it\nwas."
    }


@pytest.mark.parametrize(
    "config",
    [
        {"min_length": -1},
        {"min_length": 5, "max_length": 4},
        {"max_length": 10**9},
        {"min_length": 1.5},
        {"prefill": True},
        {"per": "item"},
        {"per": []},
    ],
)
def test_a_wrong_text_configuration_is_refused(config: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        text.clean_config(config)
