import datetime
import decimal
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from pyarrow import parquet

from annotate.importing.problems import FileProblem
from annotate.importing.readers import count_rows, detect, read_rows
from tests.annotate.importing.files import problems, values, write


def written(folder: Path, rows: list[dict[str, Any]], schema: pa.Schema | None = None, group: int = 1000) -> Path:
    path = folder / "rows.parquet"
    parquet.write_table(pa.Table.from_pylist(rows, schema=schema), path, row_group_size=group)
    return path


def test_nested_values_come_back_as_lists_and_objects(tmp_path: Path) -> None:
    rows = [{"prompt": "p", "completions": [{"text": "x", "model": None}, {"text": "y", "model": "m"}], "n": 1.5}]
    path = written(tmp_path, rows)
    assert values(path) == rows
    assert detect(path).columns == ["prompt", "completions", "n"]
    assert detect(path).encoding is None


def test_times_decimals_maps_and_bytes_come_back_in_json(tmp_path: Path) -> None:
    moment = datetime.datetime(2026, 11, 5, 9, 30, tzinfo=datetime.UTC)
    schema = pa.schema(
        [
            ("moment", pa.timestamp("us", tz="UTC")),
            ("day", pa.date32()),
            ("took", pa.duration("ms")),
            ("price", pa.decimal128(6, 2)),
            ("count", pa.decimal128(6, 0)),
            ("counts", pa.map_(pa.string(), pa.int64())),
            ("image", pa.binary()),
        ]
    )
    row = {
        "moment": moment,
        "day": moment.date(),
        "took": datetime.timedelta(seconds=1.5),
        "price": decimal.Decimal("9.25"),
        "count": decimal.Decimal("9"),
        "counts": {"a": 1},
        "image": b"\x00\xff",
    }
    assert values(written(tmp_path, [row], schema)) == [
        {
            "moment": "2026-11-05T09:30:00+00:00",
            "day": "2026-11-05",
            "took": 1.5,
            "price": 9.25,
            "count": 9,
            "counts": {"a": 1},
            "image": "AP8=",
        }
    ]


@pytest.mark.parametrize("start", [0, 1, 9, 10, 11, 25, 29, 30, 31])
def test_reading_parquet_resumes_behind_a_row_in_any_row_group(start: int, tmp_path: Path) -> None:
    path = written(tmp_path, [{"n": n} for n in range(1, 31)], group=10)
    assert [(row.number, row.value) for row in read_rows(path, start=start)] == [
        (n, {"n": n}) for n in range(start + 1, 31)
    ]
    assert count_rows(path) == 30


def test_what_cannot_be_stored_is_a_problem_of_its_row(tmp_path: Path) -> None:
    path = written(tmp_path, [{"a": {"b": float("nan")}, "t": "x"}, {"a": {"b": 1.0}, "t": "\0"}])
    assert [message.split(",")[0] for _, message in problems(path)] == [
        "a.b: is nan",
        "t: contains a NUL character; remove it",
    ]


def test_a_parquet_file_that_is_cut_off_says_so(tmp_path: Path) -> None:
    whole = written(tmp_path, [{"n": n} for n in range(100)]).read_bytes()
    with pytest.raises(FileProblem, match="may be cut off"):
        values(write(tmp_path, "cut.parquet", whole[: len(whole) // 2]))


def test_a_parquet_file_with_damaged_pages_gives_the_rows_before(tmp_path: Path) -> None:
    rows = [{"n": n, "text": f"text {n} " * 20} for n in range(4000)]
    path = written(tmp_path, rows, group=1000)
    data = bytearray(path.read_bytes())
    start = parquet.ParquetFile(path).metadata.row_group(2).column(0).dictionary_page_offset
    data[start : start + 400] = b"\xff" * 400
    source = read_rows(write(tmp_path, "bad.parquet", bytes(data)))
    assert [row.value for row in islice(source, 1000)] == rows[:1000]
    with pytest.raises(FileProblem, match="damaged behind row"):
        list(source)


def test_two_columns_of_one_name_are_refused(tmp_path: Path) -> None:
    table = pa.Table.from_arrays([pa.array([1]), pa.array([2])], names=["n", "n"])
    parquet.write_table(table, tmp_path / "twice.parquet")
    with pytest.raises(FileProblem, match="'n' more than once"):
        detect(tmp_path / "twice.parquet")
