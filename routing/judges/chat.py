"""What the providers of chat models behind HTTP share: their settings, and how an answer's text is read."""

import hashlib
import json
from abc import abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar

from routing.judges import forms
from routing.judges.base import FreeText, Labels, Reply, Request, Status, Structured
from routing.judges.parsing import NotReadable, objects, read_object, spoken, without_echo
from routing.judges.registry import ConfigError
from routing.judges.remote import LADDER, Outgoing, Received, RemoteProvider, Repair, Rung
from routing.judges.texts import storable
from routing.judges.verdicts import label_in_object, label_in_text

SEEN_IN_REPLY = frozenset({"timeout", "max_tokens", "context", "model"})
"""These change no good answer, or stand beside the digest."""


class ChatProvider(RemoteProvider):
    """A chat model behind HTTP; `rungs` are those of the ladder that its servers may know, `headers` what all
    requests carry.

    Settings: `model`, the name under which the server knows it; `reasoning`: where an answer is written out and no
    reasons were given in an earlier turn, the model first says why; `reasoning_tokens`: room beside `max_tokens` for a
    model that thinks before it answers; `extra`: what else goes into the request, where null takes a field out.
    `temperature` and `seed` are left out where they are null. `context` is how many tokens the model reads and writes,
    for servers that cut longer prompts without a word: what seems longer is not sent.
    """

    rungs: ClassVar[tuple[Rung, ...]] = LADDER
    headers: ClassVar[Mapping[str, str]] = {}
    defaults: ClassVar[Mapping[str, Any]] = {
        "model": "",
        "temperature": 0,
        "max_tokens": 1024,
        "context": None,
        "seed": None,
        "reasoning": True,
        "reasoning_tokens": 0,
        "timeout": 120,
        "extra": {},
    }

    def __init__(self, config: Mapping[str, Any]) -> None:
        super().__init__(config)
        check_settings(self.config)

    @property
    def revision(self) -> str:
        settings = {key: value for key, value in sorted(self.config.items()) if key not in SEEN_IN_REPLY}
        digest = hashlib.sha256(json.dumps(settings, sort_keys=True).encode()).hexdigest()[:12]
        return f"{self.name}-{forms.VERSION}:{self.config['model']}:{digest}"

    def write(self, request: Request, rung: Rung, max_tokens: int, repair: Repair | None = None) -> Outgoing:
        if not self.config["model"]:
            raise ConfigError("model is empty; give the name under which the server knows it")
        body = self.body(request, rung, max_tokens, repair)
        for key, value in {"temperature": self.config["temperature"], **self.config["extra"]}.items():
            if value is None:
                body.pop(key, None)
            else:
                body[key] = value
        return self.outgoing(body)

    def reasons(self, request: Request) -> bool:
        """Whether the answer is to begin with its reasons."""
        return bool(self.config["reasoning"]) and all(each["role"] != "assistant" for each in request.messages)

    @abstractmethod
    def body(self, request: Request, rung: Rung, max_tokens: int, repair: Repair | None) -> dict[str, Any]:
        """The request's JSON, before the settings `temperature` and `extra` are put into it."""

    @abstractmethod
    def outgoing(self, body: dict[str, Any]) -> Outgoing:
        """Where the JSON goes, and with which headers."""

    def read(self, request: Request, rung: Rung, payload: Mapping[str, Any]) -> Received:
        try:
            return self.received(request, rung, payload)
        except (KeyError, IndexError, TypeError, AttributeError, ValueError, RecursionError) as error:
            what = str(error) if isinstance(error, NotReadable) else "it has not the shape that it should have"
            return Received(Reply.failed("provider_error", f"the server's answer cannot be read: {what}"))

    @abstractmethod
    def received(self, request: Request, rung: Rung, payload: Mapping[str, Any]) -> Received:
        """What a response amounts to; may raise for one of another shape."""


def answered(request: Request, rung: Rung, text: str, evidence: dict[str, Any], tokens: tuple[int, int]) -> Received:
    """What a whole text amounts to: the wanted thing, or a parse_error that says what is wrong with it."""
    try:
        value = value_in(request, rung, text)
    except NotReadable as error:
        return failed("parse_error", str(error), text, evidence, tokens)
    return Received(Reply("ok", {}, 1.0, *tokens, 0.0, evidence, value), text)


def failed(
    status: Status, error: str, text: str, evidence: dict[str, Any], tokens: tuple[int, int], cut: bool = False
) -> Received:
    return Received(Reply(status, {}, 1.0, *tokens, 0.0, {**evidence, "error": storable(error)}), text, cut)


def value_in(request: Request, rung: Rung, text: str) -> Any:
    """The label, the JSON value or the text that was wanted. Raises NotReadable."""
    said, want = spoken(text), request.want
    if not said:
        raise NotReadable("it is empty")
    if isinstance(want, FreeText):
        return said
    prompt = "\n".join(message["content"] for message in request.messages)
    if isinstance(want, Structured):
        own = without_echo(said, prompt) if rung == "text" else said
        return forms.unwrapped(want, read_object(own, forms.schema_of(want, False) or {}, prompt))
    if not isinstance(want, Labels):
        raise TypeError(f"a model behind HTTP does not give {type(want).__name__}")
    if rung != "text" and (found := objects(said, prompt)):
        labels = {label_in_object(value, want.labels) for value in found}
        if len(labels) > 1:
            raise NotReadable("it holds several JSON objects that differ")
        return labels.pop()
    return label_in_text(said, want.labels, prompt)


def check_settings(config: Mapping[str, Any]) -> None:
    """Raises ConfigError naming the setting and what would be right."""
    model, temperature, seed = (config[key] for key in ("model", "temperature", "seed"))
    if not isinstance(model, str) or len(model) > 200:
        raise ConfigError(f"model is {model!r}; it must be the name under which the server knows it")
    if type(config["reasoning"]) is not bool:
        raise ConfigError(f"reasoning is {config['reasoning']!r}; it must be true or false")
    if temperature is not None and not _within(temperature, 0, 2):
        raise ConfigError(f"temperature is {temperature!r}; it must be a number from 0 to 2, or null")
    if seed is not None and (type(seed) is not int or not 0 <= seed < 2**31):
        raise ConfigError(f"seed is {seed!r}; it must be a whole number of at least 0, or null")
    for key, low, high in (("max_tokens", 1, 10**6), ("reasoning_tokens", 0, 10**6)):
        if type(config[key]) is not int or not low <= config[key] <= high:
            raise ConfigError(f"{key} is {config[key]!r}; it must be a whole number from {low} to {high}")
    if config["context"] is not None and (type(config["context"]) is not int or config["context"] < 1):
        raise ConfigError(f"context is {config['context']!r}; it must be a number of tokens, or null")
    if not _within(config["timeout"], 1, 3600):
        raise ConfigError(f"timeout is {config['timeout']!r}; it must be a number of seconds from 1 to 3600")
    if not isinstance(config["extra"], Mapping) or not all(isinstance(key, str) for key in config["extra"]):
        raise ConfigError(f"extra is {config['extra']!r}; it must be a JSON object of what else goes into the request")
    if named := sorted({"messages", "model", "stream"} & set(config["extra"])):
        raise ConfigError(f"extra holds {named[0]!r}, which is not for it to set")


def _within(value: Any, low: float, high: float) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and low <= value <= high
