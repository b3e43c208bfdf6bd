"""The prompt of a checklist, and what is read from a reply."""

import hashlib
from typing import Any

import pytest

from routing.judges import Structured
from routing.points.generating import NAME, SCHEMA, VERSION, NoChecklist, read_checklist, request_for

PINNED = {("points", 1): "3f3b28f370ee4e86"}


def test_the_prompt_holds_the_request_and_asks_for_the_schema() -> None:
    request = request_for("Name a river.\nIn one word.")
    (message,) = request.messages
    assert message["role"] == "user"
    assert "Request:\nName a river.\nIn one word." in message["content"]
    assert request.want == Structured(SCHEMA)
    assert request.texts == ()


def test_a_changed_prompt_is_a_new_version() -> None:
    content = request_for("Name a river.").messages[0]["content"]
    digest = hashlib.sha256(content.encode()).hexdigest()[:16]
    assert PINNED.get((NAME, VERSION)) == digest, "the prompt has changed: raise VERSION and pin the new digest here"


def test_points_get_keys_of_their_own() -> None:
    points = read_checklist({"points": ["Is it short?", " Does it\nrhyme? "]})
    assert [(point.key, point.text, point.weight, point.fatal) for point in points] == [
        ("p1", "Is it short?", 1, False),
        ("p2", "Does it rhyme?", 1, False),
    ]


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ("Well, it depends.", "not"),
        (None, "not"),
        ({"points": "Is it short?"}, "not"),
        ({"points": ["Is it short?", 3]}, "not"),
        ({"points": ["Is it short?"]}, "1 points"),
        ({"points": ["Is it?"] * 9}, "9 points"),
        ({"points": ["Is it short?", ""]}, r"points\[1\]"),
        ({"points": ["Is it short?", "x" * 401]}, "point 2 is longer"),
        ({"points": ["Is it short?", "a\0b"]}, "NUL"),
    ],
)
def test_what_is_no_checklist_is_refused_with_the_reason(value: Any, why: str) -> None:
    with pytest.raises(NoChecklist, match=why):
        read_checklist(value)
