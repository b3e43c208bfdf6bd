"""A batch of sequences on its way through a model: one forward pass, with common beginnings once, and then steps."""

from collections.abc import Sequence
from typing import Any, Protocol

import torch

from routing.judges.inference.growing import cache_for
from routing.judges.inference.prefixes import Family, Tokens


class Runnable(Protocol):
    """What a batch needs of a loaded model; `accepted` names the arguments that `module` takes."""

    module: Any
    device: str
    accepted: frozenset[str]


class Batch:
    """Rows are padded on the left, so that all of them end at the last position; positions count from each row's own
    start. Common beginnings go through first, one row a family; what they leave in the cache is handed to each member.

    `order` names the sequence behind each row. `logits` has the last `keep` positions, shape (rows, keep, vocabulary).
    `grows`: steps will follow.
    """

    def __init__(
        self, model: Runnable, made: Sequence[Family], rows: Sequence[Tokens], keep: int, grows: bool = False
    ) -> None:
        self.model = model
        self.order = [index for family in made for index in family.members]
        self.cache: Any = None
        self.mask = torch.zeros((len(self.order), 0), dtype=torch.long, device=model.device)
        if grows or any(family.prefix for family in made):
            self.cache, _ = cache_for(model.module.config)
        cut = {index: family.prefix for family in made for index in family.members}
        if any(cut.values()):
            self._begin(made, rows)
        ids, mask = _padded([rows[index][cut[index] :] for index in self.order], model.device)
        self.logits = self._forward(ids, mask, keep)

    def step(self, tokens: Sequence[int]) -> torch.Tensor:
        """Adds a token to each row; returns the logits after it, shape (rows, vocabulary)."""
        ids = torch.tensor(tokens, device=self.model.device)[:, None]
        return self._forward(ids, torch.ones_like(ids), 1)[:, -1]

    def select(self, rows: Sequence[int]) -> None:
        """Goes on with these rows alone."""
        index = torch.tensor(rows, device=self.model.device)
        self.cache.batch_select_indices(index)
        self.mask = self.mask[index]

    def _begin(self, made: Sequence[Family], rows: Sequence[Tokens]) -> None:
        ids, mask = _padded([rows[family.members[0]][: family.prefix] for family in made], self.model.device)
        self.mask = self.mask[: len(made)]
        self._forward(ids, mask, 1)
        self.select([number for number, family in enumerate(made) for _ in family.members])

    def _forward(self, ids: torch.Tensor, mask: torch.Tensor, keep: int) -> torch.Tensor:
        before = self.mask.sum(-1, keepdim=True)
        self.mask = torch.cat([self.mask, mask], dim=1)
        inputs = {
            "input_ids": ids,
            "attention_mask": self.mask,
            "position_ids": (before + mask.cumsum(-1) - 1).clamp(min=0),
            "past_key_values": self.cache,
            "logits_to_keep": keep,
            "use_cache": self.cache is not None,
        }
        sent = {name: value for name, value in inputs.items() if name in self.model.accepted}
        with torch.inference_mode():
            logits: torch.Tensor = self.model.module(**sent).logits[:, -keep:].float()
        return logits


def _padded(rows: Sequence[Tokens], device: str) -> tuple[torch.Tensor, torch.Tensor]:
    longest = max(map(len, rows))
    ids = torch.zeros((len(rows), longest), dtype=torch.long)
    mask = torch.zeros_like(ids)
    for index, row in enumerate(rows):
        ids[index, longest - len(row) :] = torch.tensor(row)
        mask[index, longest - len(row) :] = 1
    return ids.to(device), mask.to(device)
