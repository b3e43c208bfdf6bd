"""A server of models: OpenAI's chat completions and Anthropic's messages, instant, with answers from the test."""

import asyncio
import json
import math
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.routing.servers.http import HttpServer, Response, Seen

RUNGS = ("logprobs", "json_schema", "json_object")


@dataclass(frozen=True, slots=True)
class Answer:
    """What the model says. `tokens` are {token: probability} of the first token; None for the text's first letter."""

    text: str = "A"
    tokens: Mapping[str, float] | None = None
    finish: str = "stop"
    refusal: str | None = None
    reasoning: str | None = None
    usage: tuple[int, int] | None = (20, 5)


Answers = str | Answer | Callable[[dict[str, Any]], str | Answer]


class ModelServer(HttpServer):
    """`with ModelServer(answer="B") as server: server.url, server.requests`.

    `answer` is what the model says, or a function of the request's body. Where a schema is given that the server
    honours, a text that is not JSON is put into an object of that schema. `honours` are the rungs it knows;
    the others are ignored in silence, but those in `rejects` get status 500, or what `rejects` maps them to.
    Requests without `key`, where there is one, get 401. `delay` is in seconds.
    """

    def __init__(
        self,
        answer: Answers = "A",
        *,
        honours: Collection[str] = RUNGS,
        rejects: Mapping[str, int] | Sequence[str] = (),
        models: Sequence[str] = ("tiny",),
        key: str = "",
        delay: float = 0.0,
    ) -> None:
        super().__init__()
        self.answer, self.honours, self.models, self.key, self.delay = answer, honours, models, key, delay
        self.rejects = rejects if isinstance(rejects, Mapping) else dict.fromkeys(rejects, 500)

    @property
    def url(self) -> str:
        return f"{self.address}/v1"

    async def respond(self, seen: Seen) -> Response:
        if self.delay:
            await asyncio.sleep(self.delay)
        given = seen.headers.get("authorization", "").removeprefix("Bearer ") or seen.headers.get("x-api-key", "")
        if self.key and given != self.key:
            return problem(401, f"the key {given!r} is not known here")
        if seen.path == "/v1/models":
            return Response.json({"object": "list", "data": [{"id": name, "object": "model"} for name in self.models]})
        if seen.method == "POST" and seen.path in ("/v1/chat/completions", "/v1/messages"):
            return self.converse(seen)
        return problem(404, f"there is nothing at {seen.path}")

    def converse(self, seen: Seen) -> Response:
        """The model's answer to a good request."""
        if seen.body.get("model") not in self.models:
            return problem(404, f"there is no model {seen.body.get('model')!r}")
        rung, schema = asked(seen.body)
        if rung in self.rejects:
            return problem(self.rejects[rung], f"{rung} is not supported")
        answer = self.answer(seen.body) if callable(self.answer) else self.answer
        answer = Answer(answer) if isinstance(answer, str) else answer
        written = answer.text
        if rung in self.honours and rung in ("json_schema", "json_object"):
            written = fitted(answer.text, schema)
        if seen.path == "/v1/messages":
            return Response.json(message(seen.body, answer, written, rung if rung in self.honours else ""))
        shown = rung == "logprobs" and rung in self.honours
        return Response.json(completion(seen.body, answer, written, shown))


def problem(status: int, message: str, **headers: str) -> Response:
    return Response.json({"error": {"message": message, "type": "error"}}, status, **headers)


def asked(body: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
    """The rung that a request is on, and its schema."""
    if body.get("tool_choice"):
        return "json_schema", body["tools"][0]["input_schema"]
    form = body.get("response_format") or {}
    if form.get("type") == "json_schema":
        return "json_schema", form["json_schema"]["schema"]
    if form.get("type") == "json_object":
        return "json_object", form.get("schema") or {}
    return ("logprobs" if body.get("logprobs") else "text"), {}


def fitted(text: str, schema: Mapping[str, Any]) -> str:
    """The text where it is a JSON object, else an object of the schema that says it."""
    try:
        if isinstance(json.loads(text), dict):
            return text
    except ValueError:
        pass
    return json.dumps(_filled(text, schema) if schema else {"answer": text})


def _filled(text: str, schema: Mapping[str, Any]) -> Any:
    kind = schema.get("type")
    if "enum" in schema:
        return next((each for each in schema["enum"] if str(each) == text), schema["enum"][0])
    if kind == "object":
        return {name: _filled(text, each) for name, each in schema.get("properties", {}).items()}
    if kind == "array":
        return [_filled(text, schema.get("items", {}))] * max(1, schema.get("minItems", 1))
    if kind in ("integer", "number"):
        return schema.get("minimum", 1)
    return {"boolean": True, "null": None}.get(str(kind), text)


def completion(body: Mapping[str, Any], answer: Answer, written: str, with_logprobs: bool) -> dict[str, Any]:
    """A chat completion as OpenAI's and its likes give it."""
    content: dict[str, Any] = {"role": "assistant", "content": written, "refusal": answer.refusal}
    if answer.reasoning is not None:
        content["reasoning_content"] = answer.reasoning
    choice: dict[str, Any] = {"index": 0, "message": content, "finish_reason": answer.finish, "logprobs": None}
    if with_logprobs:
        tokens = answer.tokens if answer.tokens is not None else {answer.text[:1]: 0.9, "The": 0.1}
        choice["logprobs"] = {"content": [_position(tokens)]}
    prompt, completed = answer.usage or (0, 0)
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "model": body["model"],
        "system_fingerprint": "fp_1",
        "choices": [choice],
        "usage": {"prompt_tokens": prompt, "completion_tokens": completed} if answer.usage else None,
    }


def _position(tokens: Mapping[str, float]) -> dict[str, Any]:
    listed = sorted(tokens.items(), key=lambda pair: -pair[1])
    top = [{"token": token, "logprob": math.log(p) if p else -9999.0, "bytes": None} for token, p in listed]
    return {**(top[0] if top else {"token": "", "logprob": 0.0}), "top_logprobs": top}


def message(body: Mapping[str, Any], answer: Answer, written: str, rung: str) -> dict[str, Any]:
    """A message as Anthropic's API gives it."""
    block: dict[str, Any] = {"type": "text", "text": written}
    if rung == "json_schema":
        block = {"type": "tool_use", "id": "toolu_1", "name": body["tools"][0]["name"], "input": json.loads(written)}
    stops = {"stop": "tool_use" if rung == "json_schema" else "end_turn", "length": "max_tokens"}
    prompt, completed = answer.usage or (0, 0)
    return {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": body["model"],
        "content": [] if answer.refusal else [block],
        "stop_reason": "refusal" if answer.refusal else stops.get(answer.finish, answer.finish),
        "usage": {"input_tokens": prompt, "output_tokens": completed} if answer.usage else None,
    }
