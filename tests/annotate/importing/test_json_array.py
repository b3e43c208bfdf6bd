import json
from pathlib import Path

import pytest

from annotate.importing.problems import FileProblem
from annotate.importing.readers import json_array, read_rows
from tests.annotate.importing.files import problems, values, write


def test_an_array_is_read_whatever_its_spacing(tmp_path: Path) -> None:
    assert values(write(tmp_path, "a.json", '[{"n":1},{"n":2}]')) == [{"n": 1}, {"n": 2}]
    assert values(write(tmp_path, "b.json", '\n [ {"n": 1}\n,\n{"n": 2} ]\n\n')) == [{"n": 1}, {"n": 2}]
    assert values(write(tmp_path, "c.json", "[]")) == []


def test_reading_an_array_resumes_behind_a_row(tmp_path: Path) -> None:
    path = write(tmp_path, "a.json", '[{"n":1},{"n":2},{"n":3}]')
    assert [(row.number, row.value) for row in read_rows(path, start=2)] == [(3, {"n": 3})]


@pytest.mark.parametrize("chunk", [1, 2, 7, 31])
def test_elements_that_are_cut_by_the_window_are_read_whole(
    chunk: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(json_array, "CHUNK", chunk)
    rows = [{"text": 'q"\\ \u2028 é 😀 [{' * 5, "n": -12.5e3, "flags": [True, None, False]}, {"n": 12345678}, 77, 3]
    path = write(tmp_path, "a.json", json.dumps(rows))
    assert values(path, file_type="json") == [*rows[:2], None, None]


def test_elements_that_are_no_objects_are_problems_of_their_rows(tmp_path: Path) -> None:
    path = write(tmp_path, "a.json", '[{"n": 1}, 5, [], "x", {"n": NaN}, {"n": 6}]')
    assert [number for number, _ in problems(path)] == [2, 3, 4, 5]
    assert problems(path)[0][1].startswith("element 2 holds a number")
    assert problems(path)[3][1].startswith("n: is nan")


@pytest.mark.parametrize(
    ("text", "row", "place", "what"),
    [
        ('[{"n": 1},\n{"n": 2},\n{"n" 3}]', 3, "line 3, character 27", "Expecting ':' delimiter"),
        ('[{"n": 1},\n{"n": 2}\n{"n": 3}]', 2, "line 3, character 21", "a comma or the closing bracket is missing"),
        ('[{"n": 1}, {"n": 2}, {"n": 3', 3, "line 1", "Expecting ',' delimiter"),
        ('[{"n": 1}, {"n": 2}', 2, "line 1", "the file ends too early"),
        ('[{"n": 1}, {"n": 2},', 3, "line 1", "the file ends too early"),
        ('[{"n": 1}, {"n": 2}] and more', 2, "line 1", "text follows the closing bracket"),
        ('[{"n": 1}, {"n": 2}, {"n": "unfinished}]', 3, "line 1", "Unterminated string"),
        ('[{"n": 1}, {"n": 2},]', 3, "line 1, character 21", "Expecting value"),
        ('[{"n": 1}, {"n": 2}, {"n": ' + "9" * 5000 + "}]", 3, "line 1", "more than 4,300 digits"),
        ('[{"n": 1}, {"n": 2}, ' + "[" * 100_000, 3, "line 1", "nested too deeply"),
    ],
)
def test_a_broken_array_gives_the_rows_before_and_says_where_it_breaks(
    text: str, row: int, place: str, what: str, tmp_path: Path
) -> None:
    path = write(tmp_path, "a.json", text)
    rows = read_rows(path)
    read = [next(rows).value, next(rows).value]
    with pytest.raises(FileProblem) as caught:
        next(rows)
    assert read == [{"n": 1}, {"n": 2}]
    assert f"element {row} " in str(caught.value)
    assert place in str(caught.value)
    assert what in str(caught.value)


def test_a_break_early_in_a_long_array_does_not_read_the_rest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_array, "CHUNK", 100)
    path = write(tmp_path, "a.json", '[{"n": 1}, {"n" oops}, ' + '{"n": 2}, ' * 10_000 + "{}]")
    with path.open() as text:
        window = json_array.Window(text)
        with pytest.raises(FileProblem):
            list(json_array._elements(window))
        assert len(window.buffer) <= 200
