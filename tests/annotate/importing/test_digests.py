from typing import Any

import pytest

from annotate.importing.digests import content_key, prompt_digest
from annotate.importing.rows import parse_row

ROW: dict[str, Any] = {"prompt": "p", "completions": [{"text": "x"}, {"text": "y"}]}


def key(**changes: Any) -> str:
    return content_key(parse_row({**ROW, **changes}))


def test_the_key_of_a_content_never_changes() -> None:
    assert key() == "h-e64e018372b5a6a11c4c73a892d22010130d05d6"


@pytest.mark.parametrize(
    "changes",
    [
        {"prompt": "q"},
        {"prompt": [{"role": "user", "content": "p"}]},
        {"context": "c"},
        {"reference": "r"},
        {"tools": [{}]},
        {"points": [{"key": "k", "text": "t"}]},
        {"completions": [{"text": "y"}, {"text": "x"}]},
        {"completions": [{"text": "x"}]},
        {"completions": [{"text": "x"}, {"text": "y", "model": "m"}]},
        {"completions": [{"text": "x"}, {"text": "y", "prompt": "q"}]},
        {"completions": [{"text": "x"}, {"text": "y", "key": "k"}]},
        {"completions": [{"text": "x"}, {"messages": [{"role": "assistant", "content": "y"}]}]},
    ],
)
def test_what_is_seen_or_who_wrote_it_changes_the_key(changes: dict[str, Any]) -> None:
    assert key(**changes) != key()


@pytest.mark.parametrize(
    "changes",
    [
        {"metadata": {"n": 1}},
        {"gold": {"answers": {"q": 1}}},
        {"annotations": [{"annotator": "a", "kind": "human", "answers": {"q": 1}}]},
        {"completions": [{"text": "x", "metadata": {"t": 1}}, {"text": "y", "key": "b"}]},
        {"context": None},
    ],
)
def test_what_is_said_about_an_item_does_not(changes: dict[str, Any]) -> None:
    assert key(**changes) == key()


def test_the_order_of_an_objects_fields_does_not_change_the_key() -> None:
    assert key(tools=[{"a": 1, "b": 2}]) == key(tools=[{"b": 2, "a": 1}])


@pytest.mark.parametrize(
    "other",
    ["What is  up?", " what is\nup? ", "WHAT IS UP?", "Ｗhat is up?", [{"role": "user", "content": "What is up?"}]],
)
def test_prompts_that_read_alike_are_one_group(other: Any) -> None:
    assert prompt_digest(other) == prompt_digest("What is up?")


CALL = {"role": "assistant", "content": None, "tool_calls": [{"name": "f"}]}
GREETING = {"role": "user", "content": "hi"}


def test_prompts_that_say_something_else_are_not() -> None:
    prompts: list[Any] = [
        "what is up",
        "what's up?",
        [{"role": "system", "content": "what is up"}],
        [{"role": "user", "content": [{"type": "text", "text": "what is up"}]}],
        [GREETING, {"role": "assistant", "content": "hi"}],
        [GREETING, GREETING],
        [GREETING, CALL],
        [GREETING, {**CALL, "tool_calls": [{"name": "g"}]}],
    ]
    assert len({prompt_digest(prompt) for prompt in prompts}) == len(prompts)


def test_the_digest_fits_its_column() -> None:
    assert len(prompt_digest("p")) == 64
    assert len(key()) == 42
