"""What a provider behind HTTP is: how a request is written for it and its response read. Sending is done elsewhere."""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal

from routing.judges.base import FreeText, Labels, Provider, Reply, Request, Structured, Want

Rung = Literal["logprobs", "json_schema", "json_object", "text"]
"""How an answer is asked for, from the surest: read from label log-probabilities, held to a schema by the server,
held to JSON, or read from plain text. Free text has the last rung only."""
LADDER: tuple[Rung, ...] = ("logprobs", "json_schema", "json_object", "text")


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What is sent: POST to the endpoint's URL and `path`. Keys are no part of it, so it can be stored and shown."""

    path: str
    body: dict[str, Any]
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Received:
    """What a good HTTP response holds: the reply, the model's `text` as it came, and whether its length was `cut`."""

    reply: Reply
    text: str = ""
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Repair:
    """A second try at a reply that could not be read: what came, and what is wrong with it."""

    text: str
    problem: str


class RemoteProvider(Provider):
    """A model behind HTTP; one endpoint may have many. Everything here is pure: see `routing.calling` for sending.

    `path` follows the endpoint's URL. Settings that all have: `model`, `temperature`, `max_tokens` (of the answer),
    `seed`, `timeout` (seconds).
    """

    queue: ClassVar[str] = "judges"  # waiting for a server takes no processor: it need not wait behind models here
    gives: ClassVar[frozenset[type[Want]]] = frozenset({Labels, Structured, FreeText})

    def answer(self, requests: Sequence[Request]) -> list[Reply]:
        raise TypeError(f"{self.name} answers over HTTP; its requests go through routing.calling")

    @abstractmethod
    def authorise(self, key: str) -> dict[str, str]:
        """The headers that carry the key."""

    @abstractmethod
    def write(self, request: Request, rung: Rung, max_tokens: int, repair: Repair | None = None) -> Outgoing:
        """What to send for a request on a rung of the ladder, with room for `max_tokens` tokens of answer."""

    @abstractmethod
    def read(self, request: Request, rung: Rung, payload: Mapping[str, Any]) -> Received:
        """What the JSON of a response with status 200 amounts to. Never raises, never guesses: what does not hold
        what was wanted is a `parse_error`, a declined one a `refusal`, a cut one `truncated`."""
