from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from annotate.importing.digests import content_key
from annotate.importing.problems import RowProblem
from annotate.importing.rows import AnnotationRow, CompletionRow, ItemRow, parse_row

PAIR = [{"text": "x"}, {"text": "y"}]
CHAT = [{"role": "user", "content": "hi"}]


def refused(value: dict[str, Any]) -> tuple[str, str]:
    with pytest.raises(RowProblem) as caught:
        parse_row(value)
    return caught.value.field, caught.value.message


def with_completions(*completions: Any) -> dict[str, Any]:
    return {"prompt": "p", "completions": list(completions)}


def with_annotation(**annotation: Any) -> dict[str, Any]:
    whole = {"annotator": "ann", "kind": "human", "answers": {"q": 1}} | annotation
    return {"prompt": "p", "completions": PAIR, "annotations": [whole]}


def keys(*completions: Any) -> list[str]:
    return [completion.key for completion in parse_row(with_completions(*completions)).completions]


def test_the_smallest_row_has_a_prompt_and_one_completion() -> None:
    assert parse_row({"prompt": "p", "completions": [{"text": ""}]}) == ItemRow(
        key=None,
        prompt="p",
        completions=(CompletionRow("a", "", None, None, None, {}),),
        context=None,
        reference=None,
        tools=None,
        points=None,
        metadata={},
        gold=None,
        annotations=(),
    )


def test_every_field_arrives() -> None:
    row = parse_row(
        {
            "key": "k",
            "prompt": CHAT,
            "completions": [
                {"key": "x", "messages": CHAT, "model": "m", "prompt": "other", "metadata": {"t": 1}},
                {"text": "y"},
            ],
            "context": "c",
            "reference": "r",
            "tools": [{"name": "t"}],
            "points": [{"key": "short", "text": "Is it short?", "weight": 2}],
            "metadata": {"n": 1},
            "withdrawn_at": "2026-11-05T09:30:00Z",
            "gold": {"answers": {"q": {"preferred": "x"}}, "shown": ["b", "x"]},
            "annotations": [
                {
                    "annotator": "judge",
                    "kind": "judge",
                    "answers": {"q": {"preferred": None}},
                    "shown": ["x", "b"],
                    "round": 2,
                    "probabilities": {"q": {"x": 0.5, "b": 0.5}},
                    "created_at": "2026-11-05T09:30:00+02:00",
                    "active_seconds": 3,
                    "revision": 2,
                    "aids": {"differences": 1},
                }
            ],
        }
    )
    assert (row.key, row.prompt, row.context, row.reference) == ("k", CHAT, "c", "r")
    assert row.completions[0] == CompletionRow("x", None, CHAT, "m", "other", {"t": 1})
    assert row.completions[1].key == "b"
    assert row.tools == [{"name": "t"}]
    assert row.points == [{"key": "short", "text": "Is it short?", "weight": 2}]
    assert row.metadata == {"n": 1}
    assert row.withdrawn_at == datetime(2026, 11, 5, 9, 30, tzinfo=UTC)
    assert row.gold == {"answers": {"q": {"preferred": "x"}}, "shown": ["b", "x"]}
    assert row.annotations == (
        AnnotationRow(
            annotator="judge",
            kind="judge",
            answers={"q": {"preferred": None}},
            shown=("x", "b"),
            round=2,
            probabilities={"q": {"x": 0.5, "b": 0.5}},
            created_at=datetime(2026, 11, 5, 7, 30, tzinfo=UTC),
            active_seconds=3.0,
            revision=2,
            aids={"differences": 1},
        ),
    )


def test_null_and_absent_are_the_same() -> None:
    nothing = dict.fromkeys(["key", "context", "reference", "tools", "points", "metadata", "gold", "annotations"])
    blank = dict.fromkeys(["key", "messages", "model", "prompt", "metadata"])
    row = {"prompt": "p", "completions": [{"text": "x"}]}
    assert parse_row({**row, **nothing, "completions": [{"text": "x", **blank}]}) == parse_row(row)


def test_two_completions_with_the_same_text_are_fine() -> None:
    assert len(parse_row(with_completions({"text": "x"}, {"text": "x"})).completions) == 2


def test_keys_are_letters_by_position_and_avoid_given_ones() -> None:
    assert keys(*PAIR, {"text": "z"}) == ["a", "b", "c"]
    assert keys({"text": "x"}, {"text": "y", "key": "a"}, {"text": "z"}) == ["b", "a", "c"]
    assert keys({"text": "x", "key": "b"}, {"text": "y"}) == ["b", "c"]
    assert keys(*({"text": "x"} for _ in range(29)))[25:] == ["z", "c27", "c28", "c29"]
    assert keys({"text": "x", "key": "c27"}, *({"text": "x"} for _ in range(27)))[-2:] == ["c28", "c29"]
    assert keys({"text": "x", "key": "z"}, *({"text": "x"} for _ in range(25)))[-1] == "c27"


