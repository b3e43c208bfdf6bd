import json

import pytest

from annotate.importing.mapping import mapping
from annotate.importing.problems import RowProblem
from annotate.importing.rows import parse_row

ROW = {"key": "k", "prompt": "p", "completions": [{"text": "x"}], "context": None, "metadata": {"n": 1}}


def test_our_own_shape_is_left_as_it_is() -> None:
    assert mapping("crosscheck").row(ROW, {}) == ROW


def test_in_a_csv_lists_and_objects_are_json_and_empty_cells_are_absent() -> None:
    cells = {"key": "", "prompt": "p", "completions": json.dumps(ROW["completions"]), "metadata": '{"n": 1}'}
    assert mapping("crosscheck").row(cells, {}) == {
        "prompt": "p",
        "completions": [{"text": "x"}],
        "metadata": {"n": 1},
    }


def test_a_prompt_in_json_is_messages_only_where_it_is() -> None:
    chat = [{"role": "user", "content": "hi"}]
    assert mapping("crosscheck").row({"prompt": json.dumps(chat)}, {})["prompt"] == chat
    assert mapping("crosscheck").row({"prompt": '["a", "b"]'}, {})["prompt"] == '["a", "b"]'
    assert mapping("crosscheck").row({"prompt": "[broken"}, {})["prompt"] == "[broken"


def test_what_cannot_be_stored_does_not_come_in_through_a_cell() -> None:
    with pytest.raises(RowProblem, match="NUL"):
        mapping("crosscheck").row({"prompt": "p", "completions": '[{"text": "x\\u0000"}]'}, {})


def test_an_empty_prompt_is_still_refused() -> None:
    with pytest.raises(RowProblem) as caught:
        parse_row(mapping("crosscheck").row({**ROW, "prompt": ""}, {}))
    assert caught.value.message == "must not be empty"
