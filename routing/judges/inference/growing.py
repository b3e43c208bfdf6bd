"""A cache of attention keys and values that grows in place."""

from typing import Any

import torch
from transformers import DynamicCache
from transformers.cache_utils import DynamicLayer

SPARE = 128  # tokens


class GrowingLayer(DynamicLayer):  # type: ignore[no-untyped-call]
    """Has room to spare, so that one more token copies nothing but itself. (A DynamicLayer copies all it holds, which
    at 64 rows of 450 tokens was more than half of the time of a step on a CPU.)"""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._rooms: dict[str, torch.Tensor] = {}

    def update(
        self, key_states: torch.Tensor, value_states: torch.Tensor, *args: Any, **kwargs: Any
    ) -> tuple[torch.Tensor, torch.Tensor]:
        if not self.is_initialized:
            self.lazy_initialization(key_states, value_states)
        self.keys = self._joined("keys", self.keys, key_states)
        self.values = self._joined("values", self.values, value_states)
        return self.keys, self.values

    def _joined(self, name: str, held: torch.Tensor | None, new: torch.Tensor) -> torch.Tensor:
        before = held.shape[-2] if held is not None and held.numel() else 0
        after = before + new.shape[-2]
        room = self._rooms.get(name)
        # What was selected out of a batch is a tensor of its own, outside the room.
        if room is None or held is None or room.data_ptr() != held.data_ptr() or room.shape[-2] < after:
            room = new.new_empty((*new.shape[:2], after + SPARE, new.shape[-1]))
            if held is not None and before:
                room[:, :, :before] = held
            self._rooms[name] = room
        room[:, :, before:after] = new
        return room[:, :, :after]


def cache_for(config: Any) -> tuple[DynamicCache, bool]:
    """An empty cache for a model, and whether it holds every position (layers with a window forget)."""
    cache = DynamicCache(config=config)
    full = all(type(layer) is DynamicLayer for layer in cache.layers)
    if full:
        cache.layers = [GrowingLayer() for _ in cache.layers]
    return cache, full
