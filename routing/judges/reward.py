"""The provider `reward`: a reward model in this process, a sequence classifier with one output."""

import math
import os
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, ClassVar

from routing.judges.base import Provider, Reply, Request, Reward, Want
from routing.judges.causal import defused, device_of, keep_fine, offline, special_tokens
from routing.judges.inference.pieces import Scored
from routing.judges.inference.prefixes import Family, Tokens
from routing.judges.inference.works import TooLong
from routing.judges.registry import ConfigError
from routing.judges.settings import check_choices, check_whole_numbers
from routing.judges.weights import Weights, find_weights


class RewardProvider(Provider):
    """Judge by the reward that a model gives to a conversation's last turn.

    Settings: `model` (a folder with a sequence classifier that has one output); `max_tokens` (a limit below the
    model's own), `batch_size`, `device`, `dtype`, `threads` as for a local model. The conversation is put by the
    model's chat template; without one, as a pair of texts: what was asked, and the answer.
    """

    name: ClassVar[str] = "reward"
    describe: ClassVar[str] = "A reward model on the worker's machine: one number for each response."
    gives: ClassVar[frozenset[type[Want]]] = frozenset({Reward})
    defaults: ClassVar[Mapping[str, Any]] = {
        "model": "",
        "max_tokens": None,
        "batch_size": 16,
        "device": "auto",
        "dtype": "auto",
        "threads": None,
    }
    choices: ClassVar[Mapping[str, Sequence[str]]] = {
        "device": ("cpu", "cuda", "auto"),
        "dtype": ("auto", "float32", "bfloat16", "float16"),
    }

    def __init__(self, config: Mapping[str, Any]) -> None:
        super().__init__(config)
        check_choices(self.config, self.choices)
        check_whole_numbers(self.config, self.defaults, {"max_tokens": 1, "batch_size": 1, "threads": 1})

    @property
    def weights(self) -> Weights:
        return find_weights(str(self.config["model"]), Path())

    @property
    def revision(self) -> str:
        dtype = self.config["dtype"]
        return self.weights.revision if dtype == "auto" else f"{self.weights.revision}:{dtype}"

    def answer(self, requests: Sequence[Request]) -> list[Reply]:
        """Raises ConfigError when the model cannot be had; what one request fails at is in its reply."""
        from routing.judges.inference.working import work_off

        threads = self.config["threads"] or os.cpu_count() or 1
        model = load(self.weights, self.config["device"], self.config["dtype"], threads)
        limit = self._limit(model)
        prepared = [_prepare(model, request, limit) for request in requests]
        pieces = [each for each in prepared if isinstance(each, Scored)]
        work_off(pieces, model.score, self.config["batch_size"] if model.pads else 1, model.device)
        evidence = {"model": self.weights.name, "revision": self.revision, "device": model.device, "dtype": model.dtype}
        return [each if isinstance(each, Reply) else reply_of(each, evidence) for each in prepared]

    def _limit(self, model: "RewardModel") -> int:
        wanted = int(self.config["max_tokens"] or model.context)
        if wanted > model.context:
            raise ConfigError(f"max_tokens is {wanted}; this model reads at most {model.context} tokens")
        return wanted


class RewardModel:
    """A loaded classifier. `pads`: it knows a padding token, so that several rows can go through at once."""

    def __init__(self, weights: Weights, device: str, dtype: str, threads: int) -> None:
        offline()
        import torch
        from transformers import AutoModelForSequenceClassification, AutoTokenizer

        self.device = device_of(device)
        self.dtype = dtype if dtype != "auto" else ("float32" if self.device == "cpu" else "bfloat16")
        torch.set_num_threads(threads)
        folder = weights.ready()
        self.tokenizer: Any = AutoTokenizer.from_pretrained(folder, local_files_only=True)
        model: Any = AutoModelForSequenceClassification.from_pretrained(
            folder, local_files_only=True, dtype=getattr(torch, self.dtype)
        )
        if model.config.num_labels != 1:
            raise ConfigError(f"model {weights.name!r} has {model.config.num_labels} outputs; a reward model has one")
        keep_fine(getattr(model, "score", None))
        self.module = model.to(self.device).eval()
        self.context = int(model.config.get_text_config().max_position_embeddings)
        self.padding = model.config.get_text_config().pad_token_id
        self.pads = self.padding is not None
        self._special = special_tokens(self.tokenizer)

    def ids(self, messages: Sequence[Mapping[str, str]]) -> Tokens:
        clean = [{**message, "content": defused(message["content"], self._special)} for message in messages]
        if self.tokenizer.chat_template:
            text = self.tokenizer.apply_chat_template(clean, tokenize=False)
            return tuple(self.tokenizer(text, add_special_tokens=False)["input_ids"])
        *asked, answer = [message["content"] for message in clean]
        return tuple(self.tokenizer("\n\n".join(asked), answer)["input_ids"])

    def score(self, made: Sequence[Family], pieces: Sequence[Scored]) -> None:
        """Rows are padded on the right: the reward is read at the last token that is no padding."""
        import torch

        some = [pieces[index] for family in made for index in family.members]
        longest = max(len(piece.ids) for piece in some)
        ids = torch.full((len(some), longest), self.padding or 0, dtype=torch.long)
        mask = torch.zeros_like(ids)
        for row, piece in enumerate(some):
            ids[row, : len(piece.ids)] = torch.tensor(piece.ids)
            mask[row, : len(piece.ids)] = 1
        with torch.inference_mode():
            logits = self.module(input_ids=ids.to(self.device), attention_mask=mask.to(self.device)).logits
        for piece, value in zip(some, logits[:, 0].float().tolist(), strict=True):
            piece.found = ((value,),)


@lru_cache(maxsize=1)
def load(weights: Weights, device: str, dtype: str, threads: int) -> RewardModel:
    """The model, loaded once per process."""
    return RewardModel(weights, device, dtype, threads)


def reply_of(piece: Scored, evidence: Mapping[str, Any]) -> Reply:
    """The reward that was found for a piece, or why there is none."""
    value = piece.found[0][0] if piece.found else math.nan
    error = piece.error or ("" if math.isfinite(value) else "the model gave no finite reward")
    if error:
        return Reply.failed("provider_error", error, len(piece.ids), piece.seconds)
    return Reply("ok", prompt_tokens=len(piece.ids), seconds=piece.seconds, raw=dict(evidence), scores=(value,))


def _prepare(model: RewardModel, request: Request, limit: int) -> Scored | Reply:
    from jinja2 import TemplateError

    if not isinstance(request.want, Reward):
        return Reply.failed("provider_error", "a reward model gives a reward and nothing else")
    try:
        ids = model.ids(request.messages)
    except (TemplateError, ValueError) as problem:
        return Reply.failed("provider_error", f"the conversation cannot be put to this model: {problem}")
    return TooLong(len(ids), limit, len(ids)).reply() if len(ids) > limit else Scored(ids, ())
