"""A transformers causal language model: its weights, its tokens and its chat template."""

import inspect
import os
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from routing.judges.inference.grammars import Grammar, Grammars
from routing.judges.inference.prefixes import Tokens
from routing.judges.label_tokens import LabelTokens, spell
from routing.judges.registry import ConfigError
from routing.judges.weights import Weights

Messages = Sequence[Mapping[str, str]]

MARK = "CONTINUATION-GOES-HERE"


class CausalModel:
    """A loaded model and tokenizer. `context` is the longest sequence, in tokens, that it can read.

    `ends` are the tokens that end a turn; `shares` says whether a common beginning can be computed once: layers that
    forget cannot hand theirs on.
    """

    def __init__(self, weights: Weights, device: str, dtype: str, threads: int) -> None:
        offline()
        import torch
        from transformers import AutoModelForCausalLM, AutoTokenizer

        from routing.judges.inference.growing import cache_for

        self.device = device_of(device)
        self.dtype = dtype if dtype != "auto" else ("float32" if self.device == "cpu" else "bfloat16")
        torch.set_num_threads(threads)
        folder = weights.ready()
        self.tokenizer: Any = AutoTokenizer.from_pretrained(folder, local_files_only=True)
        if not self.tokenizer.chat_template:
            raise ConfigError(f"model {weights.name!r} has no chat template; use a model tuned for chat")
        model: Any = AutoModelForCausalLM.from_pretrained(
            folder, local_files_only=True, dtype=getattr(torch, self.dtype)
        )
        keep_fine(model.get_output_embeddings())
        self.module = model.to(self.device).eval()
        self.accepted = frozenset(inspect.signature(self.module.forward).parameters)
        self.context = int(model.config.get_text_config().max_position_embeddings)
        self.shares = "past_key_values" in self.accepted and cache_for(model.config)[1]
        self.ends = _ends(model, self.tokenizer)
        self._special = special_tokens(self.tokenizer)
        self._spelled: dict[tuple[str, tuple[str, ...]], LabelTokens] = {}
        self._grammars: Grammars | None = None

    def prompt_ids(self, messages: Messages, lead: str = "") -> Tokens:
        """The chat as token ids, up to and including the generation prompt, and `lead` as the answer's first words."""
        return self.ids(self._render(messages) + lead)

    def continuation_ids(self, messages: Messages, text: str) -> tuple[Tokens, Tokens]:
        """The chat up to where the next turn's words begin, and `text` as these words: the user's turn after the
        assistant's, else the assistant's."""
        role = "user" if messages and messages[-1]["role"] == "assistant" else "assistant"
        # The template itself says how a turn begins: a mark is rendered as its words.
        rendered = self._render([*messages, {"role": role, "content": MARK}], opens=False)
        before = rendered[: rendered.rindex(MARK)]
        return self.ids(before), self._after(before, defused(text, self._special))

    def label_tokens(self, labels: tuple[str, ...], lead: str = "") -> LabelTokens:
        """How `labels` are spelled right after this model's generation prompt and `lead`."""
        key = (lead, labels)
        if key not in self._spelled:
            prompt = self._render([{"role": "user", "content": "x"}]) + lead
            self._spelled[key] = spell(labels, lambda text: self._after(prompt, text))
        return self._spelled[key]

    def grammar(self, schema: Mapping[str, Any]) -> Grammar:
        """Raises ConfigError for a schema that answers cannot be held to."""
        if self._grammars is None:
            size = int(self.module.config.get_text_config().vocab_size)
            self._grammars = Grammars(self.tokenizer, size, self.ends)
        return self._grammars.of(schema)

    def ids(self, text: str) -> Tokens:
        return tuple(self.tokenizer(text, add_special_tokens=False)["input_ids"])

    def text(self, ids: Sequence[int]) -> str:
        """What the tokens say. A NUL, which no database takes, comes as the replacement character."""
        return str(self.tokenizer.decode(list(ids), skip_special_tokens=True)).replace("\0", "\ufffd")

    def _render(self, messages: Messages, opens: bool = True) -> str:
        clean = [{**message, "content": defused(message["content"], self._special)} for message in messages]
        return str(self.tokenizer.apply_chat_template(clean, tokenize=False, add_generation_prompt=opens))

    def _after(self, start: str, text: str) -> Tokens:
        before, joined = self.ids(start), self.ids(start + text)
        # Where the text would merge with the last token before it, what the model generates stands alone.
        return joined[len(before) :] if joined[: len(before)] == before else self.ids(text)


@lru_cache(maxsize=1)
def load(weights: Weights, device: str, dtype: str, threads: int) -> CausalModel:
    """The model, loaded once per process: judges that differ in nothing else share it."""
    return CausalModel(weights, device, dtype, threads)


def special_tokens(tokenizer: Any) -> list[str]:
    return [token.content for token in tokenizer.added_tokens_decoder.values() if token.special]


def defused(text: str, special: Sequence[str]) -> str:
    """A response that spells out "<|im_end|>" would otherwise end its own turn and speak as the user."""
    for token in special:
        text = text.replace(token, token[0] + " " + token[1:])
    return text


def offline() -> None:
    """Before a model library is first imported: no lookup leaves this machine, and threads that wait do so asleep.

    By default they spin: on cores that others use too, two threads were then several times as slow as one.
    """
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    os.environ.setdefault("GOMP_SPINCOUNT", "0")
    from transformers.utils import logging

    logging.disable_progress_bar()  # type: ignore[no-untyped-call]


def device_of(wanted: str) -> str:
    """The device that `wanted` (cpu, cuda, auto) comes to here; ConfigError where it is not."""
    import torch

    if wanted == "cuda" and not torch.cuda.is_available():
        raise ConfigError("device 'cuda' was asked for but no CUDA device is here; use 'cpu' or 'auto'")
    if wanted == "auto":
        return "cuda" if torch.cuda.is_available() else "cpu"
    return wanted


def keep_fine(last: Any) -> None:
    """A model's last layer in float32: bfloat16 logits come in steps of 1/8, and a preference is often less."""
    import torch

    if last is None or last.weight.dtype == torch.float32 or not last.weight.is_floating_point():
        return
    # A weight of its own: it may be tied to the input embeddings, which stay as they are.
    last.weight = torch.nn.Parameter(last.weight.float(), requires_grad=False)
    if last.bias is not None:
        last.bias = torch.nn.Parameter(last.bias.float(), requires_grad=False)
    last.register_forward_pre_hook(lambda _, args: (args[0].float(), *args[1:]))


def _ends(model: Any, tokenizer: Any) -> frozenset[int]:
    given = model.generation_config.eos_token_id if model.generation_config else None
    listed = given if isinstance(given, list) else [given]
    return frozenset(token for token in [*listed, tokenizer.eos_token_id] if token is not None)
