"""The provider `anthropic`: Anthropic's Messages API."""

import json
from collections.abc import Mapping
from typing import Any, ClassVar

from routing.judges import forms
from routing.judges.base import Reply, Request
from routing.judges.chat import ChatProvider, answered, failed
from routing.judges.remote import Outgoing, Received, Repair, Rung

API_VERSION = "2023-06-01"
TOOL = "give_answer"
COUNTS = ("input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens", "output_tokens")
MOST_TOKENS = 2**31 - 1
LENGTH_STOPS = {"max_tokens", "model_context_window_exceeded"}


class AnthropicProvider(ChatProvider):
    """A model of Anthropic's, or of a service that speaks its Messages API; the endpoint's URL ends with `/v1`.

    JSON is had by a tool that the model is made to use. There are no log-probabilities, and `seed` is not sent.
    """

    name: ClassVar[str] = "anthropic"
    describe: ClassVar[str] = "A model behind Anthropic's Messages API."
    rungs: ClassVar[tuple[Rung, ...]] = ("json_schema", "text")
    headers: ClassVar[Mapping[str, str]] = {"anthropic-version": API_VERSION}

    def authorise(self, key: str) -> dict[str, str]:
        return {"x-api-key": key}

    def outgoing(self, body: dict[str, Any]) -> Outgoing:
        return Outgoing("/messages", body, dict(self.headers))

    def body(self, request: Request, rung: Rung, max_tokens: int, repair: Repair | None) -> dict[str, Any]:
        reasoning = self.reasons(request)
        messages = forms.messages(request, rung, reasoning, repair)
        system = "\n\n".join(message["content"] for message in messages if message["role"] == "system")
        body: dict[str, Any] = {
            "model": self.config["model"],
            "max_tokens": max_tokens + self.config["reasoning_tokens"],
            "messages": [message for message in messages if message["role"] != "system"],
            **({"system": system} if system else {}),
        }
        schema = forms.schema_of(request.want, reasoning)
        if schema and rung == "json_schema":
            body["tools"] = [{"name": TOOL, "description": "Give the answer.", "input_schema": schema}]
            body["tool_choice"] = {"type": "tool", "name": TOOL}
        return body

    def received(self, request: Request, rung: Rung, payload: Mapping[str, Any]) -> Received:
        if not isinstance(payload, Mapping) or not isinstance(payload.get("content"), list):
            return Received(Reply.failed("provider_error", _no_content(payload)))
        blocks, tokens, stop = payload["content"], usage(payload.get("usage")), payload.get("stop_reason")
        text = "".join(str(block["text"]) for block in blocks if block.get("type") == "text")
        thoughts = "".join(str(block.get("thinking", "")) for block in blocks if block.get("type") == "thinking")
        used = [block for block in blocks if block.get("type") == "tool_use" and block.get("name") == TOOL]
        evidence = {key: payload.get(key) for key in ("id", "model", "usage")}
        text = json.dumps(used[-1]["input"], ensure_ascii=False) if used else text
        evidence |= {"text": text, "finish": stop} | ({"reasoning": thoughts} if thoughts else {})
        if stop == "refusal":
            return failed("refusal", text or "the model declined to answer", text, evidence, tokens)
        if stop in LENGTH_STOPS:
            spent = "" if text.strip() else "; all of it went into reasoning"
            return failed("truncated", f"the answer's room was used up{spent}", text, evidence, tokens, cut=True)
        if len(used) > 1:
            return failed("parse_error", "it gives several answers", text, evidence, tokens)
        return answered(request, rung, text, evidence, tokens)


def usage(value: Any) -> tuple[int, int]:
    """The tokens of the prompt (cached ones included) and of the answer, 0 where the server does not say."""
    given = value if isinstance(value, Mapping) else {}
    read, written, cached, answer = (given.get(key) for key in COUNTS)
    prompt = sum(count for count in (read, written, cached) if type(count) is int and count > 0)
    return min(prompt, MOST_TOKENS), min(max(0, answer), MOST_TOKENS) if type(answer) is int else 0


def _no_content(payload: Any) -> str:
    error = payload.get("error") if isinstance(payload, Mapping) else None
    said = error.get("message") if isinstance(error, Mapping) else error
    return f"the server says: {str(said)[:300]}" if said else "the server's answer is no message: it has no content"
