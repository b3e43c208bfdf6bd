"""Requests on their way through a local model: what each puts to it, and the reply that comes of it."""

import hashlib
import json
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from routing.judges.base import Reply, Request
from routing.judges.inference.grammars import Grammar
from routing.judges.inference.pieces import Draft, Piece, Scored
from routing.judges.inference.prefixes import Tokens
from routing.judges.label_tokens import LabelTokens


class Reader(Protocol):
    """What works need of a model: see CausalModel."""

    def prompt_ids(self, messages: Sequence[Mapping[str, str]], lead: str = "") -> Tokens: ...
    def continuation_ids(self, messages: Sequence[Mapping[str, str]], text: str) -> tuple[Tokens, Tokens]: ...
    def label_tokens(self, labels: tuple[str, ...], lead: str = "") -> LabelTokens: ...
    def grammar(self, schema: Mapping[str, Any]) -> Grammar: ...
    def ids(self, text: str) -> Tokens: ...
    def text(self, ids: Sequence[int]) -> str: ...


class TooLong(Exception):
    """A prompt that the model cannot read whole."""

    def __init__(self, needed: int, allowed: int, prompt: int) -> None:
        super().__init__(f"the prompt takes {needed} tokens and the limit is {allowed}")
        self.needed, self.allowed, self.prompt = needed, allowed, prompt

    def reply(self) -> Reply:
        raw = {"error": str(self), "too_long": True, "needed": self.needed, "allowed": self.allowed}
        return Reply("truncated", prompt_tokens=self.prompt, raw=raw)


class Work(ABC):
    """One request. First its `draft` is written, where it has one; then its `scored` are read; then it has a reply.

    `limit` is the longest sequence in tokens, `room` the longest answer. Creating one raises TooLong, ConfigError, or
    the template's error.
    """

    def __init__(self, model: Reader, request: Request, limit: int, room: int, seed: int) -> None:
        self.model, self.request, self.limit, self.room, self.seed = model, request, limit, room, seed
        self.prompt: Tokens = ()
        self.draft: Draft | None = None

    @abstractmethod
    def scored(self) -> list[Scored]: ...

    @abstractmethod
    def answered(self, scored: Sequence[Scored]) -> Reply: ...

    def reply(self, scored: Sequence[Scored], evidence: Mapping[str, Any]) -> Reply:
        """The reply, or what failed; `evidence` says which model it is from."""
        pieces: list[Piece] = [*([self.draft] if self.draft else []), *scored]
        error = next((piece.error for piece in pieces if piece.error), "")
        found = Reply.failed("provider_error", error) if error else self.answered(scored)
        return Reply(
            found.status,
            found.probabilities,
            found.missing,
            prompt_tokens=len(self.prompt),
            completion_tokens=len(self.draft.written) if self.draft else 0,
            seconds=sum(piece.seconds for piece in pieces),
            raw={**found.raw, **evidence},
            value=found.value,
            scores=found.scores,
        )

    def _fits(self, ids: Tokens, more: int) -> Tokens:
        if len(ids) + more > self.limit:
            raise TooLong(len(ids) + more, self.limit, len(ids))
        return ids

    def _draft(self, ids: Tokens, grammar: Grammar | None = None, spare: int = 0) -> Draft:
        """A draft after `ids` that leaves `spare` tokens free; at least one token must fit."""
        self._fits(ids, 1 + spare)
        return Draft(ids, min(self.room, self.limit - len(ids) - spare), self._seed(), grammar)

    def _seed(self) -> int:
        content = [self.seed, list(self.request.messages), self.request.want.spec()]
        return int.from_bytes(hashlib.sha256(json.dumps(content, sort_keys=True).encode()).digest()[:8], "big")
