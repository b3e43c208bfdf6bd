"""Works pieces off in batches; where memory does not suffice, in smaller ones."""

import time
from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

import torch

from routing.judges.inference.grammars import forbidden
from routing.judges.inference.passes import Batch, Runnable
from routing.judges.inference.pieces import Draft, Piece, Scored
from routing.judges.inference.prefixes import Family, batches, families

ROOM = 32_768  # tokens of a batch, padding included
SHRINK = 0.75  # rows that have ended leave the batch once no more than this share goes on: leaving copies the cache

P = TypeVar("P", bound=Piece)
Run = Callable[[Sequence[Family], Sequence[P]], None]


class Loaded(Runnable, Protocol):
    """`ends` are the tokens that end a turn; `shares`: the cache holds every position, so it can be handed on."""

    ends: frozenset[int]
    shares: bool


class Worker:
    """Puts pieces to a model, at most `most` in one forward pass. What a piece fails at is in its `error`."""

    def __init__(self, model: Loaded, most: int) -> None:
        self.model, self.most = model, most

    def score(self, pieces: Sequence[Scored]) -> None:
        """Reads the log-probabilities that the pieces want."""
        work_off(pieces, self._score, self.most, self.model.device, self.model.shares)

    def write(self, drafts: Sequence[Draft], temperature: float = 0.0) -> None:
        """Writes the drafts to their ends: the likeliest token each time, or one sampled at `temperature`."""

        def run(made: Sequence[Family], drafts: Sequence[Draft]) -> None:
            self._write(made, drafts, temperature)

        work_off(drafts, run, self.most, self.model.device, self.model.shares)

    def _score(self, made: Sequence[Family], pieces: Sequence[Scored]) -> None:
        order = [index for family in made for index in family.members]
        batch = Batch(self.model, made, [piece.ids for piece in pieces], max(pieces[index].kept for index in order))
        log_probs = torch.log_softmax(batch.logits, dim=-1).cpu()
        for row, index in enumerate(batch.order):
            piece = pieces[index]
            positions = log_probs[row, -piece.kept :]
            piece.found = tuple(
                tuple(at[list(tokens)].tolist()) for at, tokens in zip(positions, piece.reads, strict=True)
            )

    def _write(self, made: Sequence[Family], drafts: Sequence[Draft], temperature: float) -> None:
        batch = Batch(self.model, made, [draft.ids for draft in drafts], 1, grows=True)
        live = [drafts[index] for index in batch.order]
        for draft in live:
            draft.start()
        logits, ended = batch.logits[:, -1], [False] * len(live)
        while True:
            tokens = _next_tokens(logits, live, temperature)
            ended = [
                over or not draft.take(token, self.model.ends)
                for over, draft, token in zip(ended, live, tokens, strict=True)
            ]
            going = [row for row, over in enumerate(ended) if not over]
            if not going:
                return
            if len(going) <= SHRINK * len(live):
                batch.select(going)
                live, tokens, ended = [live[row] for row in going], [tokens[row] for row in going], [False] * len(going)
            logits = batch.step([max(0, token) for token in tokens])


def work_off(pieces: Sequence[P], run: Run[P], most: int, device: str, shares: bool = False) -> None:
    """Runs `run` over batches of at most `most` pieces, which share their beginnings where `shares`.

    A batch that memory does not suffice for is halved. Each piece gets its share of the seconds.
    """
    rows, kept = [piece.ids for piece in pieces], [piece.kept for piece in pieces]
    alone = [Family(0, (index,)) for index in range(len(rows))]
    for batch in batches(families(rows, kept, most, ROOM) if shares else alone, rows, most, ROOM):
        some = [pieces[index] for family in batch for index in family.members]
        started = time.perf_counter()
        try:
            run(batch, pieces)
        except RuntimeError as problem:  # out of memory, or a failing device
            if len(some) > 1 and _out_of_memory(problem):
                if device == "cuda":
                    torch.cuda.empty_cache()
                work_off(some, run, len(some) // 2, device, shares)
                continue
            for piece in some:
                piece.error = f"the forward pass of {len(some)} sequences failed: {problem}"
        share = (time.perf_counter() - started) / len(some)
        for piece in some:
            piece.seconds += share


def _next_tokens(logits: torch.Tensor, live: Sequence[Draft], temperature: float) -> list[int]:
    """The token chosen in each row of `logits`, shape (rows, vocabulary); −1 where none has a finite probability."""
    if any(draft.held for draft in live):
        mask = forbidden([draft.held for draft in live], logits.shape[-1])
        logits = logits.masked_fill(mask.to(logits.device), float("-inf"))
    best, tokens = logits.max(dim=-1)
    if temperature > 0:
        cumulative = torch.softmax(logits / temperature, dim=-1).double().cumsum(-1)
        drawn = torch.tensor([draft.draw() for draft in live], dtype=torch.double, device=logits.device)
        tokens = torch.searchsorted(cumulative, (drawn * cumulative[:, -1])[:, None], right=True)[:, 0]
        tokens = tokens.clamp(max=logits.shape[-1] - 1)
    return [int(token) for token in torch.where(best.isfinite(), tokens, -1).tolist()]


def _out_of_memory(problem: RuntimeError) -> bool:
    return isinstance(problem, torch.OutOfMemoryError) or "not enough memory" in str(problem)
