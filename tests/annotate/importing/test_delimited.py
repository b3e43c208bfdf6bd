import csv
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotate.importing.problems import FileProblem
from annotate.importing.readers import detect, read_rows
from tests.annotate.importing.files import problems, values, write

CHARACTERS = st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("\n\r\t")
CELLS = st.text(CHARACTERS, max_size=30)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(
    rows=st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=1),
    delimiter=st.sampled_from([",", ";", "\t"]),
    ending=st.sampled_from(["\n", "\r\n"]),
)
def test_whatever_a_csv_holds_is_read_back_equal(
    rows: list[tuple[str, str, str]], delimiter: str, ending: str, tmp_path: Path
) -> None:
    names = ("prompt", "left", "right")
    path = tmp_path / "rows.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, delimiter=delimiter, lineterminator=ending, quoting=csv.QUOTE_ALL)
        writer.writerows([names, *rows])
    assert values(path) == [dict(zip(names, row, strict=True)) for row in rows]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_found_though_texts_hold_others(delimiter: str, tmp_path: Path) -> None:
    header = delimiter.join(["question", "answer"])
    line = delimiter.join(["'Well, well; so what?'".replace(delimiter, " "), "one, two, three".replace(delimiter, " ")])
    source = detect(write(tmp_path, "rows.csv", f"{header}\n{line}\n{line}\n"))
    assert source.delimiter == delimiter
    assert source.columns == ["question", "answer"]


def test_the_extension_decides_about_a_single_column(tmp_path: Path) -> None:
    assert detect(write(tmp_path, "a.tsv", "text\nhello\n")).delimiter == "\t"
    assert values(write(tmp_path, "a.csv", "text\nhello\n")) == [{"text": "hello"}]


def test_quoted_values_may_hold_line_breaks_and_quotes(tmp_path: Path) -> None:
    path = write(tmp_path, "a.csv", 'prompt,answer\n"two\nlines","she said ""hi"", twice"\n\nb,c\n')
    assert values(path) == [
        {"prompt": "two\nlines", "answer": 'she said "hi", twice'},
        {"prompt": "b", "answer": "c"},
    ]


def test_a_row_with_another_number_of_columns_is_a_problem_of_its_own(tmp_path: Path) -> None:
    path = write(tmp_path, "a.csv", "a,b\n1,2\n3\n4,5,6\n7,8\n")
    assert [value for value in values(path) if value] == [{"a": "1", "b": "2"}, {"a": "7", "b": "8"}]
    assert [number for number, _ in problems(path)] == [2, 3]
    assert "has 3 columns; 2 are expected (line 4): a, b" in problems(path)[1][1]


def test_a_stray_quote_is_a_problem_of_its_row(tmp_path: Path) -> None:
    path = write(tmp_path, "a.csv", 'a,b\n"x" y,2\n3,4\n')
    assert values(path) == [None, {"a": "3", "b": "4"}]
    assert "line 2 is not valid CSV: ',' expected after '\"'" in problems(path)[0][1]


def test_a_quote_that_never_ends_is_a_problem_of_the_row_where_it_begins(tmp_path: Path) -> None:
    path = write(tmp_path, "a.csv", 'a,b\n1,2\n3,"never\nends,5\n')
    assert values(path) == [{"a": "1", "b": "2"}, None]
    assert "unexpected end of data" in problems(path)[0][1]


def test_a_cell_with_a_nul_is_a_problem_naming_the_column(tmp_path: Path) -> None:
    path = write(tmp_path, "a.csv", "a,b\n1,x\0y\n3,4\n")
    assert problems(path) == [(1, "b: contains a NUL character; remove it, the database cannot store it")]


def test_a_cell_may_be_longer_than_the_csv_module_allows_by_default(tmp_path: Path) -> None:
    long = "x" * 1_000_000
    assert values(write(tmp_path, "a.csv", f"a,b\n1,{long}\n")) == [{"a": "1", "b": long}]


def test_columns_without_a_name_or_with_the_same_get_their_own(tmp_path: Path) -> None:
    path = write(tmp_path, "a.csv", ",answer,answer\n0,x,y\n")
    assert values(path) == [{"column_1": "0", "answer": "x", "answer_2": "y"}]


def test_a_file_without_a_header_is_read_by_given_columns(tmp_path: Path) -> None:
    path = write(tmp_path, "a.csv", "1,2\n3,4\n")
    assert values(path, columns=["a", "b"]) == [{"a": "1", "b": "2"}, {"a": "3", "b": "4"}]


def test_reading_a_csv_resumes_behind_a_row(tmp_path: Path) -> None:
    path = write(tmp_path, "a.csv", 'a,b\n"1\n1",2\n3,4\n5,6\n')
    assert [(row.number, row.value) for row in read_rows(path, start=2)] == [(3, {"a": "5", "b": "6"})]


def test_a_broken_header_is_a_problem_of_the_file(tmp_path: Path) -> None:
    with pytest.raises(FileProblem, match="first line"):
        values(write(tmp_path, "a.csv", '"a" b,c\n1,2\n'))
