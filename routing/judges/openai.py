"""The provider `openai`: chat completions as OpenAI defined them and most servers speak them."""

import math
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from routing.judges import forms
from routing.judges.base import Labels, Reply, Request
from routing.judges.chat import ChatProvider, answered, failed
from routing.judges.registry import ConfigError
from routing.judges.remote import Outgoing, Received, Repair, Rung

MOST_TOP_LOGPROBS = 20
LEAST_LOGPROB = -100.0  # servers write −9999 or the like for nothing
LEAST_MASS = 0.01  # of all labels together; with less the model was about to say something else


class OpenAIProvider(ChatProvider):
    """A model that a server offers as chat completions: vLLM, SGLang, Ollama, TGI, llama.cpp, `transformers serve`,
    or a hosted service. The endpoint's URL is what stands before `/chat/completions`; mostly it ends with `/v1`.

    On the rung `logprobs` a label is as probable as the tokens that spell it, bare or after a space, among the
    `top_logprobs` likeliest first tokens, or as one that is not listed may be at most; what the listed ones leave over
    is `missing`. `limit` is the field that holds the
    room for the answer: some models take only `max_completion_tokens`. `object_schema` says whether the schema goes
    beside the form `json_object`, which llama.cpp knows and some services refuse.
    """

    name: ClassVar[str] = "openai"
    describe: ClassVar[str] = "A model behind an OpenAI-compatible server: vLLM, SGLang, Ollama, llama.cpp, hosted."
    defaults: ClassVar[Mapping[str, Any]] = {
        **ChatProvider.defaults,
        "top_logprobs": MOST_TOP_LOGPROBS,
        "limit": "max_tokens",
        "object_schema": True,
    }
    choices: ClassVar[Mapping[str, Sequence[str]]] = {"limit": ("max_tokens", "max_completion_tokens")}

    def __init__(self, config: Mapping[str, Any]) -> None:
        super().__init__(config)
        top, limit = self.config["top_logprobs"], self.config["limit"]
        if type(top) is not int or not 2 <= top <= MOST_TOP_LOGPROBS:
            raise ConfigError(f"top_logprobs is {top!r}; it must be a whole number from 2 to {MOST_TOP_LOGPROBS}")
        if limit not in self.choices["limit"]:
            raise ConfigError(f"limit is {limit!r}; it must be one of {', '.join(self.choices['limit'])}")
        if type(self.config["object_schema"]) is not bool:
            raise ConfigError(f"object_schema is {self.config['object_schema']!r}; it must be true or false")

    def authorise(self, key: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {key}"}

    def outgoing(self, body: dict[str, Any]) -> Outgoing:
        return Outgoing("/chat/completions", body)

    def body(self, request: Request, rung: Rung, max_tokens: int, repair: Repair | None) -> dict[str, Any]:
        reasoning = self.reasons(request)
        body: dict[str, Any] = {
            "model": self.config["model"],
            "messages": forms.messages(request, rung, reasoning, repair),
        }
        if self.config["seed"] is not None:
            body["seed"] = self.config["seed"]
        if rung == "logprobs":
            return {**body, self.config["limit"]: 1, "logprobs": True, "top_logprobs": self.config["top_logprobs"]}
        body[self.config["limit"]] = max_tokens + self.config["reasoning_tokens"]
        schema = forms.schema_of(request.want, reasoning)
        if schema and rung == "json_schema":
            named = {"name": forms.ANSWER, "strict": forms.strict(schema), "schema": schema}
            body["response_format"] = {"type": "json_schema", "json_schema": named}
        elif schema and rung == "json_object":
            beside = {"schema": schema} if self.config["object_schema"] else {}
            body["response_format"] = {"type": "json_object", **beside}
        return body

    def received(self, request: Request, rung: Rung, payload: Mapping[str, Any]) -> Received:
        if not isinstance(payload, Mapping) or not isinstance(payload.get("choices"), list) or not payload["choices"]:
            return Received(Reply.failed("provider_error", _no_choices(payload)))
        choice, tokens = payload["choices"][0], usage(payload.get("usage"))
        message, finish = choice["message"], choice.get("finish_reason")
        text, thoughts = (
            _text(message.get("content")),
            _text(message.get("reasoning_content") or message.get("reasoning")),
        )
        evidence = {key: payload.get(key) for key in ("id", "model", "system_fingerprint", "usage")}
        evidence |= {"text": text, "finish": finish} | ({"reasoning": thoughts} if thoughts else {})
        if message.get("refusal") or finish == "content_filter":
            why = _text(message.get("refusal")) or "the service's content filter stopped the answer"
            return failed("refusal", why, text, evidence, tokens)
        if rung == "logprobs" and isinstance(request.want, Labels):
            return _by_tokens(request.want, choice.get("logprobs"), text, evidence, tokens)
        if finish == "length":
            spent = "" if text.strip() else "; all of it went into reasoning"
            return failed("truncated", f"the answer's room was used up{spent}", text, evidence, tokens, cut=True)
        return answered(request, rung, text, evidence, tokens)


def usage(value: Any) -> tuple[int, int]:
    """The tokens of the prompt and of the answer (reasoning included), 0 where the server does not say."""
    counts = [value.get(key) if isinstance(value, Mapping) else 0 for key in ("prompt_tokens", "completion_tokens")]
    prompt, completion = (count if type(count) is int and 0 <= count < 2**31 else 0 for count in counts)
    return prompt, completion


def _by_tokens(want: Labels, logprobs: Any, text: str, evidence: dict[str, Any], tokens: tuple[int, int]) -> Received:
    positions = logprobs.get("content") if isinstance(logprobs, Mapping) else None
    top = positions[0].get("top_logprobs") if isinstance(positions, list) and positions else None
    listed = _listed(top) if isinstance(top, list) else []
    evidence = {**evidence, "top": listed}
    if not listed:
        return failed("parse_error", "the server gave no log-probabilities", text, evidence, tokens)
    mass = {label: math.fsum(math.exp(p) for token, p in listed if token.strip() == label) for label in want.labels}
    total = math.fsum(mass.values())
    if total < LEAST_MASS:
        problem = f"the labels have only {total:.2%} of the probability among the {len(listed)} likeliest first tokens"
        return failed("parse_error", problem, text, evidence, tokens)
    shares = _shares(mass, listed)
    return Received(Reply("ok", shares, max(0.0, 1.0 - total), *tokens, 0.0, evidence), text)


def _shares(mass: Mapping[str, float], listed: Sequence[tuple[str, float]]) -> dict[str, float]:
    """The labels' shares. One that is not listed may be as probable as the last that is, or as all that is left."""
    chances = [math.exp(p) for _, p in listed]
    most = min(min(chances), max(0.0, 1.0 - math.fsum(chances)))
    named = {token.strip() for token, _ in listed}
    bounded = {label: share if label in named else most for label, share in mass.items()}
    whole = math.fsum(bounded.values())
    return {label: share / whole for label, share in bounded.items()}


def _listed(top: Sequence[Any]) -> list[tuple[str, float]]:
    """The tokens with their log-probabilities, each once; what is no number is left out."""
    found: dict[str, float] = {}
    for entry in top:
        token, p = (entry.get("token"), entry.get("logprob")) if isinstance(entry, Mapping) else (None, None)
        if isinstance(token, str) and isinstance(p, int | float) and LEAST_LOGPROB < p <= 1e-3:
            found.setdefault(token, min(float(p), 0.0))
    return list(found.items())


def _text(content: Any) -> str:
    """The text of a message: given as such, or in parts."""
    if isinstance(content, list):
        parts = [part.get("text") for part in content if isinstance(part, Mapping) and part.get("type") == "text"]
        return "".join(part for part in parts if isinstance(part, str))
    if content is None or isinstance(content, str):
        return content or ""
    raise TypeError("the content is no text")


def _no_choices(payload: Any) -> str:
    error = payload.get("error") if isinstance(payload, Mapping) else None
    said = error.get("message") if isinstance(error, Mapping) else error
    return (
        f"the server says: {str(said)[:300]}"
        if said
        else "the server's answer is no chat completion: it has no choices"
    )