@pytest.mark.parametrize("prompt", [None, "", "  \n", [], 3, {"role": "user"}, True])
def test_a_prompt_is_required_and_says_something(prompt: Any) -> None:
    assert refused({"prompt": prompt, "completions": PAIR})[0] == "prompt"


def test_the_messages_of_missing_parts_say_what_would_be_right() -> None:
    assert refused({"completions": PAIR}) == (
        "prompt",
        "must be a text or a list of messages, not missing or null",
    )
    assert refused({"prompt": "p"})[1].startswith("needs at least one completion, like")
    assert refused({"prompt": 3, "completions": []})[1].endswith("not a number (3)")


@pytest.mark.parametrize("completions", [None, [], "x", {"text": "x"}])
def test_completions_are_a_list_of_at_least_one(completions: Any) -> None:
    assert refused({"prompt": "p", "completions": completions})[0] == "completions"


@pytest.mark.parametrize(
    ("completion", "field"),
    [
        ("text", "completions[1]"),
        (None, "completions[1]"),
        ({}, "completions[1]"),
        ({"text": "x", "messages": CHAT}, "completions[1]"),
        ({"text": 3}, "completions[1].text"),
        ({"messages": []}, "completions[1].messages"),
        ({"messages": [{"role": "robot", "content": "x"}]}, "completions[1].messages[0].role"),
        ({"text": "x", "key": 7}, "completions[1].key"),
        ({"text": "x", "key": ""}, "completions[1].key"),
        ({"text": "x", "key": "k" * 41}, "completions[1].key"),
        ({"text": "x", "key": "@prompt"}, "completions[1].key"),
        ({"text": "x", "key": "first"}, "completions[1].key"),
        ({"text": "x", "model": 3}, "completions[1].model"),
        ({"text": "x", "model": "m" * 201}, "completions[1].model"),
        ({"text": "x", "prompt": ""}, "completions[1].prompt"),
        ({"text": "x", "metadata": []}, "completions[1].metadata"),
        ({"text": "x", "score": 3}, "completions[1].score"),
        ({"text": "x" * 2_000_001}, "completions[1].text"),
    ],
)
def test_a_wrong_completion_is_named_with_its_field(completion: Any, field: str) -> None:
    assert refused(with_completions({"text": "x", "key": "first"}, completion))[0] == field


def test_a_repeated_key_names_both_places() -> None:
    assert refused(with_completions({"text": "x", "key": "k"}, {"text": "y", "key": "k"})) == (
        "completions[1].key",
        "is 'k' like that of completions[0]; keys are unique in an item",
    )


def test_an_unknown_field_names_the_nearest_one_and_metadata() -> None:
    field, message = refused({"promt": "p", "completions": PAIR})
    assert field == "promt"
    assert "did you mean `prompt`?" in message
    assert "`metadata`" in message
    assert "the fields are key, prompt," in refused({"prompt": "p", "completions": PAIR, "zzz": 1})[1]
    assert "did you mean `text`?" in refused(with_completions({"txt": "x"}))[1]


@pytest.mark.parametrize(
    ("part", "field"),
    [
        ({"key": ""}, "key"),
        ({"key": 5}, "key"),
        ({"key": "k" * 201}, "key"),
        ({"context": [3]}, "context[0]"),
        ({"withdrawn_at": True}, "withdrawn_at"),
        ({"withdrawn_at": "then"}, "withdrawn_at"),
        ({"reference": 1}, "reference"),
        ({"context": "x" * 2_000_001}, "context"),
        ({"tools": {}}, "tools"),
        ({"tools": ["x"]}, "tools[0]"),
        ({"points": [{"key": "a"}]}, "points[0].text"),
        ({"points": [{"key": "a", "text": "t"}, {"key": "a", "text": "u"}]}, "points[1].key"),
        ({"metadata": "x"}, "metadata"),
        ({"gold": []}, "gold"),
        ({"gold": {"shown": ["a"]}}, "gold.answers"),
        ({"gold": {"answers": {"q": 1}, "shown": ["z"]}}, "gold.shown"),
        ({"gold": {"answer": {"q": 1}}}, "gold.answer"),
        ({"annotations": {}}, "annotations"),
        ({"annotations": ["x"]}, "annotations[0]"),
    ],
)
def test_a_wrong_part_of_an_item_is_named(part: dict[str, Any], field: str) -> None:
    assert refused({"prompt": "p", "completions": PAIR, **part})[0] == field


