"""What is sent to Anthropic's Messages API, and what is made of what it answers."""

import json
from typing import Any

import pytest

from routing.judges import FreeText, Labels, Request, Structured
from routing.judges.anthropic import TOOL, AnthropicProvider
from routing.judges.remote import Received, Rung
from tests.routing.servers import Answer
from tests.routing.servers.model_server import message

MESSAGES = ({"role": "system", "content": "You judge."}, {"role": "user", "content": "Which is better?"})
AB = Request(MESSAGES, Labels(("A", "B")))


def model(**config: Any) -> AnthropicProvider:
    return AnthropicProvider({"model": "claude", **config})


def read(answer: Answer, rung: Rung, request: Request = AB) -> Received:
    sent = model().write(request, rung, 100).body
    return model().read(request, rung, message(sent, answer, answer.text, rung))


def test_what_is_sent_is_a_message_with_its_system_text_apart() -> None:
    outgoing = model(reasoning_tokens=50).write(AB, "text", 100)
    assert (outgoing.path, outgoing.headers) == ("/messages", {"anthropic-version": "2023-06-01"})
    assert outgoing.body["system"] == "You judge."
    assert [each["role"] for each in outgoing.body["messages"]] == ["user"]
    assert (outgoing.body["max_tokens"], outgoing.body["temperature"]) == (150, 0)
    assert model().authorise("sk-ant") == {"x-api-key": "sk-ant"}


def test_json_is_had_by_a_tool_that_must_be_used() -> None:
    sent = model().write(AB, "json_schema", 100).body
    assert sent["tool_choice"] == {"type": "tool", "name": TOOL}
    assert list(sent["tools"][0]["input_schema"]["properties"]) == ["reasoning", "answer"]
    reply = read(Answer('{"reasoning": "x", "answer": "B"}'), "json_schema").reply
    assert (reply.status, reply.value, reply.prompt_tokens, reply.completion_tokens) == ("ok", "B", 20, 5)


def test_a_tool_used_off_its_schema_is_a_parse_error() -> None:
    want = Structured({"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]})
    request = Request(MESSAGES, want)
    assert read(Answer('{"n": 3}'), "json_schema", request).reply.value == {"n": 3}
    wrong = read(Answer('{"n": "three"}'), "json_schema", request).reply
    assert (wrong.status, wrong.value) == ("parse_error", None)
    assert "n: 'three' is not of type 'integer'" in wrong.raw["error"]


def test_text_is_read_as_elsewhere() -> None:
    assert read(Answer("Short.\nAnswer: B"), "text").reply.value == "B"
    assert read(Answer("Short."), "text", Request(MESSAGES, FreeText())).reply.value == "Short."
    assert read(Answer("Both."), "text").reply.status == "parse_error"
    assert read(Answer(""), "text").reply.status == "parse_error"


@pytest.mark.parametrize("stop", ["length", "model_context_window_exceeded"])
def test_an_answer_that_was_cut_is_truncated(stop: str) -> None:
    received = read(Answer('{"answer": "B"}', finish=stop), "text")
    assert (received.reply.status, received.cut) == ("truncated", True)


def test_a_refusal_is_a_refusal() -> None:
    assert read(Answer(refusal="no"), "text").reply.status == "refusal"


def test_two_uses_of_the_tool_are_no_answer() -> None:
    sent = model().write(AB, "json_schema", 100).body
    payload = message(sent, Answer(), json.dumps({"answer": "A"}), "json_schema")
    payload["content"] = [payload["content"][0], {**payload["content"][0], "input": {"answer": "B"}}]
    assert model().read(AB, "json_schema", payload).reply.status == "parse_error"


@pytest.mark.parametrize(
    "payload",
    [{}, {"content": "A"}, {"content": ["A"]}, {"content": [{"type": "text"}]}, {"error": {"message": "overloaded"}}],
)
def test_json_of_another_shape_is_the_servers_error(payload: dict[str, Any]) -> None:
    assert model().read(AB, "text", payload).reply.status == "provider_error"


def test_cached_tokens_of_the_prompt_count() -> None:
    payload = message(model().write(AB, "text", 9).body, Answer(), "Answer: A", "")
    payload["usage"] = {"input_tokens": 5, "cache_read_input_tokens": 100, "output_tokens": 2}
    reply = model().read(AB, "text", payload).reply
    assert (reply.prompt_tokens, reply.completion_tokens) == (105, 2)
