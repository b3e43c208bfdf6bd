"""Requests for a label: its probability right after the prompt, or after some reasoning."""

import math
from collections.abc import Sequence

from routing.judges.base import Reply, Request
from routing.judges.inference.pieces import Scored
from routing.judges.inference.prefixes import Tokens
from routing.judges.inference.works import Reader, Work
from routing.judges.label_tokens import label_masses

WEIGH = "Before you reply, weigh it up in two or three sentences; the reply itself comes after them."
LEAD = "\n\nReply:"


class LabelWork(Work):
    """Probabilities of the labels, right after the prompt."""

    lead = ""

    def __init__(self, model: Reader, request: Request, limit: int, room: int, seed: int) -> None:
        super().__init__(model, request, limit, room, seed)
        self.tokens = model.label_tokens(request.labels, self.lead)
        self.longest = max(map(len, self.tokens.paths))
        self._start()

    def _start(self) -> None:
        self.prompt = self._fits(self.model.prompt_ids(self.request.messages), self.longest)

    def _before(self) -> Tokens:
        return self.prompt

    def scored(self) -> list[Scored]:
        before = self._before()
        return [
            Scored(before + path, tuple(tuple(self.tokens.children(path[:n])) for n in range(len(path) + 1)))
            for path in self.tokens.paths
        ]

    def answered(self, scored: Sequence[Scored]) -> Reply:
        log_probs = {
            path[:depth]: dict(zip(tokens, values, strict=True))
            for path, piece in zip(self.tokens.paths, scored, strict=True)
            for depth, (tokens, values) in enumerate(zip(piece.reads, piece.found, strict=True))
        }
        masses = label_masses(self.tokens, log_probs)
        total = sum(masses.values())
        if not (math.isfinite(total) and total > 0):
            return Reply.failed("provider_error", "the model gave no finite probability to any label")
        raw = {
            "logprobs": {label: math.log(mass) if mass else None for label, mass in masses.items()},
            "spellings": {label: list(map(list, ways)) for label, ways in self.tokens.spellings.items()},
        }
        missing = min(1.0, max(0.0, 1.0 - total))
        return Reply("ok", {label: mass / total for label, mass in masses.items()}, missing, raw=raw)


class ReasonedWork(LabelWork):
    """Probabilities of the labels after some sentences of reasoning. These may be cut short, which `raw` says."""

    lead = LEAD

    def _start(self) -> None:
        *before, last = self.request.messages
        asked = {**last, "content": f"{last['content']}\n\n{WEIGH}"}
        self.prompt = self.model.prompt_ids([*before, asked])
        self.draft = self._draft(self.prompt, spare=len(self.model.ids(LEAD)) + self.longest)

    def _before(self) -> Tokens:
        written = self.draft.written if self.draft else []
        return (*self.prompt, *written, *self.model.ids(LEAD))

    def answered(self, scored: Sequence[Scored]) -> Reply:
        found = super().answered(scored)
        if self.draft:
            found.raw.update(reasoning=self.model.text(self.draft.written), reasoning_cut=self.draft.cut)
        return found
