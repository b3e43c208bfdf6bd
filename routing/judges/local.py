"""The provider `local`: a causal language model in this process."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

from routing.judges.base import FreeText, Labels, Likelihood, Provider, Reply, Request, Structured, Want
from routing.judges.causal import CausalModel, load
from routing.judges.inference.label_works import LabelWork, ReasonedWork
from routing.judges.inference.text_works import LikelihoodWork, WritingWork
from routing.judges.inference.works import TooLong, Work
from routing.judges.registry import ConfigError
from routing.judges.settings import check_choices, check_whole_numbers
from routing.judges.weights import Weights, find_weights

HOTTEST = 2.0
WORKS: Mapping[type[Want], type[Work]] = {
    Labels: LabelWork,
    Structured: WritingWork,
    FreeText: WritingWork,
    Likelihood: LikelihoodWork,
}


class LocalProvider(Provider):
    """Judge by a local model: by the probabilities it gives to the labels, or by what it writes.

    Settings: `model` (a folder, or "smollm2"); `reasoning` (some sentences before it is read for a label);
    `temperature` (0: always the likeliest token); `seed` of what is drawn above that; `answer_tokens` (the longest
    answer or reasoning); `max_tokens` (a context limit below the model's own); `batch_size` (sequences in one forward
    pass); `device` (cpu, cuda, auto); `dtype` (auto is float32 on a CPU, bfloat16 on a GPU; bfloat16 on a CPU with AMX
    is about three times as fast and moves log-odds by some hundredths); `threads` (CPU threads; all by default);
    `cache` (where converted weights are kept; by default `models` under CROSSCHECK_VAR).

    Prompts are sorted, go through in batches, and what several begin with goes through once. JSON is held to its
    schema token by token. A prompt longer than the limit is answered "truncated", never cut; so is an answer that
    `answer_tokens` cut off.
    """

    name: ClassVar[str] = "local"
    describe: ClassVar[str] = "A language model on the worker's machine, read by the probability of each answer."
    gives: ClassVar[frozenset[type[Want]]] = frozenset({Labels, Structured, FreeText, Likelihood})
    defaults: ClassVar[Mapping[str, Any]] = {
        "model": "smollm2",
        "reasoning": False,
        "temperature": 0.0,
        "seed": 0,
        "answer_tokens": 512,
        "max_tokens": None,
        "batch_size": 32,
        "device": "auto",
        "dtype": "auto",
        "threads": None,
        "cache": None,
    }
    choices: ClassVar[Mapping[str, Sequence[str]]] = {
        "device": ("cpu", "cuda", "auto"),
        "dtype": ("auto", "float32", "bfloat16", "float16"),
    }

    def __init__(self, config: Mapping[str, Any]) -> None:
        super().__init__(config)
        check_choices(self.config, self.choices)
        check_whole_numbers(self.config, self.defaults, {"answer_tokens": 1, "max_tokens": 1, "batch_size": 1})
        check_whole_numbers(self.config, self.defaults, {"threads": 1, "seed": 0})
        temperature, reasoning = self.config["temperature"], self.config["reasoning"]
        if isinstance(temperature, bool) or not isinstance(temperature, int | float) or not 0 <= temperature <= HOTTEST:
            raise ConfigError(f"temperature is {temperature!r}; it must be a number from 0 to {HOTTEST:g}")
        if not isinstance(reasoning, bool):
            raise ConfigError(f"reasoning is {reasoning!r}; it must be true or false")

    @property
    def weights(self) -> Weights:
        cache = self.config["cache"] or Path(os.environ.get("CROSSCHECK_VAR") or "var") / "models"
        return find_weights(str(self.config["model"]), Path(cache).absolute())

    @property
    def revision(self) -> str:
        """That of the weights, and the settings that differ from the usual where they change answers."""
        config, parts = self.config, [self.weights.revision]
        if config["dtype"] != "auto":
            parts.append(config["dtype"])
        if config["temperature"]:
            parts.append(f"t{config['temperature']:g}s{config['seed']}")
        if config["reasoning"]:
            parts.append(f"reasoning{config['answer_tokens']}")
        return ":".join(parts)

    def answer(self, requests: Sequence[Request]) -> list[Reply]:
        """Raises ConfigError when the model cannot be had; what one request fails at is in its reply."""
        model = self._model()
        limit = self._limit(model)
        prepared = [self._prepare(model, request, limit) for request in requests]
        works = [work for work in prepared if isinstance(work, Work)]
        replies = iter(self._worked_off(model, works))
        return [each if isinstance(each, Reply) else next(replies) for each in prepared]

    def _worked_off(self, model: CausalModel, works: Sequence[Work]) -> list[Reply]:
        from routing.judges.inference.working import Worker

        worker = Worker(model, self.config["batch_size"])
        worker.write([work.draft for work in works if work.draft], self.config["temperature"])
        scored = [work.scored() if not (work.draft and work.draft.error) else [] for work in works]
        worker.score([piece for pieces in scored for piece in pieces])
        evidence = {
            "model": self.weights.name,
            "revision": self.revision,
            "device": model.device,
            "dtype": model.dtype,
        }
        return [work.reply(pieces, evidence) for work, pieces in zip(works, scored, strict=True)]

    def _prepare(self, model: CausalModel, request: Request, limit: int) -> Work | Reply:
        from jinja2 import TemplateError

        kind = WORKS.get(type(request.want))
        if kind is None:
            return Reply.failed("provider_error", "a language model gives no reward; choose a reward model")
        if isinstance(request.want, Labels) and self.config["reasoning"]:
            kind = ReasonedWork
        try:
            return kind(model, request, limit, self.config["answer_tokens"], self.config["seed"])
        except TooLong as problem:
            return problem.reply()
        except (TemplateError, ConfigError, ValueError) as problem:
            return Reply.failed("provider_error", f"the prompt cannot be put to this model: {problem}")

    def _model(self) -> CausalModel:
        threads = self.config["threads"] or os.cpu_count() or 1
        return load(self.weights, self.config["device"], self.config["dtype"], threads)

    def _limit(self, model: CausalModel) -> int:
        wanted = self.config["max_tokens"] or model.context
        if wanted > model.context:
            raise ConfigError(f"max_tokens is {wanted}; this model reads at most {model.context} tokens")
        return int(wanted)
