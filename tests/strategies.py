"""What hypothesis draws: any JSON, and JSON with what no database keeps; and what becomes of it."""

from collections.abc import Callable
from typing import Any, TypeVar

from hypothesis import strategies as st

from annotate.errors import Invalid

T = TypeVar("T")

storable_text = st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\0"), max_size=20)
awkward_text = st.sampled_from(
    ["\0", "a\0b", "\ud800", "x\udfff", "", " ", "\u202e", "a" * 300, "@prompt", "__proto__"]
)
numbers = st.one_of(
    st.integers(-10, 10),
    st.sampled_from([10**30, -(10**30), 10**400, 2**31, 2**63, 1e308, -1e308, 5e-324]),
    st.floats(allow_nan=False, allow_infinity=False),
)


def json_values(text: st.SearchStrategy[str] = storable_text) -> st.SearchStrategy[Any]:
    """JSON values whose strings and keys come from `text`."""
    leaves = st.one_of(st.none(), st.booleans(), numbers, text)
    return st.recursive(
        leaves,
        lambda below: st.one_of(st.lists(below, max_size=4), st.dictionaries(text, below, max_size=4)),
        max_leaves=8,
    )


anything = json_values(st.one_of(storable_text, awkward_text))


def outcome(act: Callable[[], T]) -> T | Invalid:
    """What `act` returns, or its refusal; any other exception goes through."""
    try:
        return act()
    except Invalid as refused:
        return refused
