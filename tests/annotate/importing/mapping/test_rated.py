from typing import Any

import pytest

from annotate.importing.mapping import mapping
from annotate.importing.mapping.joined import MOST_JOINED
from annotate.importing.problems import RowProblem
from annotate.importing.rows import parse_row
from tests.annotate.importing.files import source


def helpsteer(prompt: Any, response: str, helpfulness: int = 3) -> dict[str, Any]:
    return {"prompt": prompt, "response": response, "helpfulness": helpfulness, "verbosity": 2}


def test_ultrafeedback_keeps_models_and_ratings() -> None:
    ratings = {"honesty": {"Rating": "5", "Rationale": "so"}}
    value = {
        "source": "evol",
        "instruction": "Do it.",
        "completions": [
            {"model": "m", "response": "Done.", "annotations": ratings, "overall_score": 8.5, "critique": ""},
            {"model": "n", "response": ""},
        ],
    }
    row = mapping("ultrafeedback").row(value, {})
    assert row == {
        "prompt": "Do it.",
        "completions": [
            {"text": "Done.", "model": "m", "metadata": {"annotations": ratings, "overall_score": 8.5}},
            {"text": "", "model": "n", "metadata": {}},
        ],
        "metadata": {"source": "evol"},
    }
    assert len(parse_row(row).completions) == 2


@pytest.mark.parametrize(
    ("completions", "field"),
    [(None, "completions"), (["x"], "completions[0].response"), ([{"response": 3}], "completions[0].response")],
)
def test_a_broken_ultrafeedback_row_is_named(completions: Any, field: str) -> None:
    with pytest.raises(RowProblem) as caught:
        mapping("ultrafeedback").row({"instruction": "x", "completions": completions}, {})
    assert caught.value.field == field


def test_helpsteer_rows_with_one_prompt_become_one_item() -> None:
    rows = [helpsteer("p", "x", 4), helpsteer("p", "y", 1), helpsteer("q", "z"), helpsteer("p", "w")]
    found = list(mapping("helpsteer2").rows(source(rows), {}, {}))
    assert [number for number, _ in found] == [2, 3, 4]
    assert found[0][1] == {
        "prompt": "p",
        "completions": [
            {"text": "x", "metadata": {"helpfulness": 4, "verbosity": 2}},
            {"text": "y", "metadata": {"helpfulness": 1, "verbosity": 2}},
        ],
    }


def test_a_bad_row_does_not_tear_its_neighbours_apart_and_numbers_grow() -> None:
    bad = RowProblem("", "broken")
    rows: list[dict[str, Any] | RowProblem] = [
        bad,
        helpsteer("p", "x"),
        bad,
        helpsteer("p", "y"),
        helpsteer(3, "z"),
        helpsteer("q", "z"),
        bad,
    ]
    found = list(mapping("helpsteer2").rows(source(rows), {}, {}))
    assert [number for number, _ in found] == [1, 3, 4, 5, 6, 7]
    joined = found[2][1]
    assert isinstance(joined, dict)
    assert [part["text"] for part in joined["completions"]] == ["x", "y"]
    assert str(found[3][1]) == "prompt: must be a string, not int"


def test_only_so_many_rows_are_joined() -> None:
    rows = [helpsteer("p", "x")] * (MOST_JOINED + 1)
    found = list(mapping("helpsteer2").rows(source(rows), {}, {}))
    assert [number for number, _ in found] == [MOST_JOINED, MOST_JOINED + 1]


def test_nothing_gives_nothing() -> None:
    assert list(mapping("helpsteer2").rows([], {}, {})) == []