@pytest.mark.parametrize(
    ("part", "field"),
    [
        ({"annotator": None}, "annotator"),
        ({"annotator": " "}, "annotator"),
        ({"kind": "robot"}, "kind"),
        ({"kind": None}, "kind"),
        ({"answers": {}}, "answers"),
        ({"answers": [1]}, "answers"),
        ({"shown": []}, "shown"),
        ({"shown": ["a", "a"]}, "shown"),
        ({"shown": ["c"]}, "shown"),
        ({"shown": [None]}, "shown"),
        ({"shown": [["a"]]}, "shown"),
        ({"round": -1}, "round"),
        ({"round": True}, "round"),
        ({"round": 1.0}, "round"),
        ({"round": 32_768}, "round"),
        ({"probabilities": [0.5]}, "probabilities"),
        ({"created_at": "yesterday"}, "created_at"),
        ({"created_at": 1762335000}, "created_at"),
        ({"created_at": "0001-01-01T00:00:00+05:00"}, "created_at"),
        ({"active_seconds": -1}, "active_seconds"),
        ({"active_seconds": True}, "active_seconds"),
        ({"active_seconds": "3"}, "active_seconds"),
        ({"active_seconds": 1e300}, "active_seconds"),
        ({"revision": 0}, "revision"),
        ({"kind": "human", "purpose": "base"}, "purpose"),
        ({"kind": "human", "purpose": ["again"]}, "purpose"),
        ({"kind": "judge", "purpose": "again"}, "purpose"),
        ({"kind": "human", "purpose": "repeat", "round": 0}, "purpose"),
        ({"revision": True}, "revision"),
        ({"revision": "2"}, "revision"),
        ({"aids": ["differences"]}, "aids"),
        ({"note": "x"}, "note"),
    ],
)
def test_a_wrong_annotation_is_named_with_its_field(part: dict[str, Any], field: str) -> None:
    assert refused(with_annotation(**part))[0] == f"annotations[0].{field}"


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-05", datetime(2026, 11, 5, tzinfo=UTC)),
        ("2026-11-05T09:30:00Z", datetime(2026, 11, 5, 9, 30, tzinfo=UTC)),
        ("2026-11-05 09:30:00", datetime(2026, 11, 5, 9, 30, tzinfo=UTC)),
        ("2026-11-05T09:30:00-05:00", datetime(2026, 11, 5, 9, 30, tzinfo=timezone(timedelta(hours=-5)))),
    ],
)
def test_times_are_iso_8601_and_utc_unless_they_say_otherwise(text: str, moment: datetime) -> None:
    assert parse_row(with_annotation(created_at=text)).annotations[0].created_at == moment


CALL = {"role": "assistant", "content": None, "tool_calls": [{"function": {"name": "f"}}]}


@pytest.mark.parametrize(
    "message",
    [
        {"role": "system", "content": ""},
        {"role": "tool", "content": "42", "tool_call_id": "1"},
        CALL,
        {"role": "user", "content": [{"type": "text", "text": "see"}, {"type": "image_url", "image_url": {}}]},
    ],
)
def test_messages_may_hold_calls_results_and_parts(message: dict[str, Any]) -> None:
    assert parse_row({"prompt": [message], "completions": PAIR}).prompt == [message]


@pytest.mark.parametrize(
    ("message", "field"),
    [
        ("hi", "prompt[0]"),
        ({"content": "x"}, "prompt[0].role"),
        ({"role": ["user"], "content": "x"}, "prompt[0].role"),
        ({"role": "user"}, "prompt[0].content"),
        ({"role": "assistant", "content": None, "tool_calls": []}, "prompt[0].content"),
        ({"role": "user", "content": 3}, "prompt[0].content"),
        ({"role": "user", "content": ["x"]}, "prompt[0].content[0]"),
        ({"role": "user", "content": [{"text": "x"}]}, "prompt[0].content[0].type"),
        ({"role": "user", "content": [{"type": "text"}]}, "prompt[0].content[0].text"),
        ({**CALL, "tool_calls": ["x"]}, "prompt[0].tool_calls[0]"),
        ({**CALL, "tool_calls": {}}, "prompt[0].tool_calls"),
    ],
)
def test_a_wrong_message_is_named_with_its_field(message: Any, field: str) -> None:
    assert refused({"prompt": [message], "completions": PAIR})[0] == field


def test_fields_of_messages_that_are_not_kept_are_dropped() -> None:
    said = {"role": "assistant", "content": "hi", "name": "helper"}
    more = {**said, "model": "gpt-4o", "sentences": 5}
    row = parse_row({"prompt": [more], "completions": [{"messages": [more], "prompt": [more]}]})
    assert (row.prompt, row.completions[0].messages, row.completions[0].prompt) == ([said], [said], [said])
    assert content_key(row) == content_key(parse_row({"prompt": [said], "completions": with_own(said)}))


def with_own(message: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"messages": [message], "prompt": [message]}]


def test_rows_cannot_be_changed() -> None:
    row = parse_row(with_completions({"text": "x"}))
    with pytest.raises(AttributeError):
        row.key = "other"  # type: ignore[misc]
