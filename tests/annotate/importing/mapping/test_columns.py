from typing import Any

import pytest

from annotate.errors import Invalid
from annotate.importing.mapping import mapping
from annotate.importing.problems import RowProblem
from annotate.importing.rows import parse_row

VALUE = {"q": "Why?", "x": "one", "y": "two", "mx": "m1", "my": "m2", "ctx": "c", "gold": "g", "id": 7, "z": 1}


def mapped(value: dict[str, Any], **options: Any) -> dict[str, Any]:
    row = mapping("columns").row(value, {"prompt": "q", "completions": ["x", "y"], **options})
    parse_row(row)
    return row


def test_columns_become_parts_and_the_rest_is_metadata() -> None:
    roles = {"models": ["mx", "my"], "context": "ctx", "reference": "gold", "key": "id"}
    assert mapped(VALUE, **roles) == {
        "key": "7",
        "prompt": "Why?",
        "completions": [{"text": "one", "model": "m1"}, {"text": "two", "model": "m2"}],
        "context": "c",
        "reference": "g",
        "metadata": {"z": 1},
    }


def test_the_metadata_can_be_chosen() -> None:
    assert mapped(VALUE, metadata=["z", "id"])["metadata"] == {"z": 1, "id": 7}
    assert "metadata" not in mapped(VALUE, metadata=[])


def test_several_prompt_columns_are_joined_by_blank_lines() -> None:
    assert mapped({"q": "Do", "more": "this", "x": "1", "y": "2"}, prompt=["q", "more"])["prompt"] == "Do\n\nthis"
    assert mapped({"q": "Do", "more": "", "x": "1", "y": "2"}, prompt=["q", "more"])["prompt"] == "Do"


@pytest.mark.parametrize(
    ("listed", "completions"),
    [
        (["one", "two"], [{"text": "one"}, {"text": "two"}]),
        ('["one", "two"]', [{"text": "one"}, {"text": "two"}]),
        ([{"text": "one", "model": "m", "score": 3}], [{"text": "one", "model": "m", "metadata": {"score": 3}}]),
        ([{"response": "one"}, None], [{"text": "one"}]),
        (
            [[{"role": "assistant", "content": "hi"}]],
            [{"messages": [{"role": "assistant", "content": "hi"}]}],
        ),
        (
            [{"messages": [{"role": "assistant", "content": "hi"}], "model": 4}],
            [{"messages": [{"role": "assistant", "content": "hi"}], "model": "4"}],
        ),
        ("just one", [{"text": "just one"}]),
    ],
)
def test_one_column_may_hold_a_list(listed: Any, completions: list[Any]) -> None:
    assert mapped({"q": "?", "x": listed}, completions=["x"])["completions"] == completions


def test_models_may_be_a_list_too() -> None:
    row = mapped({"q": "?", "x": ["1", "2"], "ms": ["m", "n"]}, completions=["x"], models=["ms"])
    assert [part["model"] for part in row["completions"]] == ["m", "n"]


def test_an_empty_completion_counts_unless_told_otherwise() -> None:
    value = {"q": "?", "x": "1", "y": "", "w": "3", "m1": "a", "m2": "b", "m3": "c"}
    roles: dict[str, Any] = {"completions": ["x", "y", "w"], "models": ["m1", "m2", "m3"]}
    assert len(mapped(value, **roles)["completions"]) == 3
    skipped = mapped(value, **roles, skip_empty=True)["completions"]
    assert skipped == [{"text": "1", "model": "a"}, {"text": "3", "model": "c"}]


def test_a_row_without_any_completion_is_a_problem_naming_the_column() -> None:
    with pytest.raises(RowProblem, match="holds no completion") as caught:
        mapping("columns").row({"q": "?"}, {"prompt": "q", "completions": ["x"]})
    assert caught.value.field == "x"
    with pytest.raises(RowProblem, match="without any of the fields text, response"):
        mapping("columns").row({"q": "?", "x": [{"score": 1}]}, {"prompt": "q", "completions": ["x"]})


def test_numbers_and_lists_are_taken_as_text() -> None:
    row = mapped({"q": 5, "x": 1.5, "y": True, "ctx": ["one", ["two", 3]]}, context="ctx")
    assert row["prompt"] == "5"
    assert [part["text"] for part in row["completions"]] == ["1.5", "true"]
    assert row["context"] == "one\ntwo\n3"


def test_options_are_held_against_the_columns() -> None:
    ready = mapping("columns")
    ready.check({"prompt": "q", "completions": ["x"]}, ["q", "x"])
    with pytest.raises(Invalid, match="say which column holds the prompt"):
        ready.check({"completions": ["x"]}, ["q", "x"])
    with pytest.raises(Invalid, match="no column 'answr_1'; did you mean 'answer_1'"):
        ready.check({"prompt": "q", "completions": ["answr_1"]}, ["q", "answer_1"])
