import json
from typing import Any

import pytest

from annotate.importing.mapping import mapping
from annotate.importing.problems import RowProblem
from annotate.importing.rows import parse_row

USER = {"role": "user", "content": "hi"}
GOOD = {"role": "assistant", "content": "hello"}
BAD = {"role": "assistant", "content": "go away"}


def item(value: dict[str, Any], name: str = "trl_preference", **options: Any) -> tuple[Any, Any, Any]:
    """(prompt, chosen, rejected) by the label that came along."""
    row = mapping(name).row(value, options)
    parse_row(row)
    chosen = row["metadata"]["chosen"]
    by_key = {part["key"]: {k: v for k, v in part.items() if k != "key"} for part in row["completions"]}
    assert sorted(by_key) == ["a", "b"]
    return row["prompt"], by_key[chosen], by_key["b" if chosen == "a" else "a"]


def test_text_with_a_prompt() -> None:
    row = {"prompt": "p", "chosen": "good", "rejected": "bad"}
    assert item(row) == ("p", {"text": "good"}, {"text": "bad"})


def test_messages_with_a_prompt() -> None:
    row = {"prompt": [USER], "chosen": [GOOD], "rejected": [BAD]}
    assert item(row) == ([USER], {"text": "hello"}, {"text": "go away"})


def test_messages_that_repeat_the_prompt() -> None:
    row = {"prompt": [USER], "chosen": [USER, GOOD], "rejected": [USER, BAD]}
    assert item(row) == ([USER], {"text": "hello"}, {"text": "go away"})


def test_a_prompt_as_text_with_conversations_that_hold_it() -> None:
    row = {"prompt": "hi", "chosen": [USER, GOOD], "rejected": [USER, BAD]}
    assert item(row) == ([USER], {"text": "hello"}, {"text": "go away"})
    row = {"prompt": "hi", "chosen": [GOOD], "rejected": [BAD]}
    assert item(row) == ([USER], {"text": "hello"}, {"text": "go away"})


def test_conversations_that_share_their_beginning() -> None:
    start = [{"role": "system", "content": "be kind"}, USER, GOOD, USER]
    prompt, chosen, rejected = item({"chosen": [*start, GOOD], "rejected": [*start, BAD]})
    assert (prompt, chosen, rejected) == (start, {"text": "hello"}, {"text": "go away"})


def test_equal_conversations_keep_their_last_answer() -> None:
    assert item({"chosen": [USER, GOOD], "rejected": [USER, GOOD]})[0] == [USER]


def test_conversations_that_part_at_a_user_turn_keep_the_answer_before_it() -> None:
    other = {"role": "user", "content": "bye"}
    prompt, chosen, _ = item({"chosen": [USER, GOOD, USER, GOOD], "rejected": [USER, GOOD, other, BAD]})
    assert prompt == [USER]
    assert chosen == {"messages": [GOOD, USER, GOOD]}


def test_texts_that_share_whole_words() -> None:
    row = {"chosen": "Q: Why?\nA: Because it is", "rejected": "Q: Why?\nA: Beware"}
    assert item(row) == ("Q: Why?\nA: ", {"text": "Because it is"}, {"text": "Beware"})


def test_messages_may_be_json_in_a_cell() -> None:
    row = {"prompt": "", "chosen": json.dumps([USER, GOOD]), "rejected": json.dumps([USER, BAD])}
    assert item(row)[0] == [USER]


def test_tool_calls_stay_messages() -> None:
    call = {"role": "assistant", "content": None, "tool_calls": [{"name": "f"}]}
    assert item({"prompt": [USER], "chosen": [call], "rejected": [BAD]})[1] == {"messages": [call]}


@pytest.mark.parametrize(
    "row",
    [
        {"chosen": "yes", "rejected": "no"},
        {"chosen": [GOOD], "rejected": [BAD]},
        {"prompt": "p", "chosen": "x"},
        {"prompt": "p", "chosen": "x", "rejected": [BAD]},
        {"prompt": [USER], "chosen": [USER], "rejected": [USER]},
        {"prompt": "p", "chosen": [], "rejected": []},
    ],
)
def test_a_row_without_a_prompt_or_an_answer_is_refused(row: dict[str, Any]) -> None:
    with pytest.raises(RowProblem):
        mapping("trl_preference").row(row, {})


def test_the_order_does_not_give_the_label_away_and_is_always_the_same() -> None:
    rows = [{"prompt": f"p{n}", "chosen": f"good {n}", "rejected": f"bad {n}"} for n in range(400)]
    first = [mapping("trl_preference").row(row, {})["metadata"]["chosen"] for row in rows]
    assert first == [mapping("trl_preference").row(row, {})["metadata"]["chosen"] for row in rows]
    assert 150 < first.count("a") < 250


def test_the_opposite_label_gives_the_same_item() -> None:
    one = mapping("trl_preference").row({"prompt": "p", "chosen": "x", "rejected": "y"}, {})
    two = mapping("trl_preference").row({"prompt": "p", "chosen": "y", "rejected": "x"}, {})
    assert one["completions"] == two["completions"]
    assert one["metadata"]["chosen"] != two["metadata"]["chosen"]


def test_the_label_becomes_an_annotation_where_it_answers_a_question() -> None:
    value = {"prompt": "p", "chosen": "x", "rejected": "y", "source": "s"}
    plain = mapping("trl_preference").row(value, {})
    assert "annotations" not in plain
    assert plain["metadata"]["source"] == "s"
    row = mapping("trl_preference").row(value, {"question": "better"})
    answers = {"better": {"preferred": row["metadata"]["chosen"]}}
    assert row["annotations"] == [{"annotator": "dataset", "kind": "human", "answers": answers}]


def test_hh_conversations_become_messages() -> None:
    start = "\n\nHuman: Hi there\n\nAssistant: Hello. Human: or not?\n\nHuman: What\n\nnow?\n\nAssistant:"
    prompt, chosen, rejected = item({"chosen": f"{start} This.", "rejected": f"{start}"}, "hh")
    assert prompt == [
        {"role": "user", "content": "Hi there"},
        {"role": "assistant", "content": "Hello. Human: or not?"},
        {"role": "user", "content": "What\n\nnow?"},
    ]
    assert (chosen, rejected) == ({"text": "This."}, {"text": ""})


@pytest.mark.parametrize(
    ("chosen", "message"),
    [
        (None, "chosen: is missing"),
        ("Hello", "must begin with “Human:”"),
        ("x\n\nHuman: a\n\nAssistant: b", "must begin with “Human:”"),
        ("\n\nHuman: a", "must end with what the assistant says"),
    ],
)
def test_what_is_no_hh_conversation_is_refused(chosen: str | None, message: str) -> None:
    with pytest.raises(RowProblem) as caught:
        mapping("hh").row({"chosen": chosen, "rejected": "\n\nHuman: a\n\nAssistant: c"}, {})
    assert message in str(caught.value)
