import json
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotate.importing.readers import count_rows, read_rows
from tests.annotate.importing.files import problems, values, write, write_lines

TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXT,
    lambda inner: st.lists(inner) | st.dictionaries(TEXT, inner),
    max_leaves=20,
)
OBJECTS = st.lists(st.dictionaries(TEXT, JSON), min_size=1)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(rows=OBJECTS, ascii_only=st.booleans())
def test_whatever_json_lines_hold_is_read_back_equal(
    rows: list[dict[str, Any]], ascii_only: bool, tmp_path: Path
) -> None:
    lines = [json.dumps(row, ensure_ascii=ascii_only) for row in rows]
    path = write(tmp_path, "rows.jsonl", "\n".join(lines))
    assert values(path, file_type="jsonl") == rows


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(rows=OBJECTS, indent=st.sampled_from([None, 0, 2]))
def test_whatever_an_array_holds_is_read_back_equal(
    rows: list[dict[str, Any]], indent: int | None, tmp_path: Path
) -> None:
    path = write(tmp_path, "rows.json", json.dumps(rows, ensure_ascii=False, indent=indent))
    assert values(path) == rows


def test_a_broken_line_is_a_problem_of_its_row_and_reading_goes_on(tmp_path: Path) -> None:
    path = write(tmp_path, "rows.jsonl", '{"n": 1}\n{"n": \n[1]\n"text"\n7\nnull\ntrue\n{"n": 8}\n')
    assert [value for value in values(path) if value] == [{"n": 1}, {"n": 8}]
    found = problems(path)
    assert [number for number, _ in found] == [2, 3, 4, 5, 6, 7]
    assert found[0][1] == "line 2 is not valid JSON: Expecting value at character 8"
    assert found[1][1].startswith("line 3 holds an array; a row is an object")
    assert [message.split(";")[0].split("holds ")[1] for _, message in found[2:]] == [
        "a string",
        "a number",
        "null",
        "true or false",
    ]


def test_blank_lines_are_no_rows_but_messages_name_the_line(tmp_path: Path) -> None:
    path = write(tmp_path, "rows.jsonl", '\n{"n": 1}\n\n  \n{broken\n{"n": 2}\n')
    assert [(row.number, row.value) for row in read_rows(path)] == [(1, {"n": 1}), (2, None), (3, {"n": 2})]
    assert problems(path)[0][1].startswith("line 5 is not valid JSON")


def test_a_line_that_is_not_utf8_costs_only_its_row(tmp_path: Path) -> None:
    good = '{"word": "naïve – 日本"}\n'.encode()
    path = write(tmp_path, "rows.jsonl", good * 5 + b'{"word": "na\xefve"}\n' + good)
    assert [row.error is None for row in read_rows(path)] == [True] * 5 + [False, True]
    assert problems(path) == [(6, "line 6 is not valid UTF-8 at its byte 13; save the file as UTF-8")]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('{"a": {"b": [0, NaN]}}', "a.b[1]: is nan"),
        ('{"a": -Infinity}', "a: is -inf"),
        ('{"a": 1e999}', "a: is inf"),
        ('{"a": "x\\u0000"}', "a: contains a NUL character"),
        ('{"a": ["\\ud83d"]}', "a[0]: contains half of a surrogate pair"),
        ('{"a": {"\\ud83d": 1}}', "a: has a field named '\\\\ud83d'"),
        ('{"a": ' + "9" * 5000 + "}", "line 1 holds a number of more than 4,300 digits"),
        ('{"a": ' + "[" * 150 + "]" * 150 + "}", "is nested more than 100 levels deep"),
        ('{"a": ' + "[" * 100_000 + "]" * 100_000 + "}", "line 1 is nested more than 100 levels deep"),
    ],
)
def test_what_postgresql_cannot_store_is_a_problem_naming_the_field(line: str, message: str, tmp_path: Path) -> None:
    path = write(tmp_path, "rows.jsonl", line + '\n{"fine": 1}\n')
    [(number, found)] = problems(path)
    assert number == 1
    assert message in found


def test_surrogate_pairs_and_big_integers_are_fine(tmp_path: Path) -> None:
    path = write(tmp_path, "rows.jsonl", '{"a": "\\ud83d\\ude00", "b": 123456789012345678901234567890}\n')
    assert values(path) == [{"a": "😀", "b": 123456789012345678901234567890}]


def test_a_line_beyond_the_limit_is_skipped_and_reading_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("annotate.importing.readers.json_lines.LONGEST_LINE", 1 << 20)
    long = json.dumps({"text": "x" * (3 << 20)})
    path = write(tmp_path, "rows.jsonl", f'{{"n": 1}}\n{long}\n{{"n": 3}}\n')
    assert values(path) == [{"n": 1}, None, {"n": 3}]
    assert problems(path) == [(2, "line 2 is longer than 1 MiB")]


def test_reading_resumes_behind_a_row(tmp_path: Path) -> None:
    path = write_lines(tmp_path, [{"n": n} for n in range(1, 6)])
    assert [(row.number, row.value) for row in read_rows(path, start=3)] == [(4, {"n": 4}), (5, {"n": 5})]
    assert values(path, start=5) == values(path, start=50) == []


def test_lines_are_counted_with_and_without_a_last_newline(tmp_path: Path) -> None:
    assert count_rows(write(tmp_path, "a.jsonl", '{"n": 1}\n{"n": 2}\n')) == 2
    assert count_rows(write(tmp_path, "b.jsonl", '{"n": 1}\n{"n": 2}')) == 2
    assert count_rows(write(tmp_path, "c.jsonl", '{"n": 1}\n{"n": 2}'.encode("utf-16"))) == 2
    assert count_rows(write(tmp_path, "d.json", '[{"n": 1}]')) is None


@pytest.mark.parametrize("name", ["rows.jsonl", "rows.json", "rows.csv"])
def test_memory_does_not_grow_with_the_file(name: str, tmp_path: Path) -> None:
    rows = [{"n": n, "text": "x" * 2000} for n in range(12_000)]
    text = {
        "rows.jsonl": "\n".join(map(json.dumps, rows)),
        "rows.json": json.dumps(rows),
        "rows.csv": "n,text\n" + "\n".join(f"{row['n']},{row['text']}" for row in rows),
    }[name]
    path = write(tmp_path, name, text)
    assert path.stat().st_size > 24_000_000
    del rows, text
    tracemalloc.start()
    try:
        assert sum(row.error is None for row in read_rows(path)) == 12_000
        assert tracemalloc.get_traced_memory()[1] < 8_000_000
    finally:
        tracemalloc.stop()
