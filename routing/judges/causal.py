"""A transformers causal language model that gives label log-probabilities, many prompts at a time."""

import inspect
import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from routing.judges.label_tokens import LabelTokens, Tokens, spell
from routing.judges.registry import ConfigError
from routing.judges.weights import Weights

Messages = Sequence[dict[str, str]]


@dataclass(frozen=True, slots=True)
class Row:
    """One sequence of a batch: prompt `ids` with `path` at their end (see label_tokens)."""

    ids: Tokens
    path: Tokens
    tokens: LabelTokens


class CausalModel:
    """A loaded model and tokenizer. `context` is the longest sequence, in tokens, that it can read."""

    def __init__(self, weights: Weights, device: str, dtype: str, threads: int) -> None:
        # Read when the hub's client is imported: no lookup may leave this machine.
        os.environ.setdefault("HF_HUB_OFFLINE", "1")
        import torch
        from transformers import AutoModelForCausalLM, AutoTokenizer
        from transformers.utils import logging

        logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        self.device = _device(device)
        self.dtype = dtype if dtype != "auto" else ("float32" if self.device == "cpu" else "bfloat16")
        torch.set_num_threads(threads)
        folder = weights.ready()
        self.tokenizer: Any = AutoTokenizer.from_pretrained(folder, local_files_only=True)
        if not self.tokenizer.chat_template:
            raise ConfigError(f"model {weights.name!r} has no chat template; use a model tuned for chat")
        model: Any = AutoModelForCausalLM.from_pretrained(
            folder, local_files_only=True, dtype=getattr(torch, self.dtype)
        )
        self.model = model.to(self.device).eval()
        self.context = int(model.config.get_text_config().max_position_embeddings)
        self._special = [t.content for t in self.tokenizer.added_tokens_decoder.values() if t.special]
        self._spelled: dict[tuple[str, ...], LabelTokens] = {}

    def prompt_ids(self, messages: Messages) -> Tokens:
        """The chat as token ids, up to and including the generation prompt."""
        return self._ids(self._render(messages))

    def label_tokens(self, labels: tuple[str, ...]) -> LabelTokens:
        """How `labels` are spelled right after this model's generation prompt."""
        if labels not in self._spelled:
            self._spelled[labels] = spell(labels, self._after_prompt)
        return self._spelled[labels]

    def next_log_probs(self, rows: Sequence[Row]) -> list[dict[Tokens, dict[int, float]]]:
        """For each row and every node of its path, the log-probabilities of the tokens towards a label.

        One forward pass; only the last positions' logits are computed. Rows are padded on the left, so that
        all of them end at the last position, with positions counted from each row's own start.
        """
        import torch

        longest, keep = max(len(row.ids) for row in rows), max(len(row.path) for row in rows) + 1
        ids = torch.zeros((len(rows), longest), dtype=torch.long)
        mask = torch.zeros_like(ids)
        for index, row in enumerate(rows):
            ids[index, longest - len(row.ids) :] = torch.tensor(row.ids)
            mask[index, longest - len(row.ids) :] = 1
        inputs = {
            "input_ids": ids,
            "attention_mask": mask,
            "position_ids": (mask.cumsum(-1) - 1).clamp(min=0),
            "logits_to_keep": keep,
            "use_cache": False,
        }
        accepted = inspect.signature(self.model.forward).parameters
        sent = {
            name: value.to(self.device) if isinstance(value, torch.Tensor) else value
            for name, value in inputs.items()
            if name in accepted
        }
        with torch.inference_mode():
            logits = self.model(**sent).logits[:, -keep:].float()
            log_probs = torch.log_softmax(logits, dim=-1).cpu()
        return [_nodes(row, log_probs[index]) for index, row in enumerate(rows)]

    def _render(self, messages: Messages) -> str:
        clean = [{**message, "content": self._defuse(message["content"])} for message in messages]
        return str(self.tokenizer.apply_chat_template(clean, tokenize=False, add_generation_prompt=True))

    def _defuse(self, text: str) -> str:
        # A response that spells out "<|im_end|>" would otherwise end its own turn and speak as the user.
        for token in self._special:
            text = text.replace(token, token[0] + " " + token[1:])
        return text

    def _ids(self, text: str) -> Tokens:
        return tuple(self.tokenizer(text, add_special_tokens=False)["input_ids"])

    def _after_prompt(self, text: str) -> Tokens:
        prompt = self._render([{"role": "user", "content": "x"}])
        before, joined = self._ids(prompt), self._ids(prompt + text)
        # Where the text would merge with the prompt's last token, what the model generates stands alone.
        return joined[len(before) :] if joined[: len(before)] == before else self._ids(text)


@lru_cache(maxsize=1)
def load(weights: Weights, device: str, dtype: str, threads: int) -> CausalModel:
    """The model, loaded once per process: judges that differ in nothing else share it."""
    return CausalModel(weights, device, dtype, threads)


def _device(wanted: str) -> str:
    import torch

    if wanted == "cuda" and not torch.cuda.is_available():
        raise ConfigError("device 'cuda' was asked for but no CUDA device is here; use 'cpu' or 'auto'")
    if wanted == "auto":
        return "cuda" if torch.cuda.is_available() else "cpu"
    return wanted


def _nodes(row: Row, log_probs: Any) -> dict[Tokens, dict[int, float]]:
    """Split one row's kept positions [keep, vocabulary] by the nodes of its path; the last ends it."""
    found: dict[Tokens, dict[int, float]] = {}
    for depth in range(len(row.path) + 1):
        prefix = row.path[:depth]
        children = row.tokens.children(prefix)
        values = log_probs[depth - len(row.path) - 1, children].tolist()
        found[prefix] = dict(zip(children, values, strict=True))
    return found
