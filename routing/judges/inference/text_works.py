"""Requests for what a model writes, and for how likely it is to write something."""

import json
import math
from collections.abc import Sequence
from typing import Any

from routing.judges.base import Likelihood, Reply, Request, Structured
from routing.judges.inference.pieces import Scored
from routing.judges.inference.works import Reader, Work
from routing.judges.parsing import problem


class WritingWork(Work):
    """Text, or JSON that fits a schema."""

    def __init__(self, model: Reader, request: Request, limit: int, room: int, seed: int) -> None:
        super().__init__(model, request, limit, room, seed)
        want = request.want
        self.prompt = model.prompt_ids(request.messages)
        self.draft = self._draft(self.prompt, model.grammar(want.schema) if isinstance(want, Structured) else None)

    def scored(self) -> list[Scored]:
        return []

    def answered(self, scored: Sequence[Scored]) -> Reply:
        if self.draft is None:
            raise RuntimeError("a text is never without a draft")
        text = self.model.text(self.draft.written)
        raw: dict[str, Any] = {"text": text}
        if self.draft.cut:
            error = f"the answer was cut off at {self.draft.room} tokens"
            return Reply("truncated", raw={**raw, "error": error})
        if isinstance(self.request.want, Structured):
            return self._json(text, raw)
        if not text.strip():
            return Reply("parse_error", raw={**raw, "error": "the model wrote nothing"})
        return Reply("ok", raw=raw, value=text.strip())

    def _json(self, text: str, raw: dict[str, Any]) -> Reply:
        try:
            value = json.loads(text)
        except ValueError as error:
            return Reply("parse_error", raw={**raw, "error": f"what the model wrote is no JSON: {error}"})
        if why := problem(value, self.request.want.spec()["schema"]):
            return Reply("parse_error", raw={**raw, "error": why})
        return Reply("ok", raw=raw, value=value)


class LikelihoodWork(Work):
    """How likely texts are as the next turn's words."""

    def __init__(self, model: Reader, request: Request, limit: int, room: int, seed: int) -> None:
        super().__init__(model, request, limit, room, seed)
        texts = request.want.continuations if isinstance(request.want, Likelihood) else ()
        self.parts = [model.continuation_ids(request.messages, text) for text in texts]
        self.prompt = self.parts[0][0] if self.parts else ()
        for before, words in self.parts:
            self._fits(before, len(words))

    def scored(self) -> list[Scored]:
        return [Scored(before + words[:-1], tuple((word,) for word in words)) for before, words in self.parts]

    def answered(self, scored: Sequence[Scored]) -> Reply:
        scores = tuple(math.fsum(value for (value,) in piece.found) for piece in scored)
        if not all(map(math.isfinite, scores)):
            return Reply.failed("provider_error", "the model gave no finite probability to a continuation")
        return Reply("ok", raw={"tokens": [len(piece.reads) for piece in scored]}, scores=scores)
