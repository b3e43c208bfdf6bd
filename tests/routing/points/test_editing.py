"""Rows of points as they are typed, moved and read."""

from typing import Any

import pytest
from django.http import QueryDict

from annotate.errors import Invalid
from routing.points.editing import Row, changed, fresh_key, next_in_hand, read_rows, rows_in, rows_of


def row(key: str, text: str = "Is it?", weight: str = "1", fatal: bool = False) -> Row:
    return {"key": key, "text": text, "weight": weight, "fatal": fatal}


def keys(rows: list[Row]) -> list[str]:
    return [each["key"] for each in rows]


THREE = [row("p1"), row("p2"), row("p3")]


@pytest.mark.parametrize(
    ("action", "left"),
    [
        ("up:p2", ["p2", "p1", "p3"]),
        ("up:p1", ["p1", "p2", "p3"]),
        ("down:p2", ["p1", "p3", "p2"]),
        ("down:p3", ["p1", "p2", "p3"]),
        ("remove:p2", ["p1", "p3"]),
        ("add", ["p1", "p2", "p3", "p4"]),
        ("remove:zz", ["p1", "p2", "p3"]),
        ("explode:p1", ["p1", "p2", "p3"]),
        ("", ["p1", "p2", "p3"]),
    ],
)
def test_a_button_changes_the_order_and_nothing_else(action: str, left: list[str]) -> None:
    assert keys(changed(THREE, action)) == left


@pytest.mark.parametrize(
    ("action", "key"), [("add", "p4"), ("remove:p2", "p3"), ("remove:p3", "p2"), ("up:p2", ""), ("", "")]
)
def test_the_next_point_is_at_hand(action: str, key: str) -> None:
    assert next_in_hand(THREE, changed(THREE, action)) == key


def test_a_new_point_takes_no_key_that_is_taken() -> None:
    assert fresh_key([row("p2"), row("cites"), row("p" + "9" * 50)]) == "p3"


def test_rows_come_in_the_order_of_the_form() -> None:
    form = QueryDict("key=p2&key=p1&text.p1=One%3F&text.p2=Two%3F&weight.p1=3&fatal.p2=on&key=p2")
    assert rows_in(form) == [row("p2", "Two?", "", True), row("p1", "One?", "3", False)]


def test_typed_rows_become_points_and_empty_ones_are_left_out() -> None:
    points = read_rows([row("p1", " Is it\r\nshort? ", "2.5", True), row("p2", "  "), row("p3", "Is it?", "")])
    assert [(p.key, p.text, p.weight, p.fatal) for p in points] == [
        ("p1", "Is it short?", 2.5, True),
        ("p3", "Is it?", 1, False),
    ]
    assert rows_of([point.as_json() for point in points])[0] == row("p1", "Is it short?", "2.5", True)


@pytest.mark.parametrize(
    ("rows", "field"),
    [
        ([], "points"),
        ([row("p1", " ")], "points"),
        ([row("p1", ""), row("p2", weight="heavy")], "weight.p2"),
        ([row("p1"), row("p2", weight="0")], "weight.p2"),
        ([row("p1"), row("p2", weight="nan")], "weight.p2"),
        ([row("p1", "x" * 10_001)], "text.p1"),
        ([row("k" * 201)], "key." + "k" * 201),
    ],
)
def test_what_is_wrong_is_said_of_its_row(rows: list[Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_rows(rows)
    assert list(refused.value.fields) == [field]
