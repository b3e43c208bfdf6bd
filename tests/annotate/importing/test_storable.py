import json
import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotate.importing.storable import unstorable

ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


def plainly_storable(value: Any) -> bool:
    if isinstance(value, str):
        return "\0" not in value and not any("\ud800" <= character <= "\udfff" for character in value)
    if isinstance(value, float):
        return math.isfinite(value)
    if isinstance(value, dict):
        return all(plainly_storable(part) for pair in value.items() for part in pair)
    return all(map(plainly_storable, value)) if isinstance(value, list) else True


@settings(deadline=None)
@given(ANY)
def test_a_value_is_storable_exactly_when_all_its_parts_are(value: Any) -> None:
    assert (unstorable(value) is None) == plainly_storable(value)


@pytest.mark.parametrize(
    ("value", "field"),
    [
        ({"a": [{"b": "x\0"}]}, "a[0].b"),
        ({"a": [{"b\0": "x"}]}, "a[0]"),
        ({"a": {"b": float("inf")}}, "a.b"),
        (["fine", "\udfff"], "[1]"),
    ],
)
def test_the_path_leads_to_the_part(value: Any, field: str) -> None:
    problem = unstorable(value)
    assert problem is not None
    assert problem.field == field


def test_a_hundred_levels_are_allowed_and_no_more() -> None:
    assert unstorable(json.loads("[" * 100 + "1" + "]" * 100)) is None
    problem = unstorable(json.loads("[" * 101 + "1" + "]" * 101))
    assert problem is not None
    assert "100 levels" in problem.message


def test_a_long_path_is_shortened() -> None:
    problem = unstorable({"x" * 500: "\0"})
    assert problem is not None
    assert len(problem.field) == 200
