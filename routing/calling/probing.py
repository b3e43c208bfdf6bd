"""What an endpoint can do for a model: found out once by canaries, by their effect and not by their status.

Servers answer 200 to a form of answer that they ignore, and some answer 500 to one form and honour another. So each
canary asks for what a model would not write by itself: it stands in the form alone, and the words ask for something
else.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any, NamedTuple

from django.db import transaction
from django.utils import timezone

from routing.calling.sending import HttpReply
from routing.judges.base import FreeText, Labels, Request, Structured
from routing.judges.remote import LADDER, Outgoing, RemoteProvider, Rung
from routing.models import Endpoint

Send = Callable[[Outgoing, float], Awaitable[HttpReply]]
ROOM = 96  # tokens of a canary's answer
PASSING = frozenset({0, 408, 425, 429, 502, 503, 504, 529})  # say nothing about what a server can do
SENTENCE = "Write one plain sentence about rivers. No JSON, please."
LETTER = "Which of the letters A and B comes first in the alphabet? Answer with the letter alone."
SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {"answer": {"type": "string", "enum": ["kelp19", "fern42"]}},
    "required": ["answer"],
    "additionalProperties": False,
}


class ProbeFailed(Exception):
    """The model did not answer at all; the message says why in words."""


class Seen(NamedTuple):
    """Whether a rung holds, and what was seen in words."""

    holds: bool
    words: str


async def probe(provider: RemoteProvider, send: Send) -> dict[str, Any]:
    """What the endpoint can do for the provider's model, JSON-able: the rungs for labels and for structured answers,
    `found` in words, and when. Raises ProbeFailed where the model gives no answer at all."""
    await _answers(provider, send)
    known = getattr(provider, "rungs", LADDER)
    trials = {"logprobs": _logprobs, "json_schema": _json_schema, "json_object": _json_object}
    tried: list[Rung] = [rung for rung in LADDER if rung in known and rung in trials]
    seen = dict(zip(tried, await asyncio.gather(*(trials[rung](provider, send) for rung in tried)), strict=True))
    holding: list[Rung] = [rung for rung in tried if seen[rung].holds] + ["text"]
    return {
        "labels": holding[0],
        "structured": next(rung for rung in holding if rung != "logprobs"),
        "found": [each.words for each in seen.values()] + ["answers in plain text"],
        "probed_at": timezone.now().isoformat(timespec="seconds"),
    }


def rung_for(endpoint: Endpoint, model: str, request: Request) -> Rung:
    """The surest rung on which the endpoint's model answers the request; plain text where it was never probed."""
    found = endpoint.capabilities.get(model, {})
    rung: Rung = "text"
    if isinstance(request.want, Labels):
        by_tokens = found.get("labels") == "logprobs" and not spelled_by_one_token(request.want.labels)
        rung = found.get("structured" if by_tokens else "labels", "text")
    elif isinstance(request.want, Structured):
        rung = found.get("structured", "text")
    return rung if rung in LADDER else "text"


def spelled_by_one_token(labels: tuple[str, ...]) -> bool:
    """Whether every label is surely one token of any model: a single letter or digit. The first token of a longer one
    may be that of another ("1" and "10"), or be split who knows where."""
    return all(len(label) == 1 and label.isascii() and label.isalnum() for label in labels)


def remember(endpoint: Endpoint, model: str, found: dict[str, Any]) -> None:
    """Keeps what a probe found on the endpoint's row, beside what is known of other models."""
    with transaction.atomic():
        row = Endpoint.objects.select_for_update().get(pk=endpoint.pk)
        row.capabilities = {**row.capabilities, model: found}
        row.save(update_fields=["capabilities"])
    endpoint.capabilities = row.capabilities


def in_words(http: HttpReply) -> str:
    """A failure for people."""
    known = {
        401: "the server does not accept the key",
        403: "the key may not use this model",
        404: "the server knows no such address or model",
        429: "the server has no room now; try again in a while",
    }
    if not http.status:
        return http.text
    return f"{known.get(http.status, 'the server refused')} (status {http.status}: {http.text[:300]})"


async def _answers(provider: RemoteProvider, send: Send) -> None:
    request = Request(({"role": "user", "content": SENTENCE},), FreeText())
    http = await _sent(provider, send, provider.write(request, "text", ROOM))
    if http.status != 200:
        raise ProbeFailed(in_words(http))
    received = provider.read(request, "text", _payload(http))
    if received.cut and not received.text.strip():
        raise ProbeFailed(f"the model used {ROOM} tokens and said nothing; give it room to reason by reasoning_tokens")
    if received.reply.status != "ok" and not received.cut:
        raise ProbeFailed(f"the model was asked for a sentence: {received.reply.raw['error']}")


async def _logprobs(provider: RemoteProvider, send: Send) -> Seen:
    request = Request(({"role": "user", "content": LETTER},), Labels(("A", "B")))
    http = await _sent(provider, send, provider.write(request, "logprobs", 1))
    if http.status != 200:
        return Seen(False, f"refuses log-probabilities (status {http.status})")
    reply = provider.read(request, "logprobs", _payload(http)).reply
    listed = len(reply.raw.get("top", ()))
    if reply.status == "ok" and listed > 1:
        return Seen(True, f"gives the log-probabilities of the {listed} likeliest tokens")
    if listed > 1:
        return Seen(False, "gives log-probabilities, but the model does not begin with its answer")
    return Seen(False, "gives no log-probabilities")


async def _json_schema(provider: RemoteProvider, send: Send) -> Seen:
    http, held = await _held(provider, send, "json_schema")
    if http.status != 200:
        return Seen(False, f"refuses JSON schemas (status {http.status})")
    return Seen(held, "holds answers to a JSON schema" if held else "ignores JSON schemas")


async def _json_object(provider: RemoteProvider, send: Send) -> Seen:
    http, held = await _held(provider, send, "json_object")
    if held:
        return Seen(True, "holds answers to JSON")
    if http.status == 200:
        return Seen(False, "does not hold answers to JSON")
    if provider.config.get("object_schema"):
        plain = type(provider)({**provider.config, "object_schema": False})
        if (await _held(plain, send, "json_object"))[1]:
            return Seen(False, "holds answers to JSON, but only where object_schema is false")
    return Seen(False, f"refuses JSON (status {http.status})")


async def _held(provider: RemoteProvider, send: Send, rung: Rung) -> tuple[HttpReply, bool]:
    """Whether the answer has a form that only the request's own field asks for, and not its words."""
    schema = SCHEMA if rung == "json_schema" else {"type": "object"}
    request = Request(({"role": "user", "content": SENTENCE},), Structured(schema))
    outgoing = provider.write(request, rung, ROOM)
    bare = replace(outgoing, body={**outgoing.body, "messages": [dict(message) for message in request.messages]})
    http = await _sent(provider, send, bare)
    reply = provider.read(request, rung, _payload(http)).reply
    return http, http.status == 200 and reply.status == "ok"


async def _sent(provider: RemoteProvider, send: Send, outgoing: Outgoing) -> HttpReply:
    """What came back; a server error twice over, for it may pass. Raises ProbeFailed where it tells nothing."""
    timeout = float(provider.config["timeout"])
    http = await send(outgoing, timeout)
    if http.status == 500:
        http = await send(outgoing, timeout)
    if http.status in PASSING:
        raise ProbeFailed(in_words(http))
    return http


def _payload(http: HttpReply) -> dict[str, Any]:
    return http.payload if isinstance(http.payload, dict) else {}
