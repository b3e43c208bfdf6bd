import gzip
import random
from pathlib import Path

import pytest

from annotate.importing.problems import FileProblem
from annotate.importing.readers import count_rows, detect, read_rows
from tests.annotate.importing.files import values, write


@pytest.mark.parametrize(
    ("name", "content", "file_type"),
    [
        ("a.txt", '{"n": 1}\n{"n": 2}\n', "jsonl"),
        ("a.json", '{"n": 1}\n{"n": 2}\n', "jsonl"),
        ("a.csv", '\n  {"n": 1}', "jsonl"),
        ("a.jsonl", '[{"n": 1}]', "json"),
        ("a", '[\n  {"n": 1}\n]', "json"),
        ("a.csv", "[id],n\n1,2\n", "csv"),
        ("a.txt", "n;m\n1;2\n", "csv"),
        ("a.ndjson", "{broken\n", "jsonl"),
        ("a.json", "{broken\n", "jsonl"),
        ("a.json", "[1, 2]", "json"),
    ],
)
def test_the_type_follows_from_content_then_from_the_name(
    name: str, content: str, file_type: str, tmp_path: Path
) -> None:
    assert detect(write(tmp_path, name, content)).file_type == file_type


def test_a_source_names_its_columns_in_order_with_its_first_good_rows(tmp_path: Path) -> None:
    source = detect(write(tmp_path, "a.jsonl", '{"b": 1}\n{oops\n{"a": 2, "b": 3}\n'))
    assert source.columns == ["b", "a"]
    assert source.sample_rows == [{"b": 1}, {"a": 2, "b": 3}]


def test_the_sample_is_short(tmp_path: Path) -> None:
    assert len(detect(write(tmp_path, "a.jsonl", '{"n": 1}\n' * 100)).sample_rows) == 20


@pytest.mark.parametrize("content", ["", "  \n\n ", "\ufeff"])
def test_an_empty_file_says_what_would_be_right(content: str, tmp_path: Path) -> None:
    path = write(tmp_path, "a.csv", content)
    with pytest.raises(FileProblem, match=r"(empty|blank).*JSON Lines.*CSV.*Parquet"):
        read_rows(path)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (random.Random(1).randbytes(5000), "binary data"),
        (b"\x00" * 100, "binary data"),
        ("prompt,answer\nx,y\n".encode("utf-16-le"), "If it is UTF-16 text, save it as UTF-8"),
        (gzip.compress(b'{"n": 1}', mtime=0), "compressed with gzip"),
        (b"PK\x03\x04" + b"x" * 50, "spreadsheet"),
        (b"%PDF-1.7 ...", "a PDF"),
        (b"just some words without structure", "Nothing tells what type"),
    ],
)
def test_a_file_of_no_accepted_type_is_refused_with_the_list(content: bytes, message: str, tmp_path: Path) -> None:
    with pytest.raises(FileProblem, match=message) as caught:
        detect(write(tmp_path, "a.bin", content))
    assert "Crosscheck reads JSON Lines" in str(caught.value)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.parquet", "a,b\n1,2\n", "does not begin with PAR1"),
        ("a.json", '"text"', "does not begin with"),
        ("a.json", '{\n  "n": 1\n}', "spread over several lines"),
    ],
)
def test_a_name_that_promises_too_much_is_explained(name: str, content: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(FileProblem, match=message):
        read_rows(write(tmp_path, name, content))


def test_a_given_type_is_taken_at_its_word(tmp_path: Path) -> None:
    path = write(tmp_path, "a.jsonl", '{"n": 1}\n')
    assert values(path, file_type="csv") == []
    with pytest.raises(FileProblem, match="does not begin with"):
        read_rows(path, "json")
    with pytest.raises(FileProblem, match="does not begin with PAR1"):
        count_rows(path, "parquet")
    with pytest.raises(FileProblem, match="'xlsx' is no file type; the types are jsonl, json, csv, parquet"):
        read_rows(path, "xlsx")


def test_file_problems_have_the_status_of_invalid_input() -> None:
    assert (FileProblem("x").status, FileProblem("x").code) == (422, "unreadable_file")
