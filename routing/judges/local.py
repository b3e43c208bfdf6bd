"""The provider `local`: a causal language model in this process, read by its label log-probabilities."""

import math
import os
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

from routing.judges.base import Provider, Reply, Request
from routing.judges.causal import CausalModel, Row, load
from routing.judges.label_tokens import LabelTokens, LogProbs, Tokens, label_masses
from routing.judges.registry import ConfigError
from routing.judges.weights import Weights, find_weights


class LocalProvider(Provider):
    """Judge by the probabilities a local model gives to the labels as its next words.

    Settings: `model` (a folder, or "smollm2"); `device` (cpu, cuda, auto); `dtype` (auto is float32 on a CPU,
    bfloat16 on a GPU); `batch_size` (sequences in one forward pass); `max_tokens` (a context limit below the
    model's own); `threads` (CPU threads; all by default); `cache` (where converted weights are kept; by
    default `models` under CROSSCHECK_VAR). A prompt longer than the limit is answered "truncated", never cut.
    """

    name: ClassVar[str] = "local"
    describe: ClassVar[str] = "A language model on the worker's machine, read by the probability of each answer."
    defaults: ClassVar[Mapping[str, Any]] = {
        "model": "smollm2",
        "device": "auto",
        "dtype": "auto",
        "batch_size": 8,
        "max_tokens": None,
        "threads": None,
        "cache": None,
    }
    choices: ClassVar[Mapping[str, Sequence[str]]] = {
        "device": ("cpu", "cuda", "auto"),
        "dtype": ("auto", "float32", "bfloat16", "float16"),
    }

    def __init__(self, config: Mapping[str, Any]) -> None:
        super().__init__(config)
        for key, allowed in self.choices.items():
            if self.config[key] not in allowed:
                raise ConfigError(f"{key} is {self.config[key]!r}; it must be one of {', '.join(allowed)}")
        for key in ("batch_size", "max_tokens", "threads"):
            value = self.config[key]
            unset = value is None and self.defaults[key] is None
            if not unset and (type(value) is not int or value < 1):
                raise ConfigError(f"{key} is {value!r}; it must be a whole number of at least 1")

    @property
    def weights(self) -> Weights:
        cache = self.config["cache"] or Path(os.environ.get("CROSSCHECK_VAR") or "var") / "models"
        return find_weights(str(self.config["model"]), Path(cache).absolute())

    @property
    def revision(self) -> str:
        return self.weights.revision

    def answer(self, requests: Sequence[Request]) -> list[Reply]:
        """Raises ConfigError when the model cannot be had; what one request fails at is in its reply."""
        threads = self.config["threads"] or os.cpu_count() or 1
        model = load(self.weights, self.config["device"], self.config["dtype"], threads)
        limit = self._limit(model)
        replies: dict[int, Reply] = {}
        pending: dict[int, _Pending] = {}
        for index, request in enumerate(requests):
            prepared = _prepare(model, request, limit)
            if isinstance(prepared, Reply):
                replies[index] = prepared
            else:
                pending[index] = prepared
        for batch in _batches(pending.values(), self.config["batch_size"]):
            _run(model, batch)
        evidence = {
            "model": self.weights.name,
            "revision": self.revision,
            "device": model.device,
            "dtype": model.dtype,
        }
        replies.update({index: item.reply(evidence) for index, item in pending.items()})
        return [replies[index] for index in range(len(requests))]

    def _limit(self, model: CausalModel) -> int:
        wanted = self.config["max_tokens"] or model.context
        if wanted > model.context:
            raise ConfigError(f"max_tokens is {wanted}; this model reads at most {model.context} tokens")
        return int(wanted)


class _Pending:
    """A request on its way through the model: what is known so far of its label probabilities."""

    def __init__(self, ids: Tokens, tokens: LabelTokens) -> None:
        self.rows = [Row(ids + path, path, tokens) for path in tokens.paths]
        self.prompt_tokens, self.tokens = len(ids), tokens
        self.log_probs: dict[Tokens, Mapping[int, float]] = {}
        self.seconds, self.error = 0.0, ""

    def reply(self, evidence: Mapping[str, Any]) -> Reply:
        if self.error:
            return Reply.failed("provider_error", self.error, self.prompt_tokens, self.seconds)
        masses = label_masses(self.tokens, self.log_probs)
        total = sum(masses.values())
        if not (math.isfinite(total) and total > 0):
            error = "the model gave no finite probability to any label"
            return Reply.failed("provider_error", error, self.prompt_tokens, self.seconds)
        raw = {
            **evidence,
            "logprobs": {label: math.log(mass) if mass else None for label, mass in masses.items()},
            "spellings": {label: list(map(list, ways)) for label, ways in self.tokens.spellings.items()},
        }
        probabilities = {label: mass / total for label, mass in masses.items()}
        missing = min(1.0, max(0.0, 1.0 - total))
        return Reply("ok", probabilities, missing, self.prompt_tokens, 0, self.seconds, raw)


def _prepare(model: CausalModel, request: Request, limit: int) -> "_Pending | Reply":
    from jinja2 import TemplateError

    try:
        ids, tokens = model.prompt_ids(request.messages), model.label_tokens(request.labels)
    except (TemplateError, ConfigError) as problem:
        return Reply.failed("provider_error", f"the prompt cannot be put to this model: {problem}")
    needed = len(ids) + max(map(len, tokens.paths))
    if needed > limit:
        error = f"the prompt takes {needed} tokens and the limit is {limit}"
        return Reply.failed("truncated", error, len(ids))
    return _Pending(ids, tokens)


def _batches(pending: Iterable[_Pending], size: int) -> Iterator[list[tuple[_Pending, Row]]]:
    """Rows in batches of like length; the longest first, so that what cannot fit in memory shows at once."""
    work = [(item, row) for item in pending for row in item.rows]
    work.sort(key=lambda pair: len(pair[1].ids), reverse=True)
    for start in range(0, len(work), size):
        yield work[start : start + size]


def _run(model: CausalModel, batch: Sequence[tuple[_Pending, Row]]) -> None:
    started = time.perf_counter()
    try:
        results: Sequence[LogProbs] = model.next_log_probs([row for _, row in batch])
    except RuntimeError as problem:  # out of memory, or a failing device
        for item, _ in batch:
            item.error = f"the forward pass of {len(batch)} sequences failed: {problem}"
        return
    share = (time.perf_counter() - started) / len(batch)
    for (item, _), found in zip(batch, results, strict=True):
        item.seconds += share
        item.log_probs |= found
