import json
from pathlib import Path
from typing import Any

import pytest

from annotate.importing.mapping import Guess, guess
from annotate.importing.readers import detect
from annotate.importing.rows import parse_row
from tests.annotate.importing.files import write, write_lines

USER = {"role": "user", "content": "How are you today, my dear friend?"}
GOOD = {"role": "assistant", "content": "Very well, thank you for asking."}
BAD = {"role": "assistant", "content": "None of your business, I think."}
STEER = {"prompt": "p", "response": "x", "helpfulness": 1, "correctness": 2, "coherence": 3, "complexity": 1}


def guessed(path: Path) -> Guess:
    source = detect(path)
    return guess(source.columns, source.sample_rows)


@pytest.mark.parametrize(
    ("name", "row"),
    [
        ("crosscheck", {"prompt": "p", "completions": [{"text": "x"}, {"text": "y"}], "metadata": {"n": 1}}),
        ("trl_preference", {"prompt": "p", "chosen": "x", "rejected": "y"}),
        ("trl_preference", {"prompt": [USER], "chosen": [GOOD], "rejected": [BAD]}),
        ("trl_preference", {"chosen": [USER, GOOD], "rejected": [USER, BAD], "score_chosen": 3.5}),
        ("hh", {"chosen": "\n\nHuman: a\n\nAssistant: b", "rejected": "\n\nHuman: a\n\nAssistant: c"}),
        ("ultrafeedback", {"instruction": "i", "completions": [{"model": "m", "response": "r"}], "source": "s"}),
        ("helpsteer2", {**STEER, "verbosity": 2}),
        ("columns", {"prompt": "p", "completions": [{"text": "x"}, {"text": "y"}], "origin": "web"}),
    ],
)
def test_a_well_known_shape_is_recognised(name: str, row: dict[str, Any], tmp_path: Path) -> None:
    found = guessed(write_lines(tmp_path, [row, row]))
    assert found.mapping == name
    assert found.confidence >= 0.7
    assert found.problem is None
    assert found.preview is not None
    parse_row(found.preview)


def test_our_shape_in_a_csv_is_recognised(tmp_path: Path) -> None:
    completions = json.dumps([{"text": "x"}]).replace('"', '""')
    found = guessed(write(tmp_path, "a.csv", f'prompt,completions,key\np,"{completions}",k\n'))
    assert (found.mapping, found.preview) == (
        "crosscheck",
        {"prompt": "p", "completions": [{"text": "x"}], "key": "k"},
    )


def csv_line(cells: list[str]) -> str:
    return ",".join(f'"{cell}"' for cell in cells) + "\n"


LONG = "A sentence of some length about things."


@pytest.mark.parametrize(
    ("columns", "cells", "options"),
    [
        (
            ["question", "answer_1", "answer_2", "answer_3"],
            ["Why?", "Because.", "No idea.", "So."],
            {"prompt": "question", "completions": ["answer_1", "answer_2", "answer_3"]},
        ),
        (
            ["id", "Prompt", "Response A", "Response B", "Model A", "Model B", "notes"],
            ["ID", "Why?", "Because.", "No idea.", "gpt", "llama", "none"],
            {
                "prompt": "Prompt",
                "completions": ["Response A", "Response B"],
                "models": ["Model A", "Model B"],
                "key": "id",
            },
        ),
        (
            ["user_query", "responseA", "responseB", "ground_truth"],
            ["Why?", "Because.", "No idea.", "Chance"],
            {"prompt": "user_query", "completions": ["responseA", "responseB"], "reference": "ground_truth"},
        ),
        (
            ["instruction", "input", "output", "model"],
            ["Do", "this", "Done.", "gpt"],
            {"prompt": ["instruction", "input"], "completions": ["output"], "models": ["model"]},
        ),
        (
            ["question", "context", "model_1_response", "model_2_response", "score_1", "score_2"],
            ["Why?", LONG, "Because.", "No idea.", "4", "5"],
            {
                "prompt": "question",
                "completions": ["model_1_response", "model_2_response"],
                "context": "context",
            },
        ),
        (
            ["quelle", "uebersetzung", "datum", "note"],
            [LONG * 2, LONG, "2026-11-05 10:00:00 and more", "5"],
            {"prompt": "quelle", "completions": ["uebersetzung"]},
        ),
    ],
)
def test_columns_are_guessed_by_name_and_content(
    columns: list[str], cells: list[str], options: dict[str, Any], tmp_path: Path
) -> None:
    second = [f"{cell} again" if cell not in ("4", "5") else cell for cell in cells]
    text = csv_line(columns) + csv_line(cells) + csv_line(second)
    found = guessed(write(tmp_path, "a.csv", text))
    assert found.mapping == "columns"
    assert found.options == options
    assert found.confidence > 0
    assert found.preview is not None


def test_two_columns_that_say_nothing_are_left_to_the_user(tmp_path: Path) -> None:
    found = guessed(write(tmp_path, "a.csv", f"frage,antwort\nWhy so?,{LONG}\n"))
    assert (found.mapping, found.confidence) == ("columns", 0)


def test_empty_answers_of_three_or_more_are_taken_as_absent(tmp_path: Path) -> None:
    text = "question,answer_1,answer_2,answer_3\nWhy?,Because.,No idea.,\nWho?,Me.,You.,Us.\n"
    found = guessed(write(tmp_path, "a.csv", text))
    assert found.options["skip_empty"] is True
    assert found.preview is not None
    assert len(found.preview["completions"]) == 2


def test_a_list_of_responses_is_found(tmp_path: Path) -> None:
    row = {"question": "Why?", "responses": ["Because.", "No idea."], "models": ["m", "n"]}
    found = guessed(write_lines(tmp_path, [row, row]))
    assert found.options == {"prompt": "question", "completions": ["responses"], "models": ["models"]}
    assert found.preview is not None
    assert found.preview["completions"] == [{"text": "Because.", "model": "m"}, {"text": "No idea.", "model": "n"}]


def test_a_key_that_repeats_is_not_taken(tmp_path: Path) -> None:
    row = {"id": 1, "prompt": "p", "response": "Some text"}
    assert "key" not in guessed(write_lines(tmp_path, [row, row])).options
    assert guessed(write_lines(tmp_path, [row, {**row, "id": 2}])).options["key"] == "id"


def test_a_file_that_fits_nothing_is_left_to_the_user(tmp_path: Path) -> None:
    found = guessed(write(tmp_path, "a.csv", "n,m\n1,2\n3,4\n"))
    assert (found.mapping, found.confidence, found.preview) == ("columns", 0, None)
    assert found.problem is not None


def test_a_bad_first_row_does_not_hide_the_preview(tmp_path: Path) -> None:
    good = {"prompt": "p", "chosen": "x", "rejected": "y"}
    found = guessed(write_lines(tmp_path, [{**good, "prompt": ""}, good]))
    assert found.mapping == "trl_preference"
    assert found.preview is not None
    assert found.problem is None
