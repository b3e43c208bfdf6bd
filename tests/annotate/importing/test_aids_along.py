"""The aids of annotations that come along."""

from typing import Any

import pytest

from annotate.importing.rows import parse_row
from tests.annotate.importing.test_rows import refused, with_annotation

SUGGESTED = {
    "when": "after",
    "at": "2026-11-05T09:30:00+00:00",
    "first": {"q": 1},
    "shown": {"q": {"judge": "m", "annotation": 77, "revision": 1, "answer": 2}},
    "used": ["q"],
    "result": {"q": "changed"},
}


def test_aids_come_along_without_the_ids_of_another_database() -> None:
    given = {"differences": 1, "layout": "rows", "suggestions": SUGGESTED}
    [annotation] = parse_row(with_annotation(aids=given)).annotations
    shown = {"q": {"judge": "m", "revision": 1, "answer": 2}}
    assert annotation.aids == {**given, "suggestions": {**SUGGESTED, "shown": shown}}
    without: dict[str, Any] = {"when": "before", "at": "2026-11-05", "first": None, "shown": {}}
    [annotation] = parse_row(with_annotation(aids={"suggestions": without})).annotations
    assert annotation.aids == {"suggestions": without}


@pytest.mark.parametrize(
    ("aids", "field"),
    [
        ([], ""),
        ({"telepathy": 1}, ""),
        ({"sync": [1]}, ""),
        ({"differences": {"opened": -1}}, ""),
        ({"suggestions": 5}, ".suggestions"),
        ({"suggestions": {"used": ["q"]}}, ".suggestions.when"),
        ({"suggestions": {**SUGGESTED, "x": 1}}, ".suggestions.x"),
        ({"suggestions": {**SUGGESTED, "at": 3}}, ".suggestions.at"),
        ({"suggestions": {**SUGGESTED, "first": 3}}, ".suggestions.first"),
        ({"suggestions": {**SUGGESTED, "shown": ["q"]}}, ".suggestions.shown"),
        ({"suggestions": {**SUGGESTED, "shown": {"q" * 81: {}}}}, ".suggestions.shown"),
        ({"suggestions": {**SUGGESTED, "shown": {"q": 2}}}, ".suggestions.shown.q"),
        ({"suggestions": {**SUGGESTED, "shown": {"q": {"judge": "m"}}}}, ".suggestions.shown.q.answer"),
        ({"suggestions": {**SUGGESTED, "shown": {"q": {"answer": 2}}}}, ".suggestions.shown.q.judge"),
        (
            {"suggestions": {**SUGGESTED, "shown": {"q": {"judge": "m", "answer": 2, "revision": "1"}}}},
            ".suggestions.shown.q.revision",
        ),
        ({"suggestions": {**SUGGESTED, "used": ["other"]}}, ".suggestions.used"),
        ({"suggestions": {**SUGGESTED, "used": [["q"]]}}, ".suggestions.used"),
        ({"suggestions": {**SUGGESTED, "result": {"q": "won"}}}, ".suggestions.result"),
        ({"suggestions": {**SUGGESTED, "result": {"q": []}}}, ".suggestions.result"),
    ],
)
def test_aids_of_another_shape_are_named_with_their_field(aids: Any, field: str) -> None:
    assert refused(with_annotation(aids=aids))[0] == f"annotations[0].aids{field}"
