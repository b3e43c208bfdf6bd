"""What the probe finds of real servers, by what they do and not by what they answer."""

import asyncio
from typing import Any

import pytest

from routing.calling.probing import ProbeFailed, probe, rung_for
from routing.calling.sending import Sender
from routing.judges import FreeText, Labels, Request, Structured, provider
from routing.judges.remote import RemoteProvider
from routing.models import Endpoint
from tests.routing.servers import Answer, FaultyServer, ModelServer

MESSAGES = ({"role": "user", "content": "Which is better?"},)
SENTENCE = "Rivers run to the sea."


def probed(server: ModelServer, name: str = "openai", **config: Any) -> dict[str, Any]:
    async def look() -> dict[str, Any]:
        model = provider(name)({"model": "tiny", **config})
        assert isinstance(model, RemoteProvider)
        sender = Sender(Endpoint(name="e", url=server.url), model)
        try:
            return await probe(model, sender.send)
        finally:
            await sender.close()

    return asyncio.run(look())


def rungs(server: ModelServer, name: str = "openai", **config: Any) -> tuple[str, str]:
    found = probed(server, name, **config)
    return found["labels"], found["structured"]


def letter_or_sentence(body: dict[str, Any]) -> str:
    return "A" if body.get("logprobs") else SENTENCE


@pytest.mark.parametrize(
    ("served", "expected"),
    [
        ({}, ("logprobs", "json_schema")),
        ({"honours": ()}, ("text", "text")),
        ({"honours": ("json_schema", "json_object")}, ("json_schema", "json_schema")),
        ({"honours": ("json_object",), "rejects": ("json_schema",)}, ("json_object", "json_object")),
        ({"honours": ("logprobs", "json_object"), "rejects": {"json_schema": 500}}, ("logprobs", "json_object")),
        ({"honours": (), "rejects": {"logprobs": 400, "json_schema": 400, "json_object": 422}}, ("text", "text")),
    ],
)
def test_the_effect_counts_and_not_the_status(served: dict[str, Any], expected: tuple[str, str]) -> None:
    with ModelServer(letter_or_sentence, **served) as server:
        assert rungs(server) == expected


@pytest.mark.parametrize("honoured", [True, False])
def test_anthropic_is_tried_for_its_tool_alone(honoured: bool) -> None:
    with ModelServer(SENTENCE, honours=("json_schema",) if honoured else ()) as server:
        rung = "json_schema" if honoured else "text"
        assert rungs(server, "anthropic") == (rung, rung)
        assert len(server.requests) == 2


def test_what_was_found_is_said_in_words() -> None:
    with ModelServer(letter_or_sentence, honours=("json_object",), rejects=("json_schema",)) as server:
        assert probed(server)["found"] == [
            "gives no log-probabilities",
            "refuses JSON schemas (status 500)",
            "holds answers to JSON",
            "answers in plain text",
        ]


def test_log_probabilities_of_a_model_that_begins_otherwise_are_no_use() -> None:
    with ModelServer(Answer(SENTENCE, tokens={"<think>": 0.99, "The": 0.01})) as server:
        found = probed(server)
    assert found["labels"] == "json_schema"
    assert "gives log-probabilities, but the model does not begin with its answer" in found["found"]


def test_a_server_that_takes_json_only_without_a_schema_says_which_setting_helps() -> None:
    class Picky(ModelServer):
        def converse(self, seen: Any) -> Any:
            form = seen.body.get("response_format") or {}
            if form.get("type") == "json_schema" or "schema" in form:
                self.rejects = {"json_schema": 400, "json_object": 400}
            else:
                self.rejects = {}
            return super().converse(seen)

    with Picky(letter_or_sentence, honours=("json_object",)) as server:
        found = probed(server)
        assert found["structured"] == "text"
        assert "holds answers to JSON, but only where object_schema is false" in found["found"]
    with Picky(letter_or_sentence, honours=("json_object",)) as server:
        assert rungs(server, object_schema=False) == ("json_object", "json_object")


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("unauthorised", "does not accept the key"),
        ("server_error", "status 500"),
        ("rate_limited", "no room now"),
        ("hangs_up", "hung up"),
        ("other_shape", "no chat completion"),
        ("error_in_200", "out of memory"),
        ("empty", "it is empty"),
        ("spent_on_reasoning", "reasoning_tokens"),
    ],
)
def test_a_model_that_does_not_answer_fails_the_probe_with_the_reason(fault: str, words: str) -> None:
    with FaultyServer(always=fault) as server, pytest.raises(ProbeFailed, match=words):
        probed(server)


def test_a_failure_that_passes_is_never_taken_for_what_a_server_can_do() -> None:
    with FaultyServer({2: "unavailable"}, answer=letter_or_sentence) as server, pytest.raises(ProbeFailed):
        probed(server)
    with FaultyServer({1: "server_error"}, answer=letter_or_sentence) as server:
        assert rungs(server) == ("logprobs", "json_schema")


def endpoint(labels: str, structured: str) -> Endpoint:
    return Endpoint(capabilities={"tiny": {"labels": labels, "structured": structured}})


def test_the_rung_follows_what_was_found() -> None:
    found = endpoint("logprobs", "json_schema")
    assert rung_for(found, "tiny", Request(MESSAGES, Labels(("A", "B")))) == "logprobs"
    assert rung_for(found, "tiny", Request(MESSAGES, Structured({"type": "object"}))) == "json_schema"
    assert rung_for(found, "tiny", Request(MESSAGES, FreeText())) == "text"


@pytest.mark.parametrize("labels", [tuple(map(str, range(1, 11))), ("yes", "no"), ("0.5", "1.0"), ("−1", "1")])
def test_labels_of_several_tokens_are_not_read_from_the_first(labels: tuple[str, ...]) -> None:
    assert rung_for(endpoint("logprobs", "json_object"), "tiny", Request(MESSAGES, Labels(labels))) == "json_object"


def test_a_model_that_was_never_probed_is_asked_in_plain_text() -> None:
    assert rung_for(Endpoint(), "tiny", Request(MESSAGES, Labels(("A", "B")))) == "text"
    assert rung_for(endpoint("logprobs", "text"), "other", Request(MESSAGES, Labels(("A", "B")))) == "text"
