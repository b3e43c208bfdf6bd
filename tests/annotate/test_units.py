"""Units, the order on the screen, and texts."""

import itertools
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from annotate.models import Completion, View
from annotate.texts import completion_messages, completion_text, prompt_messages, prompt_text
from annotate.units import screen_orders, units_of

keys = st.lists(st.text("abcxyz", min_size=1), min_size=1, max_size=6, unique=True)


def view(shows: str, pairs: int | None = None) -> View:
    return View(name="v", shows=shows, pairs=pairs)


@given(keys)
def test_each_shows_one_and_all_shows_all(given_keys: list[str]) -> None:
    assert units_of(view("each"), "i", given_keys) == [(key,) for key in given_keys]
    assert units_of(view("all"), "i", given_keys) == [tuple(given_keys)]


@given(keys, st.integers(1, 20), st.text())
def test_pairs_are_drawn_without_repeats_in_the_items_order(given_keys: list[str], pairs: int, item: str) -> None:
    every = list(itertools.combinations(given_keys, 2))
    drawn = units_of(view("pair", pairs), item, given_keys)
    assert len(drawn) == min(pairs, len(every))
    assert drawn == [pair for pair in every if pair in drawn]
    assert units_of(view("pair"), item, given_keys) == every


@given(keys, st.integers(0, 8))
def test_every_slot_shows_the_units_keys_and_every_other_one_reversed(given_keys: list[str], count: int) -> None:
    orders = list(screen_orders("i", view("all"), tuple(given_keys), count))
    assert len(orders) == count
    assert all(sorted(order) == sorted(given_keys) for order in orders)
    assert all(second == first[::-1] for first, second in zip(orders[::2], orders[1::2], strict=False))


CHAT: list[dict[str, Any]] = [
    {"role": "system", "content": "Be brief."},
    {"role": "user", "content": [{"type": "text", "text": "Hi"}, {"type": "image_url"}]},
]


def test_a_prompt_reads_as_text_and_as_messages() -> None:
    assert prompt_text("Hi") == "Hi"
    assert prompt_text([{"role": "user", "content": "Hi"}]) == "Hi"
    assert prompt_text(CHAT) == "System: Be brief.\n\nUser: Hi\n[image_url]"
    assert prompt_messages("Hi") == [{"role": "user", "content": "Hi"}]
    assert prompt_messages(CHAT) == CHAT


def test_a_completion_reads_as_text_and_as_messages() -> None:
    assert completion_text(Completion(text="")) == ""
    assert completion_messages(Completion(text="Ho")) == [{"role": "assistant", "content": "Ho"}]
    turns = [{"role": "assistant", "content": None, "tool_calls": [{}]}, {"role": "tool", "content": "42"}]
    assert completion_text(Completion(messages=turns)) == "Assistant: \n\nTool: 42"
    assert completion_messages(Completion(messages=turns)) == turns
