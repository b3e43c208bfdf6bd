"""The rows of each format, in text and in chat shape."""

import json
from pathlib import Path
from typing import Any

import pytest

from annotate.models import User
from tests.exports.voted import make_export, rows_of, voted, voted_item

pytestmark = pytest.mark.django_db(transaction=True)

CHAT = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Hello"}]
TALK = [
    {"key": "a", "messages": [{"role": "assistant", "content": "Hi!"}]},
    {"key": "b", "text": "Go away."},
]
IMAGE = [{"role": "user", "content": [{"type": "image", "url": "x.png"}, {"type": "text", "text": "What is this?"}]}]
PARTS = [{"role": "user", "content": [{"type": "text", "text": "One."}, {"type": "text", "text": "Two."}]}]


def without_ids(row: dict[str, Any]) -> dict[str, Any]:
    assert row["annotation_ids"]
    return {key: value for key, value in row.items() if key != "annotation_ids"}


def test_preference_rows_of_texts(researcher: User) -> None:
    campaign = voted(researcher, [voted_item("r1", "b")])
    assert [without_ids(row) for row in rows_of(make_export(campaign))] == [
        {
            "prompt": "Prompt r1",
            "chosen": "r1 says b",
            "rejected": "r1 says a",
            "item": "r1",
            "question": "overall",
        }
    ]


def test_one_chat_makes_all_rows_chats(researcher: User) -> None:
    items = [voted_item("r1", "a", prompt=CHAT, completions=TALK), voted_item("r2", "b")]
    first, second = rows_of(make_export(voted(researcher, items)))
    assert first["prompt"] == CHAT
    assert first["chosen"] == [{"role": "assistant", "content": "Hi!"}]
    assert first["rejected"] == [{"role": "assistant", "content": "Go away."}]
    assert second["prompt"] == [{"role": "user", "content": "Prompt r2"}]
    assert second["chosen"] == [{"role": "assistant", "content": "r2 says b"}]


def test_text_shape_drops_chats_and_counts_them(researcher: User) -> None:
    items = [voted_item("r1", "a", prompt=CHAT, completions=TALK), voted_item("r2", "b")]
    export = make_export(voted(researcher, items), shape="text")
    assert [row["item"] for row in rows_of(export)] == ["r2"]
    assert export.manifest["dropped"] == {"chat_in_text_shape": 1}


def test_messages_shape_turns_texts_into_messages(researcher: User) -> None:
    [row] = rows_of(make_export(voted(researcher, [voted_item("r1", "a")]), shape="messages"))
    assert row["prompt"] == [{"role": "user", "content": "Prompt r1"}]


def test_text_parts_are_joined_and_images_are_dropped(researcher: User) -> None:
    items = [voted_item("r1", "a", prompt=IMAGE), voted_item("r2", "a", prompt=PARTS)]
    export = make_export(voted(researcher, items))
    assert [row["prompt"] for row in rows_of(export)] == [[{"role": "user", "content": "One.\nTwo."}]]
    assert export.manifest["dropped"] == {"not_plain_text": 1}


def test_reward_rows_are_whole_conversations(researcher: User) -> None:
    items = [voted_item("r1", "a", prompt=CHAT, completions=TALK)]
    [row] = rows_of(make_export(voted(researcher, items), "reward"))
    assert row["chosen"] == [*CHAT, {"role": "assistant", "content": "Hi!"}]
    assert row["rejected"] == [*CHAT, {"role": "assistant", "content": "Go away."}]
    assert "margin" not in row


def test_the_margin_is_in_every_row_where_strengths_were_asked(researcher: User) -> None:
    campaign = voted(researcher, [voted_item("r1", "a2"), voted_item("r2", "b1 b2")], strengths=["bit", "much"])
    assert [row["margin"] for row in rows_of(make_export(campaign, "reward"))] == [2.0, 1.5]


def test_unicode_and_line_breaks_survive(researcher: User) -> None:
    odd = "naïve 👩🏽‍🚀 שלום\u2028line\r\n\ttab \x7f"
    campaign = voted(researcher, [voted_item("r1", "a", prompt=odd)])
    for file_type in ("jsonl", "parquet"):
        export = make_export(campaign, file_type=file_type)
        if file_type == "jsonl":
            [line] = Path(export.path).read_bytes().rstrip(b"\n").split(b"\n")
            assert json.loads(line)["prompt"] == odd
        else:
            assert rows_of(export)[0]["prompt"] == odd
