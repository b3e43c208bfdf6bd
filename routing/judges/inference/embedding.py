"""Sentence embeddings by a transformers encoder: mean over the tokens, long texts in chunks."""

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from routing.judges.causal import device_of, offline
from routing.judges.weights import Weights

LONGEST = 256  # tokens; the encoder was trained on no more
Floats = npt.NDArray[np.float64]


class Embedder:
    """A loaded encoder. An embedding is the mean of a text's token vectors, of unit length (arXiv 1908.10084).

    A text of more than 256 tokens is cut into chunks of like length, whose embeddings are averaged by their tokens: the
    encoder would not see the rest of it.
    """

    def __init__(self, weights: Weights, device: str, threads: int) -> None:
        offline()
        import torch
        from transformers import AutoModel, AutoTokenizer

        self.device = device_of(device)
        torch.set_num_threads(threads)
        folder = weights.ready()
        self.tokenizer: Any = AutoTokenizer.from_pretrained(folder, local_files_only=True)
        model: Any = AutoModel.from_pretrained(folder, local_files_only=True, dtype=torch.float32)
        self.module = model.to(self.device).eval()
        self.size = int(model.config.hidden_size)

    def embed(self, texts: Sequence[str], batch_size: int = 32) -> Floats:
        """Shape (texts, size); each row has length 1 (or 0, of a text without a token)."""
        chunks = [(index, chunk) for index, text in enumerate(texts) for chunk in self.chunks(text)]
        chunks.sort(key=lambda pair: len(pair[1]), reverse=True)
        sums = np.zeros((len(texts), self.size))
        for start in range(0, len(chunks), batch_size):
            batch = chunks[start : start + batch_size]
            vectors = self._encode([chunk for _, chunk in batch])
            for (index, chunk), vector in zip(batch, vectors, strict=True):
                sums[index] += len(chunk) * vector
        return _unit(sums)

    def chunks(self, text: str) -> list[list[int]]:
        """The text's tokens in as few chunks as can be, of like length."""
        ids = self.tokenizer(text, add_special_tokens=False, verbose=False)["input_ids"]
        count = -(-len(ids) // (LONGEST - 2))
        bounds = [round(n * len(ids) / count) for n in range(count + 1)] if count else []
        return [ids[a:b] for a, b in pairwise(bounds)]

    def _encode(self, chunks: Sequence[Sequence[int]]) -> Floats:
        import torch

        rows = [[self.tokenizer.cls_token_id, *chunk, self.tokenizer.sep_token_id] for chunk in chunks]
        longest = max(map(len, rows))
        ids = torch.full((len(rows), longest), self.tokenizer.pad_token_id or 0, dtype=torch.long)
        mask = torch.zeros_like(ids)
        for index, row in enumerate(rows):
            ids[index, : len(row)] = torch.tensor(row)
            mask[index, : len(row)] = 1
        with torch.inference_mode():
            hidden = self.module(input_ids=ids.to(self.device), attention_mask=mask.to(self.device)).last_hidden_state
        weight = mask.to(self.device)[:, :, None].float()
        means = (hidden.float() * weight).sum(1) / weight.sum(1)
        return _unit(means.cpu().double().numpy())


def _unit(rows: Floats) -> Floats:
    length: Floats = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.divide(rows, length, out=np.zeros_like(rows), where=length > 0)


@lru_cache(maxsize=1)
def load_embedder(weights: Weights, device: str, threads: int) -> Embedder:
    """The encoder, loaded once per process."""
    return Embedder(weights, device, threads)
